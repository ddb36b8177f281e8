"""What the commit of an offset says of the state: how many persons the partition held at that moment.

It is written in the transaction that writes the state, so the two can only differ when somebody else has had a hand in
the topic or in the group's offsets. Erased persons count: their state, that they are erased, is kept.
"""

import re

_VOUCHER = re.compile(r"v1 persons=([0-9]{1,12})(?: .*)?")


def voucher(persons: int) -> str:
    """The text beside the offset."""
    return f"v1 persons={persons}"


def vouched(text: str) -> int | None:
    """How many persons there must be; None when nobody vouches: an older program, or a tool that moved the offset."""
    found = _VOUCHER.fullmatch(text)
    return int(found[1]) if found else None


def is_whole(read: int, before: int | None, after: int | None) -> bool:
    """Whether so many persons may have been read between two moments at which so many were vouched for.

    Ingest only adds persons and closing a year only removes them. When both happen meanwhile, more may be read than at
    either moment, which is taken for a fault: reading again tells.
    """
    if before is None or after is None:
        return True
    return min(before, after) <= read <= max(before, after)
