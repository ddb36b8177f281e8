"""Identity numbers. Every number here is published as synthetic or as a worked example, or made by hand below."""

from datetime import date

import pytest

from adapter.domain.identity import IdentFacts, classify, looks_like_identity, synthetic_number, without_identities

# From Skatteetaten's test register (Tenor), published in navikt/fnrvalidator issue 116: number, D-number, birth, sex.
TENOR = [
    ("17912099997", "57912075186", date(2020, 11, 17), "M"),
    ("29822099635", "69822075096", date(2020, 2, 29), "K"),
    ("05840399895", "45840375084", date(2003, 4, 5), "K"),
    ("12829499914", "52829400197", date(1994, 2, 12), "M"),
    ("12905299938", "52905200100", date(1952, 10, 12), "M"),
    ("21883649874", "61883600222", date(1936, 8, 21), "K"),
    ("21929774873", "61929750062", date(1897, 12, 21), "K"),
]

# NAV's own synthetic series, same place.
NAV = [
    ("15507600333", "55507608360", date(1976, 10, 15), "M"),
    ("29422059278", "69422056629", date(2020, 2, 29), "K"),
    ("05440355678", "45440356293", date(2003, 4, 5), "K"),
    ("12429400544", "52429405181", date(1994, 2, 12), "M"),
    ("12505209719", "52505209540", date(1952, 10, 12), "M"),
    ("21483609245", "61483601467", date(1936, 8, 21), "K"),
]


@pytest.mark.parametrize(("number", "d_number", "birth", "sex"), TENOR)
def test_a_synthetic_number_tells_birth_date_and_sex_and_that_it_is_synthetic(
    number: str, d_number: str, birth: date, sex: str
) -> None:
    facts = classify(number)
    assert (facts.type_id, facts.valid, facts.synthetic, facts.ambiguous) == ("1", True, True, False)
    assert (facts.birth_date, facts.sex, facts.by_2032_rule) == (birth, sex, False)


@pytest.mark.parametrize(("number", "d_number", "birth", "sex"), TENOR)
def test_a_d_number_tells_sex_but_never_the_birth_date(number: str, d_number: str, birth: date, sex: str) -> None:
    facts = classify(d_number)
    assert (facts.type_id, facts.valid, facts.synthetic) == ("2", True, True)
    assert (facts.birth_date, facts.sex) == (None, sex)


@pytest.mark.parametrize(("number", "d_number", "birth", "sex"), NAV)
def test_month_plus_40_is_an_h_number_or_synthetic_and_says_so(
    number: str, d_number: str, birth: date, sex: str
) -> None:
    facts = classify(number)
    assert (facts.type_id, facts.valid, facts.ambiguous, facts.synthetic) == ("3", True, True, False)
    assert (facts.birth_date, facts.sex) == (birth, sex)
    assert (classify(d_number).type_id, classify(d_number).ambiguous) == ("2", True)


@pytest.mark.parametrize(
    ("number", "type_id", "why"),
    [
        ("01668012481", "1", "month 66 is January in the test persons of the health sector"),
        ("41668012394", "2", "the same with day + 40"),
    ],
)
def test_test_persons_of_the_health_sector_are_synthetic(number: str, type_id: str, why: str) -> None:
    assert classify(number).synthetic, why
    assert classify(number).type_id == type_id


# Skatteetaten, «Nytt fødselsnummer fra 2032», and the numbers that follow from its examples.
@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("02013299997", "K1 leaves 0, but the series says born in 2032"),
        ("02013299903", "K1 leaves more than 0"),
        ("30108299939", "K1 leaves 1, born 1982"),
        ("30108299947", "K1 leaves 2"),
        ("30108299955", "K1 leaves 3"),
        ("42013299980", "a D-number"),
    ],
)
def test_a_number_that_can_only_be_from_2032_tells_neither_birth_date_nor_sex(number: str, why: str) -> None:
    facts = classify(number)
    assert facts.valid, why
    assert (facts.by_2032_rule, facts.birth_date, facts.sex) == (True, None, None), why


def test_a_number_from_2032_whose_k1_leaves_0_cannot_be_told_from_an_old_one() -> None:
    # Published as issued in 2032 to someone born 30 October 1982; by the old rule it says the same date.
    facts = classify("30108299920")
    assert (facts.valid, facts.by_2032_rule, facts.birth_date) == (True, False, date(1982, 10, 30))


def test_an_individnummer_outside_every_old_series_is_only_possible_from_2032() -> None:
    # 1945 with 600: no fødselsnummer was ever given there, D-numbers since 2021 are.
    assert classify("01014560013").by_2032_rule
    assert not classify("41014561062").by_2032_rule


def test_a_leap_day_is_judged_in_the_century_of_the_series() -> None:
    assert classify("29020075838").birth_date == date(2000, 2, 29)  # navikt/fnrvalidator's example
    assert classify("29029648784").birth_date == date(1996, 2, 29)
    # 29 February 1900 never was; the same digits may be given from 2032 to someone born in 2000.
    assert classify("29020012380").by_2032_rule


@pytest.mark.parametrize("declared", [None, "12"])
def test_an_fh_number_carries_no_meaning(declared: str | None) -> None:
    # 8·3 = 24, 24 mod 11 = 2, K1 = 9; 8·5 + 9·2 = 58, 58 mod 11 = 3, K2 = 8.
    assert classify("80000000098", declared) == IdentFacts("12", valid=True)


def test_an_old_h_number_that_begins_with_8_or_9_is_known_by_its_declaration() -> None:
    assert classify("80000000098", "3") == IdentFacts("3", valid=True)


def test_a_duf_number_has_the_remainder_of_its_first_ten_digits_at_the_end() -> None:
    # 2·4 + 0·6 + 1·3 + 8·2 + 1·4 + 2·6 + 3·3 + 4·2 + 5·7 + 6·5 = 125, 125 mod 11 = 4.
    assert classify("201812345604") == IdentFacts("10", valid=True)
    assert classify("201812345605", "10") == IdentFacts("9", valid=False, problem="check_digit")


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("", "length"),
        ("1791209999", "length"),
        ("1791209999777", "length"),
        ("179120 99997", "characters"),
        ("1791209999x", "characters"),
        ("¹7912099997", "characters"),
        ("١٧٩١٢٠٩٩٩٩٧", "characters"),
        ("31022010000", "date"),
        ("00912099997", "date"),
        ("17132099997", "date"),
        ("17602099997", "date"),
        ("79912099997", "date"),
        ("17912099998", "check_digit"),
        ("17912099987", "check_digit"),
        ("80000000099", "check_digit"),
        ("17912000100", "check_digit"),
    ],
)
@pytest.mark.parametrize("declared", [None, "1", "2", "3", "10", "12", "11", "x", ""])
def test_a_number_that_fails_its_own_check_is_sent_as_annet_with_a_reason(
    number: str, problem: str, declared: str | None
) -> None:
    facts = classify(number, declared)
    assert (facts.type_id, facts.valid, facts.problem) == ("9", False, problem)


@pytest.mark.parametrize("declared", ["4", "5", "6", "7", "8"])
def test_foreign_numbers_keep_their_declared_type_unchecked(declared: str) -> None:
    assert classify("NO-1234 AB", declared) == IdentFacts(declared, valid=True)
    assert classify("  ", declared).problem == "length"


def test_annet_is_a_promise_of_nothing_but_a_good_number_is_still_recognised() -> None:
    assert classify("lokal-4711", "9") == IdentFacts("9", valid=True)
    assert classify("", "9").problem == "length"
    assert classify("17912099997", "9").type_id == "1"


@pytest.mark.parametrize("declared", ["1", "3", "12"])
def test_the_form_of_a_valid_number_outweighs_the_declaration(declared: str) -> None:
    assert classify("57912075186", declared).type_id == "2"


def test_facts_show_nothing_of_the_number() -> None:
    shown = repr(classify("17912099997"))
    assert "17912099997" not in shown
    assert "2020" not in shown


@pytest.mark.parametrize(
    "text",
    [
        "17912099997",
        "person/17912099997",
        "person_17912099997",
        "fnr:17912099997.",
        "179120 99997",
        "179120\u00a099997",
        "nr 4 179120 99997, se 12",
        "57912075186",
        "80000000098",
        "30108299939",
        "000000-17912099998-17912099997",
        "179120-99997",
        "p17912099997",
        "pas17912099997",
        "id17912099997",
        "kunde17912099997",
        "17912099997å",
        "17912099997x2",
        "b17912099997 or k17912099997",
    ],
)
def test_an_identity_number_in_a_text_is_seen(text: str) -> None:
    assert looks_like_identity(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "nothing there"),
        ("2d2b855a-528e-4f1c-9d53-0a6b1c2d3e4f", "a UUID"),
        ("17912099998", "check digit"),
        ("31022012345", "no such date"),
        ("917912099997", "twelve digits"),
        ("a17912099997", "a word of hex digits, as random ids are"),
        ("2d2b855a-528e-4f1c-9d53-17912099997e", "the same in a UUID"),
        ("2D2B855A528E4F1C9D53B17912099997", "the same without hyphens"),
        ("p17912099997ae", "a letter, and a word of hex digits"),
        ("pas2d17912099997", "the same"),
        ("17912 099997", "blank elsewhere"),
        ("179120  99997", "two blanks"),
        ("201812345604", "DUF: guarded by nobody, twelve digits are common in ids"),
    ],
)
def test_other_texts_are_left_alone(text: str, why: str) -> None:
    assert not looks_like_identity(text), why


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("fnr 17912099997.", "fnr (fjernet)."),
        ("b'GET /179120-99997' 57912075186", "b'GET /(fjernet)' (fjernet)"),
        ("17912099998 is no number, a17912099997 is hex", "17912099998 is no number, a17912099997 is hex"),
        ("", ""),
    ],
)
def test_a_text_can_be_had_without_the_identity_numbers_in_it(text: str, left: str) -> None:
    assert without_identities(text) == left
    assert not looks_like_identity(left)


@pytest.mark.parametrize(
    ("birth", "sex", "number"),
    [
        # 1850s: no series. 1897: 500-749. 1955: 000-499. 2010: 500-999.
        (date(1853, 12, 31), "M", None),
        (date(2032, 1, 1), "K", None),
        (date(1897, 12, 21), "K", "219297500"),
        (date(1955, 11, 10), "M", "109155001"),
        (date(2010, 5, 17), "K", "178510500"),
    ],
)
def test_synthetic_numbers_come_from_the_series_of_the_birth_year(birth: date, sex: str, number: str | None) -> None:
    made = [synthetic_number(birth, "M" if sex == "M" else "K", serial) for serial in range(3)]
    if number is None:
        assert made == [None, None, None]
    else:
        assert {one[:8] for one in made if one} == {number[:8]}


def test_a_day_has_a_limited_stock_of_synthetic_numbers() -> None:
    birth = date(1955, 11, 10)
    made = [synthetic_number(birth, "M", serial) for serial in range(-1, 400)]
    assert made[0] is None
    assert made[301:] == [None] * 100  # 250 odd numbers below 500 and 50 from 900
    numbers = [number for number in made if number]
    assert len(numbers) == len(set(numbers)) > 200
