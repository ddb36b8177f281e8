"""Mangelrapport → the terminal: the same content as the page, the findings cut where a screen would run over."""

from collections.abc import Iterable
from itertools import islice

from rich.console import Group, RenderableType
from rich.table import Column, Table
from rich.text import Text

from adapter.report.gaps import summary, words
from adapter.report.gaps.mangelrapport import Alvor, Enhetsrapport, Mangelrapport
from adapter.report.gaps.words import prosent, tall

STYLE: dict[Alvor, str] = {"block": "bold red", "withhold": "yellow", "warn": "blue"}
# Of each rule in each unit; the JSON has every one.
MOST_PER_RULE = 10


def to_table(rapport: Mangelrapport) -> RenderableType:
    """The report as tables, from the summary to what is not known."""
    parts: list[RenderableType] = [_summary(rapport), _rules(rapport)]
    if len(rapport.enheter) > 1:
        parts.append(_units(rapport))
    for unit in rapport.enheter:
        parts += [_services(rapport, unit), _findings(rapport, unit)]
    parts += [_shares(rapport), _door(rapport), _account(rapport), _unknowns(rapport)]
    return Group(*parts)


def _summary(rapport: Mangelrapport) -> Text:
    whole = summary.total(rapport)
    place = f"{rapport.kommunenummer} {rapport.kommunenavn} {rapport.bydelsnummer}".rstrip()
    persons = f"{tall(whole.kan_sendes)} av {tall(whole.personer)} personer"
    rows = f"{tall(whole.rader - whole.rader_holdt)} av {tall(whole.rader)} rader"
    found = [f"{tall(whole.funn[alvor])} {words.KORT[alvor]}" for alvor in words.FOLGE]
    lines = [
        f"Mangelrapport IPLOS {rapport.aar}, {place}",
        f"Laget {words.dato(rapport.laget)}. Kan sendes: {persons}, {rows}.",
        ", ".join((*found, f"{tall(whole.stoppet)} stoppet i døra")) + ".",
    ]
    lines += [
        f"{one.personer} personer er registrert under {one.enhet}, som ikke fantes i {rapport.aar}: "
        f"sett [oversett.{rapport.aar}] i konfigurasjonen."
        for one in rapport.uplassert
    ]
    return Text("\n".join(lines))


def _rules(rapport: Mangelrapport) -> Table:
    table = Table("Regel", "Tittel", "Følge", _right("Antall"), title="Etter regel og alvor", title_justify="left")
    for one in summary.by_rule(rapport):
        row = (one.regel, one.tittel, words.FOLGE[one.alvor], tall(one.antall))
        table.add_row(*map(Text, row), style=STYLE[one.alvor])
    quiet = ", ".join(rule for rule, _ in summary.rules_without_findings(rapport))
    table.caption = f"Uten funn: {quiet or 'ingen'}"
    return table


def _units(rapport: Mangelrapport) -> Table:
    heads = ("Personer", "Kan sendes", *words.FOLGE.values())
    table = Table("Bydel", *map(_right, heads), title="Etter bydel", title_justify="left")
    for unit in rapport.enheter:
        found = [sum(one.alvor == alvor for one in unit.funn) for alvor in words.FOLGE]
        numbers = (unit.personer, unit.personer_kan_sendes, *found)
        table.add_row(f"{unit.enhet} {unit.navn}", *map(tall, numbers))
    return table


def _services(rapport: Mangelrapport, unit: Enhetsrapport) -> Table:
    table = Table(
        "Tjeneste",
        _right(f"{rapport.aar}"),
        _right(f"{rapport.aar - 1}"),
        _right("Endring"),
        "",
        title=f"Tjenester, i år og i fjor: {unit.enhet}",
        title_justify="left",
    )
    figures = [(one.navn, one.antall, one.i_fjor, one.merket) for one in unit.nokkeltall]
    services = [(f"{one.kode} {one.navn}", one.mottakere, one.i_fjor, one.merket) for one in unit.tjenester]
    for navn, now, before, marked in figures + services:
        compared = (tall(before), words.endring(now, before)) if before is not None else ("", "")
        table.add_row(Text(navn), tall(now), *compared, "over grensen" if marked else "")
    if unit.fjor_kilde is None:
        table.caption = "Ingen tall for i fjor."
    return table


def _findings(rapport: Mangelrapport, unit: Enhetsrapport) -> Table:
    table = Table("Regel", "Rad-id", "Hva", "Hva som må gjøres", title=f"Mangler: {unit.enhet}", title_justify="left")
    for group in summary.groups(rapport, unit):
        for one in islice(group.funn, MOST_PER_RULE):
            what = f"{words.RADTYPER[one.radtype]} {'' if one.tjenestetype is None else one.tjenestetype}".rstrip()
            where = one.rad_id or (f"(se {one.se_rad})" if one.se_rad else "–")
            row = (one.regel, where, what, words.tekst(one.tekst))
            table.add_row(*map(Text, row), style=STYLE[one.alvor])
        left = len(group.funn) - MOST_PER_RULE
        if left > 0:
            table.add_row(group.regel, f"… og {tall(left)} til", "", "Hele listen: --format json")
    return table


def _shares(rapport: Mangelrapport) -> Table:
    rows = ((one.navn, prosent(one.antall, one.av), tall(one.av - one.antall)) for one in summary.shares(rapport))
    return _table("Hva som er registrert", ("Felt", "Andel", "Mangler"), rows)


def _door(rapport: Mangelrapport) -> Table:
    table = Table("Årsak", _right("Antall"), "Gjelder", "Gjør", title="Stoppet i døra", title_justify="left")
    for one in summary.by_code(rapport.i_dora):
        what, remedy = words.STOPPKODER[one.kode]
        concerned = ", ".join(f"{name} ({tall(number)})" for name, number in (*one.enheter, *one.felt))
        when = f"; {words.tekst(one.forste[:10])}–{words.tekst(one.siste[:10])}" if one.forste else ""
        row = (f"{what} {one.kode}", tall(one.antall), concerned + when, remedy)
        table.add_row(*map(Text, row))
    return table


def _account(rapport: Mangelrapport) -> Table:
    rows = [
        (words.RADTYPER[one.radtype], tall(one.i_visningen), tall(one.kan_sendes), tall(one.holdes_tilbake))
        for one in summary.rows(rapport)
    ]
    table = _table("Regnskapet", ("Rad", "I visningen", "Kan sendes", "Holdes tilbake"), rows)
    sound = all(unit.gar_opp for unit in rapport.enheter)
    table.caption = "Regnskapet går opp." if sound else "Regnskapet går IKKE opp: meld fra til drift."
    if rapport.hendelser.utfall is not None:
        told = ", ".join(f"{words.utfall(name)} {tall(number)}" for name, number in rapport.hendelser.utfall.items())
        table.caption += f" {tall(rapport.hendelser.inn or 0)} hendelser: {told}."
    return table


def _unknowns(rapport: Mangelrapport) -> Table:
    table = Table("Spørsmål", "Valgt", "Gjelder", title="Hva vi ikke vet", title_justify="left")
    for one in summary.choices(rapport):
        table.add_row(one.sporsmal, one.valg, f"{tall(one.gjelder)} {one.hva}")
    for missing in rapport.arspakke.mangler:
        table.add_row(Text(missing), "", "")
    return table


def _table(title: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Table:
    table = Table(heads[0], *map(_right, heads[1:]), title=title, title_justify="left")
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _right(head: str) -> Column:
    return Column(head, justify="right")
