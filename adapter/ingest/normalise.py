"""The sloppy path: what a producer wrote loosely is put right where nothing needs guessing, and counted.

Only events that the strict decoder refused come here. Each repair has a name that metrics count; whatever no repair
fits is left as it is, and the strict conversion afterwards says what is wrong.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any, Literal, TypeAlias, get_args

import msgspec
from msgspec import inspect

Repair: TypeAlias = Literal[
    "empty-to-absent", "unknown-field", "blanks", "text-to-number", "number-to-text", "date-form", "letter-case"
]
REPAIRS: tuple[Repair, ...] = get_args(Repair)
Note: TypeAlias = Callable[[Repair], None]

_HOURS = re.compile(r"([+-]?\d{1,5}(?:[.,]\d{1,4})?)\s*(?:timer|time|t|h)?\.?", re.IGNORECASE)
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-]\d{2}:\d{2})?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_COMPACT_MONTH = re.compile(r"(\d{4})(\d{2})")
_NORWEGIAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


def normalise(value: dict[str, Any], shape: type[msgspec.Struct], note: Note) -> dict[str, Any]:
    """`value` with every field put right that can be; `note` is told the name of each repair."""
    fields = _fields(shape)
    repaired: dict[str, Any] = {}
    for name, raw in value.items():
        field = fields.get(name)
        if field is None:
            note("unknown-field")
            continue
        fixed = _field(raw, field, note)
        if fixed is not None:
            repaired[name] = fixed
    return repaired


@cache
def _fields(shape: type[msgspec.Struct]) -> dict[str, inspect.Field]:
    described = inspect.type_info(shape)
    assert isinstance(described, inspect.StructType)  # noqa: S101  # every shape of the contract is a Struct
    return {field.encode_name: field for field in described.fields}


def _field(raw: Any, field: inspect.Field, note: Note) -> Any:
    kind = _present(field.type)
    if isinstance(raw, str):
        stripped = raw.strip()
        if not stripped:
            note("empty-to-absent")
            return None
        if stripped != raw:
            note("blanks")
        return _text(stripped, kind, note)
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return _number(raw, kind, note)
    if isinstance(raw, dict) and isinstance(kind, inspect.StructType):
        inner = normalise(raw, kind.cls, note)
        if not inner and not field.required:
            note("empty-to-absent")
            return None
        return inner
    return raw


def _present(kind: inspect.Type) -> inspect.Type:
    """The type of a field that is there: without its description and without None."""
    if isinstance(kind, inspect.Metadata):
        return _present(kind.type)
    if isinstance(kind, inspect.UnionType):
        return next(_present(one) for one in kind.types if not isinstance(one, inspect.NoneType))
    return kind


def _text(text: str, kind: inspect.Type, note: Note) -> Any:
    match kind:
        case inspect.IntType() if text.isascii() and text.isdigit():
            note("text-to-number")
            # Python refuses to read very long numbers; twenty digits are out of bounds everywhere.
            return int(text.lstrip("0")[:20] or "0")
        case inspect.FloatType() if hours := _HOURS.fullmatch(text):
            note("text-to-number")
            return float(hours[1].replace(",", "."))
        case inspect.BoolType() if text.lower() in _TRUTH:
            note("text-to-number")
            return _TRUTH[text.lower()]
        case inspect.DateType():
            return _date(text, note)
        case inspect.LiteralType(values=values):
            return _literal(text, values, note)
        case inspect.StrType(max_length=9) if len(parts := text.split()) > 1:
            # Only an organisation number is nine long, and people group it in threes.
            note("blanks")
            return "".join(parts)
        case inspect.StrType(max_length=7) if month := _COMPACT_MONTH.fullmatch(text):
            # Only a month is seven long; the message writes it without the hyphen.
            note("date-form")
            return f"{month[1]}-{month[2]}"
        case _:
            return text


_TRUTH = {"true": True, "ja": True, "false": False, "nei": False}


def _number(number: float, kind: inspect.Type, note: Note) -> Any:
    match kind:
        case inspect.StrType(max_length=width) if isinstance(number, int) and width in (2, 4, 9):
            # A municipality, district or organisation number lost its quotes, and perhaps its leading zero.
            note("number-to-text")
            return str(number).zfill(width)
        case inspect.LiteralType() if isinstance(number, int):
            note("number-to-text")
            return str(number)
        case inspect.DateType() | inspect.StrType(max_length=7) if isinstance(number, int):
            return _text(str(number), kind, note)
        case inspect.IntType() if isinstance(number, float) and number.is_integer():
            note("text-to-number")
            return int(number)
        case _:
            return number


def _literal(text: str, values: tuple[object, ...], note: Note) -> str:
    for value in values:
        if isinstance(value, str) and text != value and text.lower() == value.lower():
            note("letter-case")
            return value
    return text


def _date(text: str, note: Note) -> str:
    fixed = text
    if match := _MIDNIGHT.fullmatch(text):
        fixed = match[1]
    elif match := _COMPACT.fullmatch(text):
        fixed = f"{match[1]}-{match[2]}-{match[3]}"
    elif match := _NORWEGIAN.fullmatch(text):
        fixed = f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}"
    if fixed != text and _is_date(fixed):
        note("date-form")
        return fixed
    return text


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
