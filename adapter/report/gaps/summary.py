"""Sums over a report, as the page and the table both show them. Pure; nothing here is counted that the report lacks."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from msgspec.structs import replace

from adapter.report.gaps.mangelrapport import (
    Alvor,
    Andel,
    Enhetsrapport,
    Mangel,
    Mangelrapport,
    Radregnskap,
    Stopp,
    Valg,
)
from adapter.report.gaps.words import FOLGE, hendelse

# In a test run everybody is a test person; the rule would drown out all the others.
TEST_PERSON = "T1"


class Regeltall(NamedTuple):
    """One rule at one severity, over all units."""

    regel: str
    tittel: str
    alvor: Alvor
    antall: int
    enheter: int


class Mangelgruppe(NamedTuple):
    """The findings of one unit, one rule and one severity."""

    regel: str
    tittel: str
    alvor: Alvor
    funn: list[Mangel]


class Dorkode(NamedTuple):
    """Parked events with one code."""

    kode: str
    antall: int
    typer: list[tuple[str, int]]
    felt: list[tuple[str, int]]
    enheter: list[tuple[str, int]]
    forste: str
    siste: str


class Sum(NamedTuple):
    """The report in one look."""

    personer: int
    kan_sendes: int
    holdes_tilbake: int
    rader: int
    rader_holdt: int
    funn: Counter[Alvor]
    testpersoner: int
    stoppet: int


def total(rapport: Mangelrapport) -> Sum:
    """Everything in one look."""
    units = rapport.enheter
    funn: Counter[Alvor] = Counter(one.alvor for unit in units for one in unit.funn)
    return Sum(
        sum(unit.personer for unit in units),
        sum(unit.personer_kan_sendes for unit in units),
        sum(unit.personer_holdes_tilbake for unit in units),
        sum(kind.i_visningen for unit in units for kind in unit.rader),
        sum(kind.holdes_tilbake for unit in units for kind in unit.rader),
        funn,
        sum(_of_everybody(one.regel, one.alvor) for unit in units for one in unit.funn),
        sum(stopp.antall for stopp in rapport.i_dora),
    )


def by_rule(rapport: Mangelrapport) -> list[Regeltall]:
    """Rules with findings: what stops first, then what is withheld; the most frequent first."""
    counts: Counter[tuple[Alvor, str]] = Counter()
    units: dict[tuple[Alvor, str], set[str]] = defaultdict(set)
    for unit in rapport.enheter:
        for one in unit.funn:
            counts[one.alvor, one.regel] += 1
            units[one.alvor, one.regel].add(unit.enhet)
    titles = _titles(rapport)
    rows = [
        Regeltall(rule, titles.get(rule, rule), alvor, count, len(units[alvor, rule]))
        for (alvor, rule), count in counts.items()
    ]
    return sorted(rows, key=lambda row: (_rank(row.alvor), _of_everybody(row.regel, row.alvor), -row.antall, row.regel))


def rules_without_findings(rapport: Mangelrapport) -> list[tuple[str, str]]:
    """Rules that were asked and found nothing: id and title."""
    found = {one.regel for unit in rapport.enheter for one in unit.funn}
    return [(rule.id, rule.tittel) for rule in rapport.regler if rule.id not in found]


def groups(rapport: Mangelrapport, unit: Enhetsrapport) -> list[Mangelgruppe]:
    """A unit's findings by severity and rule, in the order of `by_rule`."""
    titles = _titles(rapport)
    ordered = sorted(unit.funn, key=lambda one: (_rank(one.alvor), one.regel, one.tekst, one.rad_id))
    found = [
        Mangelgruppe(rule, titles.get(rule, rule), alvor, list(funn))
        for (alvor, rule), funn in groupby(ordered, key=lambda one: (one.alvor, one.regel))
    ]
    return sorted(
        found,
        key=lambda group: (_rank(group.alvor), _of_everybody(group.regel, group.alvor), -len(group.funn), group.regel),
    )


def by_code(stopp: Iterable[Stopp]) -> list[Dorkode]:
    """Parked events by code, the most frequent first."""
    collected: dict[str, list[Stopp]] = defaultdict(list)
    for one in stopp:
        collected[one.kode].append(one)
    rows = [
        Dorkode(
            kode,
            sum(one.antall for one in parked),
            _counted((hendelse(one.hendelsestype), one.antall) for one in parked),
            _counted((one.felt, one.antall) for one in parked if one.felt),
            _counted((one.enhet or "ukjent", one.antall) for one in parked),
            min((one.forste for one in parked if one.forste), default=""),
            max((one.siste for one in parked), default=""),
        )
        for kode, parked in collected.items()
    ]
    return sorted(rows, key=lambda row: (-row.antall, row.kode))


def shares(rapport: Mangelrapport) -> list[Andel]:
    """The shares of all units together."""
    has: Counter[str] = Counter()
    of: Counter[str] = Counter()
    for unit in rapport.enheter:
        for one in unit.andeler:
            has[one.navn] += one.antall
            of[one.navn] += one.av
    return [Andel(navn=navn, antall=has[navn], av=av) for navn, av in of.items()]


def rows(rapport: Mangelrapport) -> list[Radregnskap]:
    """The account of rows of all units together."""
    found: dict[str, Radregnskap] = {}
    for unit in rapport.enheter:
        for one in unit.rader:
            held = found.get(one.radtype, Radregnskap(radtype="", i_visningen=0, kan_sendes=0, holdes_tilbake=0))
            found[one.radtype] = Radregnskap(
                radtype=one.radtype,
                i_visningen=held.i_visningen + one.i_visningen,
                kan_sendes=held.kan_sendes + one.kan_sendes,
                holdes_tilbake=held.holdes_tilbake + one.holdes_tilbake,
            )
    return list(found.values())


def choices(rapport: Mangelrapport) -> list[Valg]:
    """What is not known, and how much of the whole report it touches."""
    found: dict[str, Valg] = {}
    for unit in rapport.enheter:
        for one in unit.valg:
            held = found.get(one.navn)
            found[one.navn] = replace(one, gjelder=one.gjelder + held.gjelder) if held else one
    return list(found.values())


def worst(rapport: Mangelrapport) -> Alvor | None:
    """The highest severity of any finding; what was parked, or is in doubt, counts as something to look at."""
    found = {one.alvor for unit in rapport.enheter for one in unit.funn}
    return next((alvor for alvor in FOLGE if alvor in found), "warn" if rapport.i_dora or rapport.uplassert else None)


def _counted(pairs: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    counted: Counter[str] = Counter()
    for name, number in pairs:
        counted[name] += number
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def _of_everybody(regel: str, alvor: Alvor) -> bool:
    return regel == TEST_PERSON and alvor == "warn"


def _rank(alvor: Alvor) -> int:
    return tuple(FOLGE).index(alvor)


def _titles(rapport: Mangelrapport) -> dict[str, str]:
    return {rule.id: rule.tittel for rule in rapport.regler} | {"M0": "Kontrollen av rapporten selv"}
