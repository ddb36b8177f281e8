"""The sealing key changes while services run under load: no restart, nothing lost, the same messages all the way."""

import asyncio
import dataclasses
import os
import sys
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from adapter.domain.enhet import Enhet
from adapter.domain.tilstand import Tilstand
from adapter.ingest.resealing import resealed
from adapter.sealing import Sealer, new_key_file, read_key_file
from adapter.state_topic import StateUnreadableError
from tests.integration.house import House, Service, events, persons_by_key, sealed_with, wait_until
from tests.integration.reports import built_offline, carried_out, command_for, emitted

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(300)]

CLI = str(Path(sys.executable).with_name("iplos-adapter"))
UNIT = Enhet("5001")


@pytest.fixture
async def house(kafka_bootstrap: str, tmp_path: Path) -> AsyncIterator[House]:
    async with House(kafka_bootstrap, tmp_path) as house:
        yield house


async def rotate(house: House, *options: str) -> tuple[int, str]:
    """`iplos-adapter keys rotate` as an operator types it; exit code and what it said."""
    process = await asyncio.create_subprocess_exec(
        *(CLI, "keys", "rotate", str(house.keys), *options),
        env={**os.environ, "IPLOS_CONFIG": str(house.file)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    house.follow_the_keys()
    return process.returncode or 0, " ".join(said.decode().split())


async def knows(key_id: str, *services: Service, active: bool) -> None:
    """Wait until each process has read the file in which this key seals, or waits to."""

    async def so() -> bool:
        told = [await service.samples("iplos_sealing_key_active") for service in services]
        return all(({"key": key_id}, float(active)) in one for one in told)

    await wait_until(so, 60, f"every process knows {key_id}")


def keys_of(states: dict[str, bytes]) -> set[str]:
    return {key_id for state in states.values() for key_id in Tilstand.decode(state).key_ids()}


async def test_a_key_is_replaced_under_load_and_through_kill_9(house: House) -> None:
    records = events(400, seed=5)
    quarters = [records[at::4] for at in range(4)]
    first, second = await asyncio.gather(house.start().ready(), house.start().ready())
    await house.produce(quarters[0])

    async def a_new_key_waits() -> None:
        assert (await rotate(house, "--id", "n2"))[0] == 0
        await knows("n2", first, second, active=False)
        assert (await persons_by_key(first, second)).get("n2", 0) == 0, "a key that waits seals nothing"

    await asyncio.gather(house.produce(quarters[1]), a_new_key_waits())

    async def it_is_activated_and_a_process_dies_of_it() -> None:
        assert (await rotate(house, "--activate"))[0] == 0

        async def under_way() -> bool:
            return (await persons_by_key(first, second)).get("n2", 0) > 0

        await wait_until(under_way, 60, "the first persons are sealed anew")
        await first.killed()

    await asyncio.gather(house.produce(quarters[2]), it_is_activated_and_a_process_dies_of_it())
    third, _ = await asyncio.gather(house.start().ready(within=60), house.produce(quarters[3]))
    await house.done(within=120)
    await sealed_with("n2", second, third)
    await house.agrees_with_the_model([record for quarter in quarters for record in quarter])
    states = await house.state()
    assert keys_of(states) == {"n2"}

    code, said = await rotate(house, "--retire", "n1")
    assert (code, "dead letters" in said, "--force" in said) == (4, True, True)
    assert (await rotate(house, "--retire", "n2")) == (4, "n2 is the key that seals; rotate first, then retire it")
    code, said = await rotate(house, "--retire", "n1", "--force")
    assert (code, "can never be opened again" in said) == (0, True)
    assert house.sealer.ids == ("n2",)

    async def forgotten() -> bool:
        samples = await second.samples("iplos_sealing_key_active")
        return [labels["key"] for labels, _ in samples] == ["n2"]

    await wait_until(forgotten, 60, "the process has read the file without the old key")
    assert {*await asyncio.gather(second.stopped(20), third.stopped(20))} == {0}
    with_the_new_key_alone = await house.start().ready(within=60)
    await sealed_with("n2", with_the_new_key_alone)
    assert await house.state() == states


async def test_a_report_is_the_same_bytes_before_during_and_after_and_a_half_done_change_stands_still(
    house: House,
) -> None:
    """Half the persons lie under a key that this process only has waiting: somebody else's file is ahead of its own."""
    records = events(60)
    old = house.sealer
    service = await house.start().ready()
    await house.produce(records)
    await house.done()

    async def the_report_is_what_the_old_key_alone_gives() -> None:
        [run] = await carried_out(house, await command_for(house, UNIT))
        assert run.status == "sendt"
        now, house.sealer = house.sealer, old
        house.reader = dataclasses.replace(house.reader, sealer=old)
        assert await emitted(house, run) == built_offline(house, records, run)
        house.sealer = now

    await the_report_is_what_the_old_key_alone_gives()
    assert await service.stopped(20) == 0
    await rotate(house, "--id", "n2")
    await another_process_seals_half_of_it(house)
    half = await house.state()
    assert keys_of(half) == {"n1", "n2"}

    behind = await house.start().ready(within=60)
    await the_report_is_what_the_old_key_alone_gives()
    held = await persons_by_key(behind)
    assert min(held["n1"], held["n2"]) > 10
    # Told again under the old key, every event is one the state has.
    await house.produce(records)
    await house.done()
    assert await house.state() == half
    assert await behind.samples("iplos_version_conflicts_total") == [({}, 0.0)]

    code, said = await rotate(house, "--retire", "n2")
    assert (code, f"the state holds {held['n2']} persons" in said) == (4, True)
    assert (await rotate(house, "--activate"))[0] == 0
    await sealed_with("n2", behind)
    await the_report_is_what_the_old_key_alone_gives()
    assert keys_of(await house.state()) == {"n2"}


async def another_process_seals_half_of_it(house: House) -> None:
    """As one does whose file has the waiting key active already."""
    file = read_key_file(house.keys)
    ahead = Sealer.of(file.with_active(file.waiting[0], date(2019, 1, 7)))
    for number in range(4):
        partition = house.partition(number)
        await partition.open(lambda *_: None)
        partition.use(ahead)
        sealed = {key: resealed(key, partition.states[key], ahead) for key in [*partition.states][::2]}
        await partition.reseal({key: state for key, state in sealed.items() if state is not None})
        await partition.close()


async def test_state_is_refused_to_whoever_lacks_one_of_its_keys_or_has_another(house: House) -> None:
    service = await house.start().ready()
    await house.produce(events(40))
    await house.done()
    assert await service.stopped(20) == 0
    await rotate(house, "--id", "n2")
    await another_process_seals_half_of_it(house)
    both = read_key_file(house.keys)
    other = read_key_file(made(house.keys.with_name("other.toml"), new_key_file("n1")))
    n1, n2 = both.nokler
    refused = {
        "no key with id 'n1'": replace(both, nokler=(n2,)),
        "no key with id 'n2'": replace(both, nokler=(n1,)),
        "key 'n1' sealed cannot be opened": replace(both, nokler=(n2, other.active)),
        "another pseudonym key": replace(both, pseudonym=other.pseudonym),
    }
    for says, file in refused.items():
        house.reader = dataclasses.replace(house.reader, sealer=Sealer.of(file))
        partition = house.partition(0)
        with pytest.raises(StateUnreadableError, match=f"{says}.*Another key file"):
            await partition.open(lambda *_: None)
        await partition.close()
    house.follow_the_keys()
    partition = house.partition(0)
    await partition.open(lambda *_: None)
    assert set(+partition.census.sealed) == {"n1", "n2"}
    await partition.close()


def made(path: Path, text: str) -> Path:
    path.write_text(text)
    return path
