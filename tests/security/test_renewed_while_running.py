"""A password that is changed and certificates that run out while the service runs: told once, waited for, and what is
renewed is used by every client of the process, without a restart. Nothing is lost or comes twice meanwhile.

Each time the broker is started anew, since a connection that stands is not asked again who it is.
"""

import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from adapter.kafka.clients import plain_producer
from adapter.kafka.offsets import committed_offsets, end_offsets
from tests.integration.house import Service, events, wait_until
from tests.integration.kafka_tools import kafka_tool
from tests.security.acls import Acls
from tests.security.installation import LIMIT, Installation, as_environment, seen
from tests.security.stronghold import Stronghold, stronghold

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(600)]

NEW = "et-nytt-passord-2"
USER = "adapter"
Act = Callable[[Stronghold], Awaitable[None]]


def password_file(strong: Stronghold) -> Path:
    return strong.certificates.folder / f"{USER}.password"


async def change_the_password(strong: Stronghold) -> None:
    where = ("--bootstrap-server", strong.caretaker, "--alter", "--entity-type", "users", "--entity-name", USER)
    await kafka_tool("kafka-configs", *where, "--add-config", f"SCRAM-SHA-512=[password={NEW}]")
    restart(strong)


async def write_the_password(strong: Stronghold) -> None:
    password_file(strong).write_text(f"{NEW}\n")


async def let_our_certificate_run_out(strong: Stronghold) -> None:
    strong.certificates.client(USER, expired=True)
    restart(strong)


async def renew_our_certificate(strong: Stronghold) -> None:
    strong.certificates.client(USER)


async def let_the_brokers_certificate_run_out(strong: Stronghold) -> None:
    strong.certificates.broker("broker", expired=True)
    restart(strong)


async def renew_the_brokers_certificate(strong: Stronghold) -> None:
    strong.certificates.broker("broker")
    restart(strong)


def restart(strong: Stronghold) -> None:
    (broker,) = strong.kafka.brokers
    broker.kill()
    broker.start()


class Renewal(NamedTuple):
    """By which door the service comes in, what goes wrong, what is told, and what puts it right."""

    door: str
    goes_wrong: Act
    code: str
    put_right: Act


RENEWALS = {
    "passord": Renewal("login", change_the_password, "login-refused", write_the_password),
    "sertifikat": Renewal("certificate", let_our_certificate_run_out, "certificate-expired", renew_our_certificate),
    "megler": Renewal(
        "certificate",
        let_the_brokers_certificate_run_out,
        "broker-certificate-expired",
        renew_the_brokers_certificate,
    ),
}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stronghold]:
    """A broker of its own: the others' is not to be started anew."""
    with stronghold(tmp_path_factory.mktemp("own")) as strong:
        yield strong


@pytest.mark.parametrize("name", RENEWALS)
async def test_what_is_renewed_is_used_without_a_restart(own: Stronghold, tmp_path: Path, name: str) -> None:
    case, inst = RENEWALS[name], Installation(own, tmp_path, name)
    try:
        await inst.make(*inst.topics.__struct_fields__)
        async with Acls(own.caretaker) as acls:
            await acls.give(inst.wanted())
        service = inst.start(**environment(inst, case.door), IPLOS_KAFKA__DOR_SEKUNDER="60")
        await service.ready(LIMIT)
        number = await produced(inst, seed=1)
        await all_in_state(inst)

        await case.goes_wrong(own)
        await seen(lambda: problems(service), lambda found: found == [case.code])
        assert (await service.get("/health/ready"))[0] == 503
        assert (await service.get("/health/live"))[0] == 200
        number += await produced(inst, seed=2)

        await case.put_right(own)
        await seen(lambda: problems(service), lambda found: found == [])
        await all_in_state(inst)
        await service.ready(LIMIT)
        told = [one["problem"] for one in service.said("no access to Kafka")]
        assert told.count(case.code) == 1
        assert set(told) <= {case.code, "unreachable"}
        assert sum(value for _, value in await service.samples("iplos_events_total")) == number

        # The host's own clients, which take commands, have come in too.
        report = json.loads(
            await inst.did("drift", "report", "--kommune", "5001", "--year", "2018", "--dry-run", "--json")
        )
        assert [one["status"] for one in report] == ["prøvd"]
        assert await service.stopped(60) == 0
    finally:
        inst.end()


def environment(inst: Installation, door: str) -> dict[str, str]:
    certificates = inst.strong.certificates
    if door == "certificate":
        pair = certificates.client(USER)
        section = {
            "tls": True,
            "ca_fil": certificates.ca,
            "sertifikat_fil": pair.certificate,
            "nokkel_fil": pair.key,
        }
    else:
        section = dict(inst.strong.login(USER))
    return {"IPLOS_KAFKA__BOOTSTRAP": inst.strong.door(door), **as_environment(section)}


async def produced(inst: Installation, seed: int) -> int:
    """Events of other persons for each seed; how many they are."""
    records = events(5, seed)
    producer = plain_producer(inst.caretaking.kafka)
    await producer.start()
    try:
        for one in records:
            await producer.send_and_wait(inst.topics.buss, one.value, one.key, headers=list(one.headers))
    finally:
        await producer.stop()
    return len(records)


async def all_in_state(inst: Installation) -> None:
    access, topics = inst.caretaking.kafka, inst.topics

    async def caught_up() -> bool:
        ends = await end_offsets(access, topics.buss)
        return await committed_offsets(access, inst.group, topics.buss, sorted(ends)) == ends

    await wait_until(caught_up, LIMIT, "the group reaches the end of the bus")


async def problems(service: Service) -> list[str]:
    return [labels["problem"] for labels, _ in await service.samples("iplos_kafka_access_problem")]
