"""Free text that others wrote, made fit for ledger and log: short, on one line, and without identity numbers."""

import re

from adapter.domain.identity import looks_like_identity

REMOVED = "(fjernet)"

# Eleven digits or more, also with what people put between them. A number that was typed wrong fails its own check, but
# it still points at a person, and it is just such numbers that an error text quotes.
_LONG_NUMBER = re.compile(r"\d(?:[ \u00a0.\-/_]?\d){10,}")
_BEFORE_LOOKING = 4_000


def cleaned(text: str, most: int = 300) -> str:
    """The text on one line, at most `most` characters, every number of eleven digits or more taken out."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text[:_BEFORE_LOOKING]).split())
    line = _LONG_NUMBER.sub(REMOVED, line)
    # The same judge as for events has the last word; what it still sees cannot be cut out safely.
    if looks_like_identity(line):
        return REMOVED
    return line if len(line) <= most else line[: most - 1] + "…"
