"""The gap report in a real browser: it fits every width, can be read by everyone, and prints.

Needs Chromium (`tests/browser/install.sh`); CHROMIUM names another one. What was seen is kept in `test-artifacts/`.
"""

import re

import pytest
from playwright.sync_api import Browser

from adapter.domain.enhet import Enhet
from adapter.report.gaps.mangelrapport import Hendelsesregnskap, Stopp
from adapter.report.gaps.render_html import to_html
from tests.browser.seen import ARTIFACTS, WIDTHS, axe_finds_nothing, fits, opened
from tests.browser.years import two_years
from tests.sound import tjeneste
from tests.unit.gaps_example import FIVE, report, someone, state

A4_PIXELS = 794

OSLO = Enhet("0301")
REPORTS = {
    "two-years": two_years(),
    "districts": report(
        {
            f"{bydel} {number}": state(someone(int(bydel) * 10 + number), tjeneste(), enhet=Enhet("0301", bydel))
            for bydel in ("01", "15")
            for number in range(2)
        },
        enhet=OSLO,
    ),
    "stopped": report(
        FIVE | {"oslo": state(someone(9), tjeneste(), enhet=OSLO)},
        enhet=OSLO,
        i_dora=(Stopp(enhet="", hendelsestype="unknown", kode="key-is-identity", felt="", antall=3),),
        hendelser=Hendelsesregnskap(inn=5, utfall={"applied": 2, "parked:key-is-identity": 3}),
    ),
    "nothing": report({}),
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("pages")
    for name, rapport in REPORTS.items():
        (folder / f"{name}.html").write_text(to_html(rapport), "utf-8")
    ARTIFACTS.mkdir(exist_ok=True)
    return {name: (folder / f"{name}.html").as_uri() for name in REPORTS}


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize("name", REPORTS)
def test_nothing_must_be_scrolled_sideways(browser: Browser, pages: dict[str, str], name: str, width: int) -> None:
    page = opened(browser, pages[name], viewport={"width": width, "height": 900})
    fits(page)
    page.context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
@pytest.mark.parametrize("name", REPORTS)
def test_axe_finds_nothing(browser: Browser, pages: dict[str, str], name: str, width: int, scheme: str) -> None:
    page = opened(browser, pages[name], viewport={"width": width, "height": 900}, color_scheme=scheme)
    axe_finds_nothing(page)
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_focus_is_seen_and_the_first_stop_skips_to_the_summary(
    browser: Browser, pages: dict[str, str], scheme: str
) -> None:
    page = opened(browser, pages["two-years"], color_scheme=scheme)
    page.keyboard.press("Tab")
    skip = page.locator(".hopp")
    assert skip.evaluate("one => one === document.activeElement")
    box = skip.bounding_box()
    assert box is not None
    assert box["y"] >= 0
    assert skip.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "sammendrag"
    page.context.close()


def test_the_lists_open_from_the_keyboard(browser: Browser, pages: dict[str, str]) -> None:
    page = opened(browser, pages["two-years"], details=False)
    summary = page.locator("details.withhold > summary").first
    table = page.locator("details.withhold").first.locator("table, ul").first
    assert not table.is_visible()
    summary.focus()
    page.keyboard.press("Enter")
    assert table.is_visible()
    page.context.close()


def test_paper_shows_what_the_screen_folds_away(browser: Browser, pages: dict[str, str]) -> None:
    page = opened(browser, pages["two-years"], details=False, viewport={"width": A4_PIXELS, "height": 1123})
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator("details.warn table, details.warn ul").first.is_visible()
    assert not page.locator("nav").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("document.documentElement.scrollWidth") <= A4_PIXELS
    page.screenshot(path=ARTIFACTS / "mangelrapport-print.png", full_page=True)
    page.pdf(path=ARTIFACTS / "mangelrapport.pdf", prefer_css_page_size=True, print_background=True, tagged=True)
    paper = (ARTIFACTS / "mangelrapport.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", paper)) >= 4
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_what_it_looks_like_is_kept(browser: Browser, pages: dict[str, str], width: str, scheme: str) -> None:
    page = opened(
        browser,
        pages["two-years"],
        details=False,
        viewport={"width": WIDTHS[width], "height": 900},
        color_scheme=scheme,
    )
    page.locator("details.withhold > summary").first.click()
    picture = page.screenshot(path=ARTIFACTS / f"mangelrapport-{width}-{scheme}.png", full_page=True)
    assert len(picture) > 50_000
    page.context.close()


def test_the_marks_are_not_told_by_colour_alone(browser: Browser, pages: dict[str, str]) -> None:
    page = opened(browser, pages["two-years"])
    marked = page.locator("tr.merket")
    assert marked.count() > 0
    assert all("over grensen" in row.inner_text() for row in marked.all())
    page.context.close()
