"""The status page in a real browser, served with its policy: it fits, can be read by everyone, and refreshes kindly."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, Page, expect

from adapter.report.status.status import Status
from tests.browser.seen import ARTIFACTS, WIDTHS, axe_finds_nothing, fits, opened
from tests.browser.served import Served
from tests.unit.status_example import STATUSES

# How often the page asks in these tests; a page that is only looked at is left in peace.
OFTEN, SELDOM = 0.1, 3600.0
NOTHING_TO_DO = replace(STATUSES["january"], oppgaver=())


def more_events(status: Status) -> Status:
    """The same, with one more event read: a change, but none to speak of."""
    utfall = status.innlesing.utfall
    return replace(
        status, innlesing=replace(status.innlesing, utfall={**utfall, "applied": utfall.get("applied", 0) + 1})
    )


@pytest.fixture
def often() -> Iterator[Served]:
    with Served(STATUSES["january"], OFTEN) as side:
        yield side


Look = Callable[..., Page]


@pytest.fixture
def look(browser: Browser) -> Iterator[Look]:
    """Serve a status, and open it."""
    with ExitStack() as until_the_end:

        def look(status: Status, **how: Any) -> Page:
            side = until_the_end.enter_context(Served(status, SELDOM))
            page = opened(browser, side.url, origin=side.url, **how)
            until_the_end.callback(page.context.close)
            return page

        yield look


@pytest.mark.parametrize("name", STATUSES)
def test_nothing_must_be_scrolled_sideways(look: Look, name: str) -> None:
    page = look(STATUSES[name])
    for width in (360, 700, 1000, 1130, 1280, 1700, 2560):
        page.set_viewport_size({"width": width, "height": 900})
        fits(page)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
@pytest.mark.parametrize("name", STATUSES)
def test_axe_finds_nothing(look: Look, name: str, width: int, scheme: str) -> None:
    page = look(STATUSES[name], viewport={"width": width, "height": 900}, color_scheme=scheme)
    axe_finds_nothing(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_keyboard_comes_round_in_the_order_of_the_page_and_is_seen(look: Look, scheme: str) -> None:
    page = look(STATUSES["january"], details=False, color_scheme=scheme)
    stops = []
    for _ in range(5):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.id || document.activeElement.getAttribute('href')"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    assert stops == ["#enheter-navn", "stans", "oppslag-apne", "/status.json", "/metrics"]
    page.locator(".hopp").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "enheter-navn"


def test_a_refresh_leaves_focus_open_lists_and_scrolling_alone(browser: Browser, often: Served) -> None:
    page = opened(browser, often.url, origin=often.url, details=False, viewport={"width": 360, "height": 600})
    summary = page.locator("#oppslag-apne")
    summary.focus()
    page.keyboard.press("Enter")
    before = page.evaluate("scrollY")
    assert before > 0
    window = STATUSES["january"].kalender
    often.status = replace(STATUSES["january"], kalender=replace(window, neste="Noe helt annet."))
    expect(page.locator("#kalender .ingress")).to_contain_text("Noe helt annet.")
    assert page.evaluate("document.activeElement.id") == "oppslag-apne"
    assert page.locator("#oppslag").evaluate("one => one.open")
    assert page.evaluate("scrollY") == before
    page.context.close()


def test_what_did_not_change_is_not_touched(browser: Browser, often: Served) -> None:
    page = opened(browser, often.url, origin=often.url, details=False)
    page.evaluate("document.getElementById('enheter').mark = document.getElementById('innlesing').mark = 1")
    often.status = more_events(STATUSES["january"])
    expect(page.locator("#innlesing")).to_contain_text("58\u00a0266 hendelser")
    assert page.evaluate("document.getElementById('innlesing').mark") is None
    assert page.evaluate("document.getElementById('enheter').mark") == 1
    page.context.close()


def test_only_a_change_of_state_is_announced(browser: Browser, often: Served) -> None:
    page = opened(browser, often.url, origin=often.url, details=False)
    told = page.locator("#melding")
    often.status = more_events(STATUSES["january"])
    expect(page.locator("#innlesing")).to_contain_text("58\u00a0266 hendelser")
    expect(told).to_have_text("")
    often.status = NOTHING_TO_DO
    expect(told).to_have_text("Klar. 0 å gjøre.")
    expect(page).to_have_title("Klar – IPLOS 2018")
    page.context.close()


def test_the_page_can_be_told_to_stop_and_to_go_on(browser: Browser, often: Served) -> None:
    page = opened(browser, often.url, origin=often.url, details=False)
    button = page.locator("#stans")
    button.click()
    expect(button).to_have_text("Oppdater igjen")
    often.status = NOTHING_TO_DO
    ask = "fetch(location.href).then(answer => answer.text())"
    page.evaluate(ask)  # after it, no question from before the click is on its way
    asked = often.asked
    for _ in range(5):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        page.evaluate(ask)
    assert often.asked == asked + 5
    expect(page.locator("#oppgaver li").first).to_be_visible()
    button.click()
    expect(page.locator("#oppgaver")).to_contain_text("Ingenting krever at noen gjør noe nå.")
    page.context.close()


def test_a_service_that_is_gone_is_told_of(browser: Browser) -> None:
    with Served(STATUSES["january"], OFTEN) as side:
        made = browser.new_context()
        page = made.new_page()
        page.goto(side.url)
        expect(page.locator("#brudd")).to_be_hidden()
        side.gone()
        expect(page.locator("#brudd")).to_be_visible()
        assert page.locator("#brudd").get_attribute("role") == "alert"
        expect(page.locator("#enheter")).to_contain_text("Trondheim")
        made.close()


def test_without_script_it_reads_the_same_and_is_loaded_anew(look: Look) -> None:
    page = look(STATUSES["january"], details=False, java_script_enabled=False)
    assert page.locator("noscript meta").get_attribute("http-equiv") == "refresh"
    assert page.locator("#stans").is_hidden()
    assert page.locator(".lest noscript p").is_visible()
    assert page.locator("#enheter tbody tr").count() == 3


def test_without_style_every_state_still_has_its_word_and_shape(look: Look) -> None:
    page = look(STATUSES["january"])
    page.evaluate("document.querySelector('style').remove()")
    text = page.locator("main").inner_text()
    for state in ("✓ Klar", "■ Avvist", "■ Nektet", "✓ Kvittert", "○ Prøvd, ikke sendt", "● Åpent", "– Lukket"):
        assert state in text


def test_nothing_moves(look: Look) -> None:
    """Also for those who did not ask for stillness."""
    page = look(STATUSES["city"], reduced_motion="no-preference")
    moving = page.evaluate(
        """[...document.querySelectorAll('*')].map(one => getComputedStyle(one)).filter(
            style => style.animationName !== 'none' || style.transitionDuration !== '0s'
                || style.scrollBehavior === 'smooth').length"""
    )
    assert moving == 0


@pytest.mark.parametrize(
    ("name", "width", "scheme"),
    [
        *((name, "desktop", "light") for name in STATUSES),
        *((name, "phone", "dark") for name in STATUSES),
        ("january", "desktop", "dark"),
        ("january", "phone", "light"),
        ("city", "wide", "light"),
        ("city", "wide", "dark"),
    ],
)
def test_what_it_looks_like_is_kept(look: Look, name: str, width: str, scheme: str) -> None:
    page = look(STATUSES[name], details=False, viewport={"width": WIDTHS[width], "height": 900}, color_scheme=scheme)
    ARTIFACTS.mkdir(exist_ok=True)
    picture = page.screenshot(path=ARTIFACTS / f"status-{name}-{width}-{scheme}.png", full_page=True)
    assert len(picture) > 20_000
