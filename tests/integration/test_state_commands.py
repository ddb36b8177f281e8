"""`iplos-adapter state` on a Kafka: a person shown and audited; the restore drill, to a service that goes on."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapter.custody.put_back import put_back
from adapter.custody.snapshot import head_of
from adapter.domain.tilstand import Tilstand
from adapter.kafka.offsets import committed
from adapter.ops.audit import PERSON_SCOPE
from adapter.sealing import new_key_file
from tests.integration.house import House, events
from tests.integration.test_ledger_commands import cli
from tests.integration.test_lost_state import PARTITIONS, refused
from tests.integration.test_lost_state import put_back as emptied

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(300)]

WHY = ("--reason", "øvelse")


@pytest.fixture
async def house(kafka_bootstrap: str, tmp_path: Path) -> AsyncIterator[House]:
    async with House(kafka_bootstrap, tmp_path) as house:
        yield house


async def test_the_restore_drill(house: House, tmp_path: Path) -> None:
    """Export while the service runs, events after it, the topic lost, import: the state is the same to the byte."""
    first, later = events(40), events(25, seed=8)
    await house.produce(first)
    service = await house.start().ready()
    await house.done()
    file = tmp_path / "state.iplos"
    told = (await cli(house, "state", "export", str(file), "--json", *WHY)).data
    exported = await house.state()
    assert (told["persons"], file.stat().st_mode & 0o777) == (len(exported), 0o600)
    assert not any(key.encode() in file.read_bytes() for key in exported)

    assert "members" in (await cli(house, "state", "import", str(file), *WHY, code=4)).err
    await house.produce(later)
    await house.done()
    assert await service.stopped() == 0
    assert "only put back into an empty topic" in (await cli(house, "state", "import", str(file), *WHY, code=4)).err

    await emptied(house, [])
    dry = (await cli(house, "state", "import", str(file), "--dry-run", "--json")).data
    assert (dry["written"], await house.records(house.state_topic)) == (False, [])
    back = (await cli(house, "state", "import", str(file), "--json", *WHY)).data
    assert (back["sha256"], back["events_deleted_unread"]) == (told["sha256"], 0)
    assert await house.state() == exported
    commits = await committed(house.kafka, house.group, house.bus, PARTITIONS)
    assert [commits[number].offset for number in PARTITIONS] == [one["offset"] for one in told["deler"]]

    await house.start().ready()
    await house.done()
    assert await house.state() == house.model([*first, *later]).states
    trail = (await cli(house, "audit", "list", "--json")).data
    # What was refused was asked for, too.
    assert [one["handling"] for one in trail] == ["state-export", *["state-import"] * 3]
    assert {one["grunn"] for one in trail} == {"øvelse"}


async def test_a_file_that_was_changed_or_has_another_key_is_refused_before_anything_is_written(
    house: House, tmp_path: Path
) -> None:
    partition = house.partition(0)
    await partition.open(lambda *_: None)
    await partition.close()
    file, keys = tmp_path / "state.iplos", tmp_path / "other.toml"
    await cli(house, "state", "export", str(file), *WHY)
    assert "is there already" in (await cli(house, "state", "export", str(file), *WHY, code=2)).err
    content = file.read_bytes()
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert "is not as it was written" in (await cli(house, "state", "import", str(file), *WHY, code=4)).err
    file.write_bytes(content)
    keys.write_text(new_key_file("n9"))
    said = await cli(house, "state", "import", str(file), *WHY, code=4, IPLOS_NOKKELFIL=str(keys))
    assert "use the key file it was sealed with" in said.err
    assert await house.records(house.state_topic) == []
    assert not (tmp_path / "state.iplos.part").exists()


async def test_an_import_that_stopped_half_way_is_no_state_to_go_on_from(house: House, tmp_path: Path) -> None:
    await house.produce(events(40))
    service = await house.start().ready()
    await house.done()
    assert await service.stopped() == 0
    file = tmp_path / "state.iplos"
    told = (await cli(house, "state", "export", str(file), "--json", *WHY)).data
    await emptied(house, [])

    def stop_before_the_last(done: int, total: int) -> None:
        if done == total - 1:
            raise RuntimeError("stopped")

    with file.open("rb") as opened, pytest.raises(RuntimeError, match="stopped"):
        await put_back(house.config, head_of(opened), opened, house.sealer, stop_before_the_last, from_start=False)
    assert 0 < len(await house.state()) < told["persons"]
    assert "Either put it back as it was" in await refused(house.start())


async def test_a_person_is_shown_without_the_number_and_the_audit_has_it_first(house: House) -> None:
    await house.produce(events(20))
    await house.start().ready()
    await house.done()
    states = {key: Tilstand.decode(state) for key, state in (await house.state()).items()}
    key = next(key for key, one in states.items() if one.key_ids())
    assert "say why" in (await cli(house, "state", "show", key, code=2)).err
    told = await cli(house, "state", "show", key, "--json", *WHY)
    assert [(one["version"], one["annulled"]) for one in told.data["records"]] == [
        (states[key].linjer[name].versjon, states[key].linjer[name].annullert) for name in sorted(states[key].linjer)
    ]
    [ident] = [one["fields"]["ident"] for one in told.data["records"] if one["fields"].get("ident")][:1]
    assert set(ident) == {"type", "gyldig", "problem", "syntetisk", "tvetydig", "fra_2032", "nokkel_id"}
    assert key not in told.out
    assert "gyldig=" in (await cli(house, "state", "show", key, *WHY)).out
    trail = (await cli(house, "audit", "list", "--json")).data
    assert [(one["handling"], one["gjelder"]) for one in trail] == [
        ("state-show", [f"person/{house.sealer.person_number(key, PERSON_SCOPE)}"])
    ] * 2
    assert key not in json.dumps(trail)
    assert "nobody" in (await cli(house, "state", "show", "p-nobody", *WHY, code=1)).err
    refused = await cli(house, "state", "show", "13813299997", *WHY, code=2)
    assert "13813299997" not in refused.err
