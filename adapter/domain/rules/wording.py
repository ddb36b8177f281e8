"""How findings put hours, periods and lists into words."""

from collections.abc import Sequence
from datetime import date


def hours(timer: float) -> str:
    """Hours with a decimal comma and at most four decimals, so that no long row of digits can come of it."""
    return f"{timer:.4f}".rstrip("0").rstrip(".").replace(".", ",")


def period(fra: date | None, til: date | None) -> str:
    """A period in words; open ends are named."""
    start = f"fra {fra}" if fra else "uten startdato"
    return f"{start} til {til}" if til else f"{start} uten sluttdato"


def listing(words: Sequence[str]) -> str:
    """`a`, `a og b`, `a, b og c`."""
    return " og ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
