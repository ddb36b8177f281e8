"""The runbook has an entry for everything that can be asked, and links that lead somewhere. Commands: tests/docs."""

import re
from typing import get_args

import pytest

from adapter.domain.outcome import PARK_CODES, SkipReason
from adapter.domain.windows import AvslagKode
from adapter.kafka.problem import CODES as DOOR_CODES
from adapter.kafka.topic_plan import Code
from adapter.message import apprec
from adapter.packs import PACK_CODES
from adapter.report import setup
from adapter.settings.config import Config
from tests.deploy.place import DEPLOY, rules

RUNBOOK = (DEPLOY / "RUNBOOK.md").read_text("utf-8")
# Whoever adds a family of codes adds a chapter.
CODES: dict[str, tuple[str, ...]] = {
    "Why an event was parked": PARK_CODES,
    "Why an event was passed over": get_args(SkipReason),
    "Why a report was refused": (*get_args(setup.RefusalCode), *get_args(AvslagKode)),
    "Receipts that cannot be read": get_args(apprec.RefusalCode),
    "Year packs that cannot be used": PACK_CODES,
    "Topics that are not as planned": get_args(Code),
    "Why Kafka's doors are closed": DOOR_CODES,
}
PARTS = ["Symptom", "Cause", "Confirm", "Do"]


def chapter(title: str) -> str:
    """The text under a heading of the second level."""
    _, _, after = RUNBOOK.partition(f"\n## {title}\n")
    return after.partition("\n## ")[0]


def rows(text: str) -> list[list[str]]:
    """The tables' rows that begin with a code."""
    found = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in text.splitlines() if line[:3] == "| `"]
    return [[row[0].strip("`"), *row[1:]] for row in found]


def anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def alerts() -> dict[str, str]:
    """Each alert's heading and what stands under it."""
    parts = re.split(r"\n### (\w+)\n", RUNBOOK.partition("\n## Why an event was parked\n")[0])
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_there_is_a_heading_for_every_alert_and_none_for_what_is_gone() -> None:
    assert set(alerts()) == {alert["alert"] for alert in rules("alert")}


@pytest.mark.parametrize("text", alerts().values(), ids=alerts())
def test_an_alert_has_symptom_cause_confirmation_and_what_to_do(text: str) -> None:
    entries = re.findall(r"^- \*\*(\w+)\*\* (\S.*)$", text.partition("\n## ")[0], re.MULTILINE)
    assert [name for name, _ in entries] == PARTS


@pytest.mark.parametrize(("title", "codes"), CODES.items(), ids=CODES)
def test_every_code_has_a_row_with_cause_confirmation_and_what_to_do(title: str, codes: tuple[str, ...]) -> None:
    found = rows(chapter(title))
    assert [row[0] for row in found] == list(codes)
    assert all(len(row) == len(PARTS) and all(row) for row in found)


def test_every_link_within_leads_to_a_heading() -> None:
    headings = {anchor(heading) for heading in re.findall(r"^#+ (.+)$", RUNBOOK, re.MULTILINE)}
    links = set(re.findall(r"\]\(#([^)]+)\)", RUNBOOK))
    assert links
    assert links <= headings


def test_every_setting_that_is_named_exists() -> None:
    sections = {
        name: set(getattr(Config(), name).__struct_fields__)
        for name in ("kafka", "ingest", "http", "rapport", "kalender")
    }
    named = re.findall(rf"`({'|'.join(sections)})\.([a-z_]+)`", RUNBOOK)
    assert len(named) > 5
    assert all(field in sections[section] for section, field in named)
