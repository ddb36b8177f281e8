"""Events about marked persons, from the shipped examples: Trondheim's, and wrong in just the place a scenario names."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from adapter.ingest.event_lines import STRUCTURED
from adapter.simulate import SimulatedRecord
from tests.security.canary.persons import BORN, Marked

Json = dict[str, Any]
Twist = Callable[[Json], object]

EXAMPLES = Path(__file__).parents[3] / "topics" / "examples"
UNIT = "5001"
# Care data that nobody else has: to be found in the care data message, and nowhere near an identity.
HOURS, DIAGNOSIS, ORGNR = 41.37, "P70", "109900001"


def event(who: Marked, name: str, twist: Twist | None = None, expected: str = "accepted") -> SimulatedRecord:
    """The example of this type about this person."""
    tree: Json = json.loads(_example(name))
    tree["id"], tree["subject"], tree["source"] = f"hendelse-{who.key}-{name}", who.key, "urn:epj:trondheim"
    tree["data"]["kommunenummer"] = UNIT
    tree["data"].pop("bydelsnummer", None)
    if twist is not None:
        twist(tree)
    return SimulatedRecord(who.key.encode(), json.dumps(tree).encode(), STRUCTURED, expected)


def row(
    who: Marked, kind: str, versjon: int = 1, expected: str = "accepted", twist: Twist | None = None, **innhold: Any
) -> SimulatedRecord:
    """A row of this kind, with this in its content."""

    def registered(tree: Json) -> None:
        data = tree["data"]
        data["registreringsId"], data["versjon"] = f"{kind}-{who.key[7:10]}", versjon
        data["innhold"] |= innhold
        if twist is not None:
            twist(tree)

    return event(who, f"{kind}.registrert", registered, expected)


def person(who: Marked, number: str = "", **innhold: Any) -> SimulatedRecord:
    """The person row, with the identity number where it belongs."""

    def at_home(tree: Json) -> None:
        tree["data"]["innhold"].pop("bydelsnummer", None)

    home: Json = {"kommunenummer": UNIT, "fraDato": "2017-02-01", "fodselsdato": BORN.isoformat(), "kjonn": "K"}
    ident = {"ident": {"nummer": number or who.number}}
    return row(who, "person", twist=at_home, **home | ident | innhold)


def life(who: Marked, number: str = "", **tjeneste: Any) -> list[SimulatedRecord]:
    """A person with a service, a score and a diagnosis, that can be sent."""
    service: Json = {"timerPerUke": HOURS, "orgnummer": ORGNR, "vedtakId": f"vedtak-{who.key}"}
    return [
        person(who, number),
        row(who, "tjeneste", **service | tjeneste),
        row(who, "funksjon"),
        row(who, "diagnose", kode=DIAGNOSIS, fraDato="2018-02-27"),
    ]


@cache
def _example(name: str) -> str:
    return (EXAMPLES / f"no.kommune.iplos.{name}.v1.json").read_text("utf-8")
