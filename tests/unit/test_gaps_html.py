"""The page of the gap report: whole in itself, in order, escaped, bounded."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from adapter.domain.enhet import Enhet
from adapter.domain.rules import RULES
from adapter.report.gaps import words
from adapter.report.gaps.mangelrapport import Hendelsesregnskap, Mangelrapport, Stopp
from adapter.report.gaps.render_html import MOST_PER_RULE, to_html
from tests.sound import funksjon, tjeneste
from tests.unit.gaps_example import FIVE, report, someone, state

VOID = {"meta", "br"}


@dataclass
class Tag:
    name: str
    attributes: dict[str, str | None]
    parents: tuple[str, ...]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """Every element of a page, and whether each was closed where it should be."""

    tags: list[Tag] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    open: list[Tag] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Tag(tag, dict(attrs), tuple(one.name for one in self.open))
        self.tags.append(made)
        if tag not in VOID:
            self.open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(Tag(tag, dict(attrs), tuple(one.name for one in self.open)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop().name != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        for one in self.open:
            one.text += data

    def named(self, *names: str) -> list[Tag]:
        return [tag for tag in self.tags if tag.name in names]


def page(text: str) -> Page:
    parsed = Page()
    parsed.feed(text)
    parsed.close()
    return parsed


def _many(number: int) -> dict[str, bytes]:
    """Persons with one fault each: the same text for all, or a text of its own."""
    same = {
        f"same {one}": state(someone(one), tjeneste(fra_dato=None), funksjon(), names=f"s{one}-")
        for one in range(number)
    }
    own = {
        f"own {one}": state(
            someone(5000 + one),
            tjeneste(til_dato=date.fromordinal(date(2018, 1, 31).toordinal() - one), vedtak_dato=date(2018, 1, 20)),
            funksjon(),
            names=f"o{one}-",
        )
        for one in range(number)
    }
    return same | own


OSLO = {
    f"{bydel} {number}": state(someone(int(bydel) * 100 + number), tjeneste(til_dato=None), enhet=Enhet("0301", bydel))
    for bydel in ("01", "15")
    for number in range(3)
}
PARKED = (
    Stopp(enhet="", hendelsestype="unknown", kode="not-json", felt="", antall=1234),
    Stopp(
        enhet="1201",
        hendelsestype="no.kommune.iplos.tjeneste.registrert.v1",
        kode="impossible-date",
        felt="innhold.fraDato",
        antall=2,
        forste="2018-01-03T17:20Z",
        siste="2018-03-26T20:53Z",
    ),
)
REPORTS = {
    "five": report(
        FIVE, i_dora=PARKED, hendelser=Hendelsesregnskap(inn=3, utfall={"applied": 2, "parked:not-json": 1})
    ),
    "districts": report(OSLO, enhet=Enhet("0301")),
    "stopped": report({"one": state(someone(1), tjeneste(), enhet=Enhet("0301"))}, enhet=Enhet("0301")),
    "nothing": report({}),
    "sound": report({"well": FIVE["well"]}),
    "many": report(_many(300)),
}


@pytest.fixture(params=REPORTS, scope="module")
def rapport(request: pytest.FixtureRequest) -> Mangelrapport:
    return REPORTS[request.param]


def test_every_element_is_closed_where_it_should_be(rapport: Mangelrapport) -> None:
    parsed = page(to_html(rapport))
    assert not parsed.faults
    assert not parsed.open


def test_the_page_needs_nothing_but_itself(rapport: Mangelrapport) -> None:
    text = to_html(rapport)
    assert not re.search(r"https?:|//[a-z]|url\(|@import", text)
    parsed = page(text)
    assert not parsed.named("script", "link", "img", "iframe", "object", "base", "form")
    for tag in parsed.tags:
        assert not [name for name in tag.attributes if name.startswith("on") or name in {"src", "style"}]
        assert (tag.attributes.get("href") or "#").startswith("#")


def test_headings_go_down_one_step_at_a_time(rapport: Mangelrapport) -> None:
    levels = [int(tag.name[1]) for tag in page(to_html(rapport)).named("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_table_has_a_caption_and_scoped_headings(rapport: Mangelrapport) -> None:
    parsed = page(to_html(rapport))
    assert len(parsed.named("caption")) == len(parsed.named("table"))
    assert all(tag.text.strip() for tag in parsed.named("caption", "th"))
    assert {tag.attributes.get("scope") for tag in parsed.named("th")} <= {"col", "row"}


def test_every_link_leads_somewhere_and_every_id_is_given_once(rapport: Mangelrapport) -> None:
    parsed = page(to_html(rapport))
    ids = Counter(tag.attributes["id"] for tag in parsed.tags if "id" in tag.attributes)
    assert set(ids.values()) == {1}
    referred = {(tag.attributes["href"] or "").removeprefix("#") for tag in parsed.named("a")}
    labelled = {tag.attributes["aria-labelledby"] for tag in parsed.named("section")}
    assert referred | labelled <= set(ids)


def test_the_language_is_norwegian(rapport: Mangelrapport) -> None:
    assert page(to_html(rapport)).named("html")[0].attributes["lang"] == "nb"


def test_every_rule_in_force_is_named(rapport: Mangelrapport) -> None:
    text = to_html(rapport)
    for rule in RULES:
        assert f'<span class="regel">{rule.id}</span>' in text


def test_charts_are_passed_over_by_screen_readers() -> None:
    charts = page(to_html(REPORTS["five"])).named("svg")
    assert charts
    assert {tag.attributes["aria-hidden"] for tag in charts} == {"true"}


def test_the_summary_comes_first_and_says_whether_the_message_can_go() -> None:
    for name, said in {
        "five": "Meldingen kan sendes. Ingenting stopper den, men 2 personer og 5 rader blir ikke med",
        "sound": "Meldingen kan sendes. Ingenting stopper den, og ingenting holdes tilbake.",
        "districts": "Meldingene kan sendes.",
        "stopped": "Meldingen kan ikke sendes ennå.",
        "nothing": "Det finnes ingen registreringer",
    }.items():
        (first, *_) = page(to_html(REPORTS[name])).named("section")
        assert said in re.sub(r"\s+", " ", first.text)


def test_what_stops_the_message_lies_open() -> None:
    shown = [
        tag.attributes["class"]
        for tag in page(to_html(REPORTS["stopped"])).named("details")
        if "open" in tag.attributes
    ]
    assert shown == ["block"]


def test_text_is_escaped() -> None:
    parked = Stopp(enhet="", hendelsestype="no.a.<b>.c.v1", kode="not-json", felt="<script>alert(1)</script>", antall=1)
    text = to_html(report(FIVE, i_dora=(parked,)))
    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<b>" not in text


def test_the_page_is_bounded_and_says_where_the_whole_is() -> None:
    text = to_html(REPORTS["many"])
    assert len(page(text).named("tr")) < 5 * MOST_PER_RULE
    assert f"Viser {MOST_PER_RULE} av 300." in text
    assert "iplos-adapter gaps --kommune 1201 --year 2018 --format json" in text


def test_one_text_for_many_rows_stands_once() -> None:
    text = to_html(REPORTS["many"])
    assert text.count("Registrer startdato: tjenesten er innvilget") == 1
    assert "(300 rader)" in text


def test_parked_events_are_told_with_what_to_do() -> None:
    section = next(tag for tag in page(to_html(REPORTS["five"])).named("section") if "Stoppet i døra" in tag.text[:40])
    said = re.sub(r"\s+", " ", section.text)
    assert "Enhet: ukjent (1 234)." in said
    assert "Hendelse: tjeneste registrert (2).Felt: innhold.fraDato (2).03.01.2018–26.03.2018" in said
    assert "Rett datoen i fagsystemet" in said


def test_the_same_report_gives_the_same_bytes() -> None:
    assert to_html(report(FIVE)) == to_html(report(dict(reversed(FIVE.items()))))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (words.tall(0), "0"),
        (words.tall(1234567), "1\u00a0234\u00a0567"),
        (words.prosent(1, 3), "33,3\u00a0%"),
        (words.prosent(3, 3), "100\u00a0%"),
        (words.prosent(9999, 10000), "99,9\u00a0%"),
        (words.prosent(1, 10000), "0,1\u00a0%"),
        (words.prosent(0, 0), "–"),
        (words.endring(1077, 9), "+11\u00a0867\u00a0%"),
        (words.endring(5, 10), "−50\u00a0%"),
        (words.endring(5, 0), "ny"),
        (words.endring(5, 5), "uendret"),
        (words.dato(date(2019, 1, 15)), "15.01.2019"),
        (words.tekst("starter 2018-02-01 og slutter 2018-01-31."), "starter 01.02.2018 og slutter 31.01.2018."),
        (words.utfall("parked:not-json"), "stoppet i døra (not-json)"),
        (words.utfall("applied"), "tatt inn"),
    ],
)
def test_numbers_and_dates_are_written_as_norwegians_write_them(written: str, expected: str) -> None:
    assert written == expected
