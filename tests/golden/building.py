"""The golden pair, built the way a user builds it: `iplos-adapter build` over the events of `historie.jsonl`.

The keys are no secret: they only have to stay the same, so that the person numbers do.
"""

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from adapter.cli.build import build

GOLDEN = Path(__file__).parent
HISTORY = GOLDEN / "historie.jsonl"
SETTINGS = GOLDEN / "oppsett.toml"
NAMES = ("KPR_IPL-5001-2018.xml", "KPR_IDE-5001-2018.xml", "report.json")
MADE = "2019-01-07"


class Built(NamedTuple):
    """The three files, by their bytes."""

    ipl: bytes
    ide: bytes
    report: bytes


def golden() -> Built:
    """What was reviewed."""
    return Built(*((GOLDEN / name).read_bytes() for name in NAMES))


def history() -> list[str]:
    """The events, a line each."""
    return HISTORY.read_text("utf-8").splitlines()


def build_in(folder: Path, events: Sequence[str]) -> Built:
    """Build from these events, in this order, in a folder that is ours."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = folder / "events.jsonl"
    lines.write_text("".join(f"{event}\n" for event in events), "utf-8")
    build(lines, "5001", 2018, folder, made=MADE, config=settings_in(folder))
    return Built(*((folder / name).read_bytes() for name in NAMES))


def settings_in(folder: Path) -> Path:
    """The golden settings with a key file beside them."""
    pseudonym, secret = (base64.b64encode(bytes(range(first, first + 32))).decode() for first in (0, 32))
    keys = folder / "nokler.toml"
    keys.write_text(f'pseudonym = "{pseudonym}"\n\n[[nokler]]\nid = "gyllen"\nhemmelighet = "{secret}"\n', "utf-8")
    config = folder / "oppsett.toml"
    config.write_text(f'nokkelfil = "{keys}"\n{SETTINGS.read_text("utf-8")}', "utf-8")
    return config
