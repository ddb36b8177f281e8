"""Mangelrapport → one HTML page that needs nothing but itself. Deterministic: the same report gives the same bytes."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from adapter.report.gaps import summary, words
from adapter.report.gaps.mangelrapport import Enhetsrapport, Mangel, Mangelrapport
from adapter.report.gaps.summary import Mangelgruppe
from adapter.report.look import charts
from adapter.report.look.page import stylesheet, template

# The page is bounded: about this many rows in all, whatever the municipality's size; the JSON has every one.
ROWS_IN_ALL = 6_000
FEWEST_PER_RULE, MOST_PER_RULE = 20, 150
# From so many findings with one text on, the text stands once with the row ids below it.
SAME_TEXT = 4

_HERE = Path(__file__).parent


class Liste(NamedTuple):
    """One text and the rows it concerns; `av` is how many there are."""

    tekst: str
    rader: Sequence[Mangel]
    av: int


class Utvalg(NamedTuple):
    """The findings of a group that the page shows: long lists of one text, and a table of the rest."""

    gruppe: Mangelgruppe
    lister: Sequence[Liste]
    tabell: Sequence[Mangel]
    vist: int


def to_html(rapport: Mangelrapport) -> str:
    """The whole page."""
    page = template(_HERE / "mangelrapport.html.j2", {"tall": words.tall, "dato": words.dato, "tekst": words.tekst})
    return page.render(
        r=rapport,
        sum=summary.total(rapport),
        stoppet=[unit for unit in rapport.enheter if any(one.alvor == "block" for one in unit.funn)],
        regler=summary.by_rule(rapport),
        uten_funn=summary.rules_without_findings(rapport),
        utvalg={unit.enhet: groups for unit, groups in _chosen(rapport)},
        andeler=summary.shares(rapport),
        rader=summary.rows(rapport),
        valg=summary.choices(rapport),
        dor=summary.by_code(rapport.i_dora),
        css=stylesheet(_HERE / "mangelrapport.css"),
        ord=words,
        graf=charts,
    )


def _chosen(rapport: Mangelrapport) -> list[tuple[Enhetsrapport, list[Utvalg]]]:
    grouped = [(unit, summary.groups(rapport, unit)) for unit in rapport.enheter]
    number = sum(len(groups) for _, groups in grouped)
    most = min(MOST_PER_RULE, max(FEWEST_PER_RULE, ROWS_IN_ALL // max(number, 1)))
    return [(unit, [_choose(group, most) for group in groups]) for unit, groups in grouped]


def _choose(group: Mangelgruppe, most: int) -> Utvalg:
    """At most `most` rows of a group: the lists with one text first, then single ones."""
    by_text: dict[str, list[Mangel]] = defaultdict(list)
    for one in group.funn:
        by_text[one.tekst].append(one)
    lists, single, left = [], [], most
    for text, funn in sorted(by_text.items(), key=lambda item: (-len(item[1]), item[0])):
        if len(funn) < SAME_TEXT:
            single.extend(funn)
        elif left:
            lists.append(Liste(text, funn[:left], len(funn)))
            left -= min(left, len(funn))
    table = sorted(single, key=lambda one: (one.tekst, one.rad_id))[:left]
    return Utvalg(group, lists, table, sum(len(one.rader) for one in lists) + len(table))
