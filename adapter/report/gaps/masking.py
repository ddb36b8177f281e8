"""What the journal system calls a row, made safe to print.

A row named by an identity number is parked at the door, but only if its check digits fit. One with a slip of the pen
gets in; and a report lies on desks. So of eleven digits or more in a row only the last four are shown.
"""

import re

_LONG = re.compile(r"[0-9]{6}[ \xa0-]?[0-9]{5,}")


def shown(text: str) -> str:
    """The text with every long row of digits cut down to its end."""
    return _LONG.sub(lambda found: f"***{found[0][-4:]}", text)
