"""The report of a run: a table of the faults, the promises and what was found, and the same as JSON."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from tests.chaos.faults import OrderReport
from tests.chaos.verdict import Aftermath, Promise, Record


def text(command: str, records: Sequence[Record], aftermath: Aftermath, promises: Sequence[Promise]) -> str:
    """What a person reads. The first line is the command that plays the same faults again."""
    faults = [one for one in records if not isinstance(one.event, OrderReport)]
    happened = sum(one.fate == "happened" for one in faults)
    lines = [f"again: {command}", "", f"{'':18}{'planned':>8}{'happened':>9}  seen"]
    for kind in sorted({type(one.event).__name__ for one in records}):
        own = [one for one in records if type(one.event).__name__ == kind]
        seen = Counter(word for one in own for word in one.seen)
        told = ", ".join(f"{word} {number}" for word, number in sorted(seen.items()))
        lines.append(f"{kind:18}{len(own):8}{sum(one.fate == 'happened' for one in own):9}  {told}")
    lines += ["", f"{happened} faults of {len(faults)} happened, in {_seconds(records):.0f} s"]
    lines += [f"lost {_lost(aftermath)}, doubled {_doubled(aftermath)}, refused because fenced {aftermath.fenced}", ""]
    lines += [f"{'kept  ' if one.kept else 'BROKEN'}  {one.name}: {one.found}" for one in promises]
    return "\n".join(lines) + "\n"


def as_json(
    command: str, records: Sequence[Record], aftermath: Aftermath, promises: Sequence[Promise]
) -> dict[str, Any]:
    """For machines, and for whoever wants to see one fault beside another."""
    return {
        "again": command,
        "faults": [
            {
                "lane": one.lane,
                "kind": type(one.event).__name__,
                "what": asdict(one.event),
                "fate": one.fate,
                "at": one.at,
                "seconds": one.seconds,
                "seen": sorted(one.seen),
            }
            for one in records
        ],
        "aftermath": asdict(aftermath),
        "promises": [one._asdict() for one in promises],
        "kept": all(one.kept for one in promises),
    }


def _lost(aftermath: Aftermath) -> int:
    return sum(one.lost for one in _diffs(aftermath))


def _doubled(aftermath: Aftermath) -> int:
    return sum(one.doubled for one in _diffs(aftermath))


def _diffs(found: Aftermath) -> tuple[Any, ...]:
    return found.bus, found.states, found.letters, found.pairs, found.commands


def _seconds(records: Sequence[Record]) -> float:
    return max((one.at + one.seconds for one in records), default=0.0)
