"""A unit small enough to count by hand: five persons in Bergen in 2018, and what is wrong with three of them."""

from datetime import date

from adapter.domain.enhet import Enhet
from adapter.domain.overgang import Overgang
from adapter.domain.records import Person, Record
from adapter.domain.rules import RULES
from adapter.domain.tilstand import Tilstand
from adapter.domain.yearpack import YearPack
from adapter.report.gaps.collect import collect
from adapter.report.gaps.grunnlag import Grunnlag
from adapter.report.gaps.mangelrapport import Enhetsrapport, Hendelsesregnskap, Mangelrapport, Stopp
from adapter.report.ledger import Kjoring
from adapter.report.population import Population
from tests.sound import BERGEN, PACK, PLACES, TODAY, funksjon, ident, linje, opplysning, person, tjeneste

States = dict[str, bytes]


def state(*records: Record, enhet: Enhet = BERGEN, names: str = "r") -> bytes:
    """The encoded state of one person; the rows are named r1, r2, ..."""
    lines = [linje(record, f"{names}{number}", enhet) for number, record in enumerate(records, start=1)]
    return Tilstand(dict(lines)).encode()


def someone(number: int, **fields: object) -> Person:
    """A person with an identity of their own."""
    return person(ident=ident(avtrykk=f"print {number}".encode()), **fields)


FIVE: States = {
    "well": state(someone(1), tjeneste(til_dato=None), funksjon(), opplysning(), names="a"),
    "unscored": state(someone(2), tjeneste(tjenestetype=21, til_dato=None, timer_per_uke=None), names="b"),
    "unstarted": state(someone(3), tjeneste(fra_dato=None, til_dato=None), funksjon(), names="c"),
    "nobody": state(tjeneste(), funksjon(), names="d"),
    "dead": state(someone(5, dod_dato=date(2017, 3, 1)), tjeneste(til_dato=date(2018, 3, 1)), funksjon(), names="e"),
}


def grunnlag(pack: YearPack = PACK) -> Grunnlag:
    return Grunnlag(pack, PLACES, RULES, Overgang(PLACES, pack.aar), (1, 2), TODAY, "test")


def report(
    states: States,
    pack: YearPack = PACK,
    enhet: Enhet = BERGEN,
    i_dora: tuple[Stopp, ...] = (),
    hendelser: Hendelsesregnskap | None = None,
    sendt: dict[str, Kjoring] | None = None,
) -> Mangelrapport:
    ground = grunnlag(pack)
    population = Population.of(states, ground.overgang)
    return collect(ground, population, enhet, "hendelsesfil", i_dora=i_dora, hendelser=hendelser, sendt=sendt)


def one_unit(states: States, pack: YearPack = PACK) -> Enhetsrapport:
    (unit,) = report(states, pack).enheter
    return unit
