"""Organisation numbers (Enhetsregisteret): nine digits, the last one modulo 11."""

from functools import lru_cache

from stdnum.no import orgnr

_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)


@lru_cache(4_096)  # a municipality has some hundred units, and every service names one
def is_valid_orgnr(number: str) -> bool:
    """Tell whether the text is exactly nine digits with a check digit that fits.

    Blanks are not forgiven: the message has nine places. The first digit is not checked either, since a number that
    is not in use yet is no worse than one that was deleted.
    """
    return len(number) == 9 and number.isascii() and number.isdigit() and orgnr.checksum(number) == 0


def synthetic_orgnr(serial: int) -> str | None:
    """Make the serial'th (0-9999999) number of a series that begins with 1, which the register does not give out.

    None where the check digit would be 10.
    """
    eight = f"{10_000_000 + serial:08}"
    check = -sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, eight, strict=True)) % 11
    return None if check == 10 else f"{eight}{check}"
