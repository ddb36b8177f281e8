"""What an identity number says about itself, and no more than it may say.

| kind | mark | type_id |
|---|---|---|
| fødselsnummer | DDMMYY + individnummer + K1 K2 | 1 |
| D-number | day + 40 | 2 |
| H-number (internal to one enterprise), and NAV's synthetic series | month + 40 | 3 |
| synthetic: Norsk helsenett / Tenor, Test-Norge | month + 65 / month + 80 | 1, or 2 with day + 40 |
| felles hjelpenummer (FH) | first digit 8 or 9, no date | 12 |
| DUF | twelve digits, no date | 10 |

The facts never hold the number. Take birth date and sex from the person record first: a number tells them only if it
was issued before 2032, and about one in four of those issued later cannot be told from an old one.

Sources: Skatteetaten, «Nytt fødselsnummer fra 2032» and the news of 27 January 2021 (month + 80); navikt/fnrvalidator
(day + 40, month + 40); bekkopen/NoCommons issue 57 (month + 65, test persons of the health sector); nhn.no (FH).
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from adapter.domain.check_digits import K1_REMAINDERS_2032, duf_holds, k1_remainder, k2_holds, with_check_digits
from adapter.domain.individnummer import birth_years, individnumre

Problem = Literal["length", "characters", "date", "check_digit"]
Sex = Literal["M", "K"]

FODSELSNUMMER, D_NUMMER, H_NUMMER, ANNET, DUF, FH = "1", "2", "3", "9", "10", "12"  # list 9032

# Passports, Swedish and Danish numbers, social security and insurance policies: we have no rule to test them by.
_FOREIGN = frozenset("45678")

_D_NUMBER_DAY = 40
_AMBIGUOUS_MONTH = 40
_SYNTHETIC_MONTHS = (65, 80)
_MONTH_MARKS = (0, _AMBIGUOUS_MONTH, *_SYNTHETIC_MONTHS)

# Eleven digits and no more, in one run or with the blank or hyphen people put after the date.
_ELEVEN_DIGITS = re.compile(r"(?<![0-9])([0-9]{6})[ \xa0-]?([0-9]{5})(?![0-9])")
# What they are glued to. If all of it is hex digits, or all but the letters at its beginning, the word was most likely
# drawn at random, as the parts of a UUID are: one UUID in 19,000 has eleven digits that fit, and its row must not be
# parked for that.
_WORD_BEFORE, _WORD_AFTER = re.compile(r"[^\W_]*\Z"), re.compile(r"[^\W_]*")
_HEX, _PREFIX = re.compile(r"[0-9a-fA-F]+"), re.compile(r"\A[^\W\d_]+")
_LONGEST_WORD = 64


@dataclass(frozen=True, slots=True)
class IdentFacts:
    """What was read from one identity number."""

    type_id: str
    """Code for the ident message, list 9032. A number that fails its own check is never called more than Annet."""
    valid: bool
    problem: Problem | None = None
    synthetic: bool = False
    """From a series that is never given to living people."""
    ambiguous: bool = False
    """Month + 40: an H-number, or a synthetic number from NAV."""
    birth_date: dt.date | None = field(default=None, repr=False)
    """None for D-numbers: their series overlap between centuries, and the date in them need not be the person's."""
    sex: Sex | None = field(default=None, repr=False)
    by_2032_rule: bool = False
    """Can only have been issued from 1 January 2032; in a report for an earlier year it is a wrong number."""


def classify(number: str, declared: str | None = None) -> IdentFacts:
    """Read a number, with the type the sender declared (list 9032) where the digits cannot tell.

    A valid number is typed by its own form, whatever was declared. Never raises.
    """
    if declared in _FOREIGN:
        return IdentFacts(declared, valid=True) if number.strip() else _invalid("length")
    facts = _read(number)
    if declared == ANNET and not facts.valid and number.strip():
        return IdentFacts(ANNET, valid=True)
    if declared == H_NUMMER and facts.type_id == FH:
        # H-numbers once began with 8 or 9 as well (fnrinfo.no); only the sender knows which it is.
        return IdentFacts(H_NUMMER, valid=True)
    return facts


def looks_like_identity(text: str) -> bool:
    """Tell whether the text holds a well-formed identity number of eleven digits, with check digits that fit."""
    if len(text) < 11 or _ELEVEN_DIGITS.search(text) is None:
        return False  # nearly every text, and this is asked for every event
    return any(_is_identity(match) for match in _ELEVEN_DIGITS.finditer(text))


def without_identities(text: str, instead: str = "(fjernet)") -> str:
    """The text with every number that `looks_like_identity` sees taken out."""
    return _ELEVEN_DIGITS.sub(lambda match: instead if _is_identity(match) else match[0], text)


def synthetic_number(birth: dt.date, sex: Sex, serial: int, *, d_number: bool = False) -> str | None:
    """Make the serial'th (from 0) Test-Norge number for a birth date and sex.

    None where that serial has no valid check digits, where the day has no more serials, and for births outside
    1854-2031.
    """
    odd = 1 if sex == "M" else 0
    candidates = [individnummer for individnummer in individnumre(birth.year) if individnummer % 2 == odd]
    if not 0 <= serial < len(candidates):
        return None
    day = birth.day + (_D_NUMBER_DAY if d_number else 0)
    nine = f"{day:02}{birth.month + _SYNTHETIC_MONTHS[-1]:02}{birth.year % 100:02}{candidates[serial]:03}"
    digits = with_check_digits([int(digit) for digit in nine])
    return None if digits is None else "".join(map(str, digits))


def _is_identity(match: re.Match[str]) -> bool:
    return _read("".join(match.groups())).valid and not _is_random(match)


def _is_random(match: re.Match[str]) -> bool:
    """Whether the digits are part of a longer word of hex digits, with or without a prefix."""
    start, end = match.span()
    before = "".join(_WORD_BEFORE.findall(match.string, max(start - _LONGEST_WORD, 0), start))
    after = "".join(_WORD_AFTER.findall(match.string, end, end + _LONGEST_WORD)[:1])
    return any(map(_HEX.fullmatch, (before + after, _PREFIX.sub("", before) + after)))


def _read(number: str) -> IdentFacts:
    if not number:
        return _invalid("length")
    if not (number.isascii() and number.isdigit()):
        return _invalid("characters")
    digits = [int(digit) for digit in number] if len(number) in {11, 12} else []
    match len(digits):
        case 12:
            return IdentFacts(DUF, valid=True) if duf_holds(digits) else _invalid("check_digit")
        case 11 if digits[0] >= 8:
            fits = k1_remainder(digits) == 0 and k2_holds(digits)
            return IdentFacts(FH, valid=True) if fits else _invalid("check_digit")
        case 11:
            return _read_dated(digits)
        case _:
            return _invalid("length")


def _read_dated(digits: Sequence[int]) -> IdentFacts:
    day, month, year = _pair(digits, 0), _pair(digits, 2), _pair(digits, 4)
    individnummer = 10 * _pair(digits, 6) + digits[8]
    d_number = day > _D_NUMBER_DAY
    mark = next((mark for mark in _MONTH_MARKS if 1 <= month - mark <= 12), 0)
    day, month = day - _D_NUMBER_DAY * d_number, month - mark

    remainder = k1_remainder(digits)
    years = birth_years(year, individnummer, d_number=d_number) if remainder == 0 else frozenset()
    born = [date for date in (_date(year, month, day) for year in years) if date]
    # Without a year, any year that ends in these two digits will do; 2000-2099 has every leap day there is.
    if not born and not _date(2000 + year, month, day):
        return _invalid("date")
    if remainder not in K1_REMAINDERS_2032 or not k2_holds(digits):
        return _invalid("check_digit")

    sex: Sex = "M" if individnummer % 2 else "K"
    return IdentFacts(
        type_id=D_NUMMER if d_number else H_NUMMER if mark == _AMBIGUOUS_MONTH else FODSELSNUMMER,
        valid=True,
        synthetic=mark in _SYNTHETIC_MONTHS,
        ambiguous=mark == _AMBIGUOUS_MONTH,
        birth_date=born[0] if born and not d_number else None,
        sex=sex if born else None,
        by_2032_rule=not born,
    )


def _invalid(problem: Problem) -> IdentFacts:
    return IdentFacts(ANNET, valid=False, problem=problem)


def _pair(digits: Sequence[int], at: int) -> int:
    return 10 * digits[at] + digits[at + 1]


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
