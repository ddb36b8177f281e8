"""Text into XML: escaping, and the two date forms the messages use."""

from datetime import date
from functools import lru_cache

# XML 1.0 has no way to write most control characters, not even as references; they become the replacement character.
_NOT_XML = (*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)
_TEXT: dict[int, str] = dict.fromkeys(_NOT_XML, "\N{REPLACEMENT CHARACTER}")
_TEXT |= {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord("\r"): "&#13;"}
_ATTRIBUTE = _TEXT | {ord('"'): "&quot;", ord("\n"): "&#10;", ord("\t"): "&#9;"}


def escape(text: str) -> str:
    """For element content."""
    return text.translate(_TEXT)


def escape_attribute(text: str) -> str:
    """For attribute values in double quotes; blanks survive attribute normalisation."""
    return text.translate(_ATTRIBUTE)


@lru_cache(16_384)  # the days of four decades: the same ones come over and over
def date8(day: date) -> str:
    """`YYYYMMDD`, the form of the care data message."""
    return day.isoformat().replace("-", "")
