"""A real browser for the pages: opened as a reader has them, and whatever they ask for or complain of is a fault.

Needs Chromium (`tests/browser/install.sh`); CHROMIUM names another one. What was seen is kept in `test-artifacts/`.
"""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

ARTIFACTS = Path(__file__).parents[2] / "test-artifacts"
WIDTHS = {"desktop": 1280, "phone": 360, "wide": 2560}


def opened(browser: Browser, url: str, *, details: bool = True, origin: str = "file:", **context: Any) -> Page:
    """The page as a reader has it, its lists unfolded; it may ask of nobody but its origin."""
    made: BrowserContext = browser.new_context(**context)
    page = made.new_page()
    page.on("request", lambda request: _only_from(origin, request.url))
    page.on("console", lambda message: pytest.fail(f"the page complains: {message.text}"))
    page.goto(url)
    if details:
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    return page


def _only_from(origin: str, url: str) -> None:
    assert url.startswith((origin, "data:,")), f"the page asks for {url}"


def fits(page: Page) -> None:
    """Nothing must be scrolled sideways, and nothing is cut off."""
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth") <= page.evaluate(f"{root}.clientWidth")
    hidden = page.evaluate(
        """() => [...document.querySelectorAll('main *')].filter(
            one => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== 'visible'
                && !one.closest('.skjult, thead, svg')).map(one => one.outerHTML.slice(0, 80))"""
    )
    assert hidden == []


def axe_finds_nothing(page: Page) -> None:
    """The rules of axe-core hold, and there were enough of them that said something."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert len(found.response["passes"]) > 20
