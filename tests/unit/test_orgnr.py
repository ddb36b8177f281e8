"""Organisation numbers."""

import pytest

from adapter.domain.orgnr import is_valid_orgnr, synthetic_orgnr


@pytest.mark.parametrize(
    ("number", "valid", "why"),
    [
        ("123456785", True, "Enhetsregisteret's own example"),
        ("123456786", False, "check digit"),
        ("213456785", False, "first two digits swapped"),
        ("12345678", False, "eight digits"),
        ("1234567850", False, "ten digits"),
        ("", False, "nothing"),
        ("123 456 785", False, "blanks have no place in nine characters"),
        ("12345678x", False, "a letter"),
        ("¹23456785", False, "a digit, but not one of the ten"),
    ],
)
def test_an_orgnr_is_nine_digits_with_a_check_digit_that_fits(number: str, *, valid: bool, why: str) -> None:
    assert is_valid_orgnr(number) is valid, why


def test_a_synthetic_orgnr_is_valid_and_outside_the_series_in_use() -> None:
    numbers = [number for number in map(synthetic_orgnr, range(200)) if number]
    assert len(set(numbers)) == len(numbers) > 150
    assert all(is_valid_orgnr(number) and number.startswith("1") for number in numbers)
