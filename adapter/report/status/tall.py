"""Numbers of persons, made safe to show: from 1 to 4 they could point at somebody, so nobody is told which it is.

| number | shown | why |
|---|---|---|
| 0 | 0 | points at nobody |
| 1 to 4 | <5 | few enough to be recognised |
| 5 and more | as it is | |

A number of persons' services, refusals or findings is hidden like one of persons. What is made of a hidden number is
hidden too: a change, a share, the length of a bar. There are no sums beside their parts, or one could subtract.
Numbers of events, partitions and other technical things are free.
"""

from typing import Literal, TypeAlias

from adapter.report.gaps.words import endring

FEW = 5
HIDDEN: Literal["<5"] = "<5"

Tall: TypeAlias = int | Literal["<5"] | None
"""None where nobody knows."""


def masked(number: int | None) -> Tall:
    """The number as it may be shown."""
    return HIDDEN if number is not None and 0 < number < FEW else number


def change(now: Tall, before: Tall) -> str:
    """`+12 %` from the year before; empty where either is hidden or unknown."""
    return endring(now, before) if isinstance(now, int) and isinstance(before, int) else ""


def size(tall: Tall) -> float:
    """How long a bar is: the same for every hidden number."""
    return tall if isinstance(tall, int) else FEW / 2 if tall == HIDDEN else 0.0
