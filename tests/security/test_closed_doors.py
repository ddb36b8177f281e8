"""Doors that are closed, each in its own way: one sentence, one code, one exit code, and nothing that starts half."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import NamedTuple

import pytest
import pytest_asyncio
from typer.testing import CliRunner

from adapter.cli.main import cli
from adapter.kafka.clients import knock
from adapter.kafka.doors import look
from adapter.kafka.problem import AccessError, Problem
from adapter.kafka.topic_acl import Grant
from adapter.settings.config import Kafka
from tests.security.acls import Acls
from tests.security.installation import Installation, as_environment, seen
from tests.security.stronghold import Stronghold, sikkerhet

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(400), pytest.mark.asyncio(loop_scope="module")]

Section = Mapping[str, object]


class Closed(NamedTuple):
    """A way of being kept out: which listener, with which settings; what comes of it."""

    door: str
    section: Callable[[Stronghold], Section]
    code: str
    exit_code: int
    says: str


def _certificate(strong: Stronghold, name: str, **how: bool) -> Section:
    pair = strong.certificates.client(name, **how)  # type: ignore[arg-type]
    return {
        "tls": True,
        "ca_fil": strong.certificates.ca,
        "sertifikat_fil": pair.certificate,
        "nokkel_fil": pair.key,
    }


CLOSED = {
    "wrong password": Closed(
        "login",
        lambda strong: strong.login("adapter", "feil"),
        "login-refused",
        4,
        "the login of user adapter is refused",
    ),
    "unknown user": Closed(
        "login", lambda strong: {**strong.login("adapter"), "bruker": "ukjent"}, "login-refused", 4, "user ukjent"
    ),
    "no login": Closed(
        "login",
        lambda strong: {"tls": True, "ca_fil": strong.certificates.ca},
        "login-wanted",
        4,
        "set bruker and passord_fil",
    ),
    "mechanism nobody offers": Closed(
        "scram", lambda strong: strong.login("adapter", mekanisme="PLAIN"), "mechanism-not-offered", 4, "mekanisme"
    ),
    "login where there is none": Closed(
        "certificate",
        lambda strong: {**_certificate(strong, "begge"), **strong.login("adapter")},
        "login-not-offered",
        4,
        "leave bruker out",
    ),
    "our certificate is out": Closed(
        "certificate", lambda strong: _certificate(strong, "gammel", expired=True), "certificate-expired", 4, "renew"
    ),
    "our certificate is a stranger's": Closed(
        "certificate",
        lambda strong: _certificate(strong, "fremmed", strange=True),
        "certificate-refused",
        4,
        "signed by",
    ),
    "no certificate": Closed(
        "certificate",
        lambda strong: {"tls": True, "ca_fil": strong.certificates.ca},
        "certificate-wanted",
        4,
        "set sertifikat_fil",
    ),
    "the broker's certificate is out": Closed(
        "expired", lambda strong: strong.login("adapter"), "broker-certificate-expired", 3, "must renew it"
    ),
    "another authority": Closed(
        "login",
        lambda strong: strong.login("adapter", ca_fil=strong.certificates.stranger_ca),
        "authority-unknown",
        3,
        "ca_fil",
    ),
    "another name": Closed(
        "elsewhere", lambda strong: strong.login("adapter"), "broker-name-differs", 3, "for another name"
    ),
    "plain text to a TLS port": Closed("login", lambda _: {"tls": "false"}, "tls-wanted", 3, "set tls = true"),
    "TLS to a plain port": Closed(
        "plain", lambda strong: {"tls": True, "ca_fil": strong.certificates.ca}, "tls-not-spoken", 3, "its TLS port"
    ),
    "nobody there": Closed("nobody", lambda _: {"tls": "false"}, "unreachable", 3, "connection refused"),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def inst(installed: Callable[[str], Installation]) -> AsyncIterator[tuple[Installation, Acls]]:
    made = installed("dorer")
    await made.make(*made.topics.__struct_fields__)
    async with Acls(made.strong.caretaker) as acls:
        await acls.give(made.wanted())
        yield made, acls


def environment(inst: Installation, closed: Closed) -> dict[str, str]:
    return {
        "IPLOS_KAFKA__BOOTSTRAP": inst.strong.door(closed.door),
        **as_environment(closed.section(inst.strong)),
    }


@pytest.mark.parametrize("case", CLOSED)
async def test_the_service_says_why_it_is_kept_out_and_starts_nothing(
    inst: tuple[Installation, Acls], case: str
) -> None:
    closed = CLOSED[case]
    service = inst[0].start(**environment(inst[0], closed))
    assert await service.ended(within=90) == closed.exit_code
    (told,) = service.said("no access to Kafka")
    assert told["problem"] == closed.code
    lines = service.log.read_text().splitlines()
    assert [line for line in lines if line and not line.startswith("{")] == [told["why"]]
    assert closed.says in str(told["why"])
    assert service.said("partitions assigned") == []


@pytest.mark.parametrize("case", CLOSED)
async def test_a_command_says_the_same(inst: tuple[Installation, Acls], case: str) -> None:
    closed, where = CLOSED[case], inst[0].strong.door(CLOSED[case].door)
    with pytest.raises(AccessError) as kept_out:
        await knock(Kafka(bootstrap=where, sikkerhet=sikkerhet(closed.section(inst[0].strong))))
    problem = kept_out.value.problem
    assert (problem.code, 4 if problem.refused else 3) == (closed.code, closed.exit_code)
    env = {**environment(inst[0], closed), "IPLOS_CONFIG": str(inst[0].file)}
    done = await asyncio.to_thread(CliRunner().invoke, cli, ["topics", "check"], env=env)
    assert done.exit_code == closed.exit_code
    assert done.stderr == f"{problem.text}\n"
    assert closed.says in problem.text


GONE = [("topic", "tilstand", "read"), ("group", "", "read"), ("transactional_id", "", "write")]


@pytest.mark.parametrize(("resource", "role", "operation"), GONE)
async def test_a_missing_access_keeps_the_service_out_and_is_named(
    inst: tuple[Installation, Acls], resource: str, role: str, operation: str
) -> None:
    (grant,) = [one for one in mine(inst[0]) if fits(inst[0], one, resource, role, operation)]
    await inst[1].take([grant])
    try:
        await seen(lambda: problem(inst[0]), lambda found: found is not None)
        service = inst[0].start()
        assert await service.ended(within=90) == 4
    finally:
        await inst[1].give([grant])
    await seen(lambda: problem(inst[0]), lambda found: found is None)
    (told,) = service.said("no access to Kafka")
    assert told["problem"] == f"{resource.replace('_', '-')}-denied"
    assert f"user adapter has no access {operation} to " in str(told["why"])
    assert grant.name in str(told["why"])
    assert service.said("partitions assigned") == []


def mine(inst: Installation) -> list[Grant]:
    return [one for one in inst.wanted() if one.who == "adapter"]


def fits(inst: Installation, one: Grant, resource: str, role: str, operation: str) -> bool:
    name = getattr(inst.topics, role) if role else inst.group
    return (one.resource, one.name, one.operation) == (resource, name, operation)


async def problem(inst: Installation) -> Problem | None:
    return await look(inst.config("adapter").kafka, mine(inst))


async def test_the_service_waits_at_the_door_alive_and_not_ready_and_goes_in_when_it_opens(
    inst: tuple[Installation, Acls],
) -> None:
    await inst[1].take(mine(inst[0]))
    service = inst[0].start(IPLOS_KAFKA__DOR_SEKUNDER="3600")
    try:
        await service.listening(within=90)
        await seen(lambda: service.samples("iplos_kafka_access_problem"), lambda found: found != [])
        assert await service.samples("iplos_kafka_access_problem") == [({"problem": "topic-denied"}, 1.0)]
        assert (await service.get("/health/live"))[0] == 200
        status, why = await service.get("/health/ready")
        assert status == 503
        assert "user adapter has no access read to topic" in why
    finally:
        await inst[1].give(mine(inst[0]))
    await service.ready(within=120)
    assert await service.samples("iplos_kafka_access_problem") == []
    assert len(service.said("no access to Kafka")) == 1
    assert len(service.said("access to Kafka is back")) == 1
    assert await service.stopped(60) == 0


async def test_whoever_waits_at_the_door_can_be_told_to_stop(inst: tuple[Installation, Acls]) -> None:
    service = inst[0].start(**environment(inst[0], CLOSED["nobody there"]), IPLOS_KAFKA__DOR_SEKUNDER="3600")
    await service.listening(within=90)
    await seen(lambda: asyncio.to_thread(service.said, "no access to Kafka"), lambda found: found != [])
    assert await service.stopped(60) == 0


async def test_certificates_renewed_on_disk_are_used_by_the_next_connection(
    inst: tuple[Installation, Acls],
) -> None:
    strong = inst[0].strong
    section = _certificate(strong, "fornyet", expired=True)
    access = Kafka(bootstrap=strong.door("certificate"), sikkerhet=sikkerhet(section))
    with pytest.raises(AccessError, match="our certificate expired"):
        await knock(access)
    _certificate(strong, "fornyet")
    (await knock(access)).close()
