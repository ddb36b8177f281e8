"""A pair built in memory from records made by hand: what the tests of the builder and of both messages start from.

Pack, places, rules and schemas are the shipped ones; persons are sealed with a key of the tests.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from lxml import etree

from adapter.domain.enhet import Enhet
from adapter.domain.identity import synthetic_number
from adapter.domain.records import Ident, Person, Record
from adapter.domain.rules import RULES
from adapter.domain.rules.rule import Funn
from adapter.domain.tilstand import Linje, Tilstand
from adapter.domain.yearpack import YearPack
from adapter.message.gate import Gate
from adapter.message.hode import Partsinfo
from adapter.message.kpr_ipl import Kontaktinfo
from adapter.packs import load_pack, load_places, pack_folder, schema_files
from adapter.report.build import Bestilling, Oppsett, PairBuilder
from adapter.report.population import Population
from adapter.report.resultat import Resultat
from adapter.sealing import Sealer
from tests.sound import linje, person, tjeneste

TRONDHEIM = Enhet("5001")
SEALER = Sealer({"k1": bytes(range(32))}, pseudonym=bytes(range(32, 64)))
PACK = load_pack(2018)
PLACES = load_places()
_FILES = schema_files(pack_folder(2018), PACK)
GATE_IPL, GATE_IDE = Gate(_FILES["xsd_sending_fag"]), Gate(_FILES["xsd_sending_ident"])
MOMENT = datetime(2019, 1, 7, 12, 0, tzinfo=UTC)
CONTACTS = (
    Kontaktinfo(1, "Kari Prøve", "11111111", "kari@prove.invalid"),
    Kontaktinfo(2, "Ola Prøve", "22222222", "ola@prove.invalid"),
)
SETUP = Oppsett(
    pack=PACK,
    places=PLACES,
    rules=RULES,
    gate_ipl=GATE_IPL,
    gate_ide=GATE_IDE,
    sealer=SEALER,
    avsender=Partsinfo("Prøvekommunen", "123456785", "1000001", "Saksbehandling", "1000002"),
    mottaker=Partsinfo("Registeret", "123456785"),
    kontakter=CONTACTS,
)
ORDER = Bestilling(
    enhet=TRONDHEIM,
    lopenr="17",
    tidspunkt=MOMENT,
    melding_id_ipl="b3a6c1a0-0000-4000-8000-000000000001",
    melding_id_ide="b3a6c1a0-0000-4000-8000-000000000002",
    modus="test",
)

Line = tuple[str, Linje]


def number_of(serial: int, sex: str = "K") -> str:
    """The identity number of the serial'th made-up person."""
    born = date(1920 + serial % 70, 1 + serial % 12, 1 + serial % 28)
    found = (synthetic_number(born, "K" if sex == "K" else "M", at) for at in range(serial // 12, 300))
    return next(number for number in found if number)


def who(key: str, number: str, **fields: Any) -> Person:
    """A sound person row with this number sealed to this key."""
    return person(**{"ident": SEALER.seal_ident(Ident(nummer=number), key), "kommunenummer": "5001"} | fields)


def state(*lines: Line, erased: bool = False) -> bytes:
    """A person's state as it lies on the topic."""
    tilstand = Tilstand()
    for name, line in lines:
        tilstand.put(name, line)
    if erased:
        tilstand.erase()
    return tilstand.encode()


def row(record: Record, name: str, enhet: Enhet = TRONDHEIM, **fields: Any) -> Line:
    """A line of state registered by Trondheim unless told otherwise."""
    return linje(record, name, enhet, **fields)


def ordinary(serial: int, *more: Line, enhet: Enhet = TRONDHEIM) -> tuple[str, bytes]:
    """The serial'th person: a sound row and one sound service."""
    key = f"pas-{serial:04}"
    return key, state(
        row(who(key, number_of(serial)), f"p{serial}", enhet),
        row(tjeneste(vedtak_id=f"v{serial}"), f"t{serial}", enhet),
        *more,
    )


@dataclass(frozen=True)
class Pair:
    """Both messages as bytes and as trees, and what was told of them."""

    ipl: bytes
    ide: bytes
    resultat: Resultat
    funn: Sequence[tuple[str, Funn]]
    steps: Sequence[tuple[int, int]]

    @property
    def persons(self) -> list[etree._Element]:
        return elements(self.ipl, "PERSON")

    @property
    def idents(self) -> dict[str, str]:
        """pid → fid."""
        return {str(one.get("pid")): str(one.get("fid")) for one in elements(self.ide, "PasientIdent")}

    @property
    def pids(self) -> list[str]:
        return [str(one.get("pePeID")) for one in self.persons]

    @property
    def valid(self) -> bool:
        return not GATE_IPL.problems(self.ipl) and not GATE_IDE.problems(self.ide)


def elements(document: bytes, name: str) -> list[etree._Element]:
    """All elements with this local name, in the order of the document."""
    return [one for one in etree.fromstring(document).iter() if etree.QName(one).localname == name]


def build(
    states: Mapping[str, bytes] | Iterable[tuple[str, bytes]],
    oppsett: Oppsett = SETUP,
    population: Callable[[Mapping[str, bytes]], Population] = Population.of,
    **order: Any,
) -> Pair:
    """Build the pair of one unit from states."""
    ipl, ide, funn = BytesIO(), BytesIO(), list[tuple[str, Funn]]()
    builder = PairBuilder(
        replace(ORDER, **order), oppsett, population(dict(states)), lambda key, found: funn.append((key, found))
    )
    steps = [(step.ferdig, step.av) for step in builder.run(ipl, ide)]
    return Pair(ipl.getvalue(), ide.getvalue(), builder.resultat, funn, steps)


def with_settings(**antakelser: Any) -> YearPack:
    """The pack of 2018 with some of its assumptions made otherwise."""
    return load_pack(2018, overrides=antakelser)
