"""`iplos-adapter doctor` on a real installation: well, without a service, and with one thing after another wrong."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from adapter.kafka.clients import admin
from adapter.sealing import new_key_file
from tests.integration.house import House, events
from tests.integration.test_ledger_commands import Said, cli

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(240)]


@pytest.fixture
async def house(kafka_bootstrap: str, tmp_path: Path) -> AsyncIterator[House]:
    async with House(kafka_bootstrap, tmp_path) as house:
        yield house


async def doctor(house: House, code: int, **environ: str) -> dict[str, list[dict[str, str]]]:
    """The checks by their code."""
    told: dict[str, Any] = (await asked(house, code, "--json", **environ)).data
    found: dict[str, list[dict[str, str]]] = {}
    for one in told["checks"]:
        found.setdefault(one["code"], []).append(one)
    return found


async def asked(house: House, code: int, *more: str, **environ: str) -> Said:
    return await cli(house, "doctor", *more, code=code, **{"IPLOS_RAPPORT__AAR": "2018", **environ})


def verdicts(checks: dict[str, list[dict[str, str]]]) -> dict[str, set[str]]:
    return {code: {one["verdict"] for one in found} for code, found in checks.items()}


async def test_a_house_that_is_well_has_nothing_wrong(house: House) -> None:
    await house.produce(events(20))
    # Afterwards: the plan's bus does not take the largest event of the mess.
    await cli(house, "topics", "apply", "--all")
    service = await house.start().ready()
    await house.done()
    checks = await doctor(house, 0, IPLOS_HTTP__PORT=str(service.port))
    found = verdicts(checks)
    assert {code for code, seen in found.items() if "unknown" in seen} == set()
    # The test's cluster is one broker that keeps offsets for a week, and its key file is no secret.
    assert {code for code, seen in found.items() if "advice" in seen} <= {"key-file", "topics", "offsets-retention"}
    assert "Stable with 1 member(s), 0 events behind" in checks["group"][0]["text"]
    assert f"{len(await house.state())} persons" in checks["state"][0]["text"]
    assert checks["http"][0]["text"].endswith("and is ready")
    assert checks["clock"][0]["verdict"] == "ok"

    printed = (await asked(house, 0, IPLOS_HTTP__PORT=str(service.port))).out
    assert "To do, in this order:" in printed
    assert "  1. " in printed


async def test_what_is_wrong_is_named_and_what_cannot_be_seen_is_unknown(house: House, tmp_path: Path) -> None:
    await house.produce(events(20))
    service = await house.start().ready()
    await house.done()
    assert await service.stopped() == 0
    keys = tmp_path / "other-keys.toml"
    keys.write_text(new_key_file("n9"))
    keys.chmod(0o644)
    with socket.create_server(("127.0.0.1", 0)) as other:
        checks = await doctor(
            house, 1, IPLOS_NOKKELFIL=str(keys), IPLOS_HTTP__PORT=str(other.getsockname()[1]), IPLOS_RAPPORT__AAR="2019"
        )
    found = verdicts(checks)
    assert {code for code, seen in found.items() if "wrong" in seen} >= {"state", "http", "year-pack"}
    assert checks["key-file"][0]["todo"] == f"chmod o-rwx {keys}"
    assert "start the service" in checks["group"][0]["todo"]
    assert "no key with id" in checks["state"][0]["text"]

    client = admin(house.kafka)
    await client.start()
    await client.delete_topics([house.config.topics.avvist])
    await client.close()
    checks = await doctor(house, 1)
    assert any(house.config.topics.avvist in one["text"] and one["verdict"] == "wrong" for one in checks["topics"])


async def test_without_a_broker_the_rest_is_still_looked_at(house: House) -> None:
    checks = await doctor(house, 1, IPLOS_KAFKA__BOOTSTRAP="127.0.0.1:1")
    assert "unreachable" in checks["broker"][0]["text"]
    assert {"key-file", "year-pack", "disk", "memory", "http"} <= set(checks)
    assert not {"topics", "state", "group"} & set(checks)
