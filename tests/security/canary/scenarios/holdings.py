"""Commands on what the service holds: ledger, state, dead letters, audit trail.

A new command is a line in one of the tables.
"""

from collections.abc import Mapping

import pytest

from tests.integration.reports import ledger
from tests.security.canary.persons import marked
from tests.security.canary.scenarios import persons_of_all_kinds
from tests.security.canary.stage import Stage

WHY = ("--reason", "spørsmål fra tildelingskontoret")

# {run}, {other}: runs of one unit; {snapshot}: a file that the state is written to; {keys}: the key file.
TELLS: list[tuple[str, ...]] = [
    ("runs", "show", "{run}"),
    ("runs", "explain", "{run}"),
    ("runs", "explain", "{run}", "--json"),
    ("runs", "diff", "{run}", "{other}"),
    ("runs", "diff", "{run}", "{other}", "--json"),
    ("runs", "rebuild"),
    ("calendar", "--json"),
    ("doctor",),
    ("doctor", "--json"),
    ("topics", "list"),
    ("topics", "check"),
    ("keys", "list", "{keys}"),
    ("year", "check", "2018"),
    ("state", "export", "{snapshot}", *WHY),
    ("dlq", "list"),
    ("dlq", "list", "--json"),
    ("dlq", "show"),
    ("dlq", "show", "--limit", "100", "--json"),
    ("dlq", "replay"),
    ("dlq", "replay", "--json"),
    ("dlq", "replay", "--code", "identity-in-clear", "--also-broken", "--really", *WHY),
    ("dlq", "discard", "--code", "not-json"),
    ("dlq", "discard", "--code", "not-json", "--really", *WHY),
    ("contract", "check", "{events}"),
    ("contract", "check", "--json", "{events}"),
    ("contract", "from-okt", "{events}"),
    ("resend", "--run", "{run}", *WHY, "--out", "{left}/resent"),
    ("audit", "list"),
    ("audit", "list", "--json"),
]

# Refused while the service runs and the state is there.
REFUSED: list[tuple[str, ...]] = [
    ("state", "import", "{snapshot}", "--dry-run", "--bus-from-start"),
    ("state", "import", "{snapshot}", *WHY),
    ("state", "import", "{given}/faulty.xml", *WHY),
    ("keys", "rotate", "{keys}", "--retire", "n1"),
]

# With a number of its own for each.
WRONG: list[tuple[str, ...]] = [
    ("runs", "explain", "{number}"),
    ("runs", "diff", "{number}", "x"),
    ("state", "show", "{number}", *WHY),
    ("state", "show", "p-1", "--reason", "for {number}"),
    ("state", "export", "{left}/{number}.iplos", *WHY),
    ("state", "export", "{left}/z.iplos", "--reason", "for pas{number}"),
    ("state", "import", "{given}/{number}.iplos", *WHY),
    ("dlq", "list", "--origin", "{number}"),
    ("dlq", "list", "--kommune", "{number}"),
    ("dlq", "show", "--payload", "--reason", "for {number}"),
    ("dlq", "discard", "--code", "not-json", "--really", "--reason", "pas{number}"),
    ("keys", "rotate", "{keys}", "--id", "{number}"),
    ("year", "close", "{number}"),
    ("doctor", "--principal", "{number}"),
]

# What whoever asks is to see, key included; of a number no more than its last four digits.
SHOWN = [persons_of_all_kinds.SENT, persons_of_all_kinds.ROW_NAME, persons_of_all_kinds.MISTYPED]
LETTERS: list[tuple[str, ...]] = [
    ("dlq", "show", "--payload", "--limit", "100", *WHY),
    ("dlq", "show", "--payload", "--limit", "100", "--json", *WHY),
]


async def play(stage: Stage) -> None:
    """Everything in the tables."""
    places = await _places(stage)
    lines = {
        (0, 1): [_filled(line, places) for line in TELLS],
        (2, 4): [_filled(line, places) for line in REFUSED],
        (2,): [_filled(line, {**places, "number": marked(f"holdings: {' '.join(line)}").number}) for line in WRONG],
    }
    codes = iter(await stage.run(*(line for some in lines.values() for line in some)))
    told = {" ".join(line): (next(codes), allowed) for allowed, some in lines.items() for line in some}
    otherwise = {line: code for line, (code, allowed) in told.items() if code not in allowed}
    assert not otherwise, otherwise
    persons = [("state", "show", one.key, *WHY, *more) for one in SHOWN for more in ((), ("--json",))]
    codes_of_shown = await stage.run(*persons, *LETTERS, to=stage.shown)
    assert not any(codes_of_shown), codes_of_shown


async def put_back_and_let_go(stage: Stage) -> None:
    """Ledger and state made anew, on topics and in a group of their own, as after a loss; then the year is closed."""
    with pytest.MonkeyPatch.context() as patch:
        for role, partitions in {"rapport": 1, "kommando": 1, "tilstand": 2}.items():
            topic = await stage.house.another_topic(f"{role}-2", partitions)
            patch.setenv(f"IPLOS_TOPICS__{role.upper()}", topic)
        patch.setenv("IPLOS_KAFKA__GRUPPE", f"{stage.house.group}-2")
        snapshot = (await _places(stage))["snapshot"]
        lines = [("runs", "rebuild"), ("runs", "list"), ("state", "import", snapshot, "--bus-from-start", *WHY)]
        codes = await stage.run(*lines)
        assert not any(codes), codes
        service = await stage.start().ready(within=120)
        codes = await stage.run(("year", "close", "2018"), ("year", "close", "2018", "--json"))
        assert not any(codes), codes
        assert await service.stopped(30) == 0


async def _places(stage: Stage) -> dict[str, str]:
    runs = [run for run in (await ledger(stage.house)).values() if run.enhet == "5001" and run.meldinger]
    return {
        "run": runs[0].kjoring,
        "other": runs[-1].kjoring,
        "snapshot": str(stage.left / "tilstand.iplos"),
        "keys": str(stage.house.keys),
        "events": str(stage.given / "events.jsonl"),
        "given": str(stage.given),
        "left": str(stage.left),
    }


def _filled(line: tuple[str, ...], places: Mapping[str, str]) -> list[str]:
    return [word.format(**places) for word in line]
