"""Look for numbers and keys in bytes, however somebody may have written them. Pure.

Whoever leaks a number seldom leaks it as it stands: a library writes it as an int, a header is base64, an error is JSON
with escapes. Each of these forms is looked for by itself.
"""

import base64
import struct
import urllib.parse
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple


class Found(NamedTuple):
    """A mark, in which form, in what. Never the number: a report of a leak must not leak."""

    mark: str
    form: str
    where: str


def search(blobs: Mapping[str, bytes], marks: Mapping[str, str]) -> list[Found]:
    """Every mark in every form, in names and in contents."""
    groups = _alike(marks)
    return [
        Found(mark, form, where)
        for where, content in blobs.items()
        for form, stem, needles in groups
        if stem in (haystack := where.encode() + b"\0" + content)
        for mark, needle in needles
        if needle in haystack
    ]


def _alike(marks: Mapping[str, str]) -> list[tuple[str, bytes, list[tuple[str, bytes]]]]:
    """Needles of one form that begin alike, with what they begin with: it is looked for first, and is seldom there."""
    groups: dict[tuple[str, str], list[tuple[str, bytes]]] = {}
    for mark, text in marks.items():
        for form, needle in forms(text):
            groups.setdefault((form, text[:4]), []).append((mark, needle))
    return [(form, _stem([one for _, one in needles]), needles) for (form, _), needles in groups.items()]


def _stem(needles: list[bytes]) -> bytes:
    """What all begin with: all that the first and the last of them in order have in common."""
    first, last = min(needles), max(needles)
    differs = (at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    return first[: next(differs, len(first))]


@cache
def forms(text: str) -> tuple[tuple[str, bytes], ...]:
    """The bytes a text may be written as. A number has more forms than other texts."""
    return (*_of_any_text(text), *(_of_a_number(text) if text.isdigit() else ()))


def _of_any_text(text: str) -> Iterator[tuple[str, bytes]]:
    raw = text.encode()
    yield "plain", raw
    yield "UTF-16, little-endian", text.encode("utf-16-le")
    yield "UTF-16, big-endian", text.encode("utf-16-be")
    yield "hex", raw.hex().encode()
    yield "hex, upper case", raw.hex().upper().encode()
    yield "JSON escapes", "".join(f"\\u{ord(sign):04x}" for sign in text).encode()
    yield "URL escapes", "".join(f"%{byte:02X}" for byte in raw).encode()
    yield "XML references", "".join(f"&#{ord(sign)};" for sign in text).encode()
    for alignment in range(3):
        yield f"base64, alignment {alignment}", _base64_within(raw, alignment)
    quoted = urllib.parse.quote(text, safe="").encode()
    if quoted != raw:
        yield "URL", quoted


def _of_a_number(text: str) -> Iterator[tuple[str, bytes]]:
    for sign in (" ", "\u00a0", "-", ".", "%20", "+", "&#160;", "\\u00a0"):
        yield f"with {sign!r} after the date", f"{text[:6]}{sign}{text[6:]}".encode()
    yield "hex of the int", f"{int(text):x}".encode()
    # msgpack and struct write what does not fit in four bytes in eight.
    yield "eight bytes, big-endian", struct.pack(">Q", int(text))
    yield "eight bytes, little-endian", struct.pack("<Q", int(text))
    yield "double", struct.pack(">d", float(text))


def _base64_within(raw: bytes, alignment: int) -> bytes:
    """What is the same in the base64 of anything that holds `raw` at this offset modulo three."""
    encoded = base64.b64encode(bytes(alignment) + raw)
    first = (alignment * 8 + 5) // 6
    last = (alignment + len(raw)) * 8 // 6
    return encoded[first:last]
