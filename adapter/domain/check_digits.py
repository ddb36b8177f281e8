"""Check digits of the Norwegian identity numbers.

Two weighted sums modulo 11 guard the eleven digits. Every weight of K2 is coprime with 11, so K2 alone catches any
single wrong digit; that is why the wider K1 of 2032 costs so little.

Sources: Skatteetaten, «Nytt fødselsnummer fra 2032» (K1 and K2, both rules); the control program that SSB publishes
for KOSTRA (DUF). python-stdnum knows the rule until 2031 only, and neither DUF nor FH.
"""

from collections.abc import Sequence

_K1_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_K2_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_DUF_WEIGHTS = (4, 6, 3, 2, 4, 6, 3, 2, 7, 5)

# Numbers issued from 1 January 2032 may leave any of these; older ones always leave 0.
K1_REMAINDERS_2032 = range(4)


def k1_remainder(digits: Sequence[int]) -> int:
    """What the first check digit leaves: 0 until 2031, 0-3 from 2032, anything else is a wrong number."""
    return _remainder(_K1_WEIGHTS, digits)


def k2_holds(digits: Sequence[int]) -> bool:
    """Tell whether the last of eleven digits fits the ten before it; the same rule before and after 2032."""
    return _remainder(_K2_WEIGHTS, digits) == 0


def duf_holds(digits: Sequence[int]) -> bool:
    """Tell whether the last two of twelve digits are the remainder (00-10) of the first ten."""
    return _remainder(_DUF_WEIGHTS, digits) == 10 * digits[10] + digits[11]


def with_check_digits(nine: Sequence[int]) -> tuple[int, ...] | None:
    """Append K1 and K2 by the rule until 2031; None where one of them would be 10, for such numbers are not issued."""
    k1 = -_remainder(_K1_WEIGHTS, nine) % 11
    k2 = -_remainder(_K2_WEIGHTS, (*nine, k1)) % 11
    return None if 10 in (k1, k2) else (*nine, k1, k2)


def _remainder(weights: Sequence[int], digits: Sequence[int]) -> int:
    # Digits beyond the weights (K2 in the sum for K1, the check digits of DUF) take no part.
    return sum(weight * digit for weight, digit in zip(weights, digits, strict=False)) % 11
