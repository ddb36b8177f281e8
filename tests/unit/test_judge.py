"""The judge: what is held back, and that nothing falls between."""

from collections.abc import Iterator
from datetime import date

import pytest

from adapter.domain.judge import Holdt, Judge
from adapter.domain.records import KINDS, Funksjon, Person, Record, Tjeneste
from adapter.domain.rules import RULES
from adapter.domain.rules.rule import Funn, Rule, Severity
from adapter.domain.rules.sak import Sak
from adapter.domain.yearview import PersonAar, Rad
from tests.sound import aar, diagnose, dogntilbud, funksjon, ident, opplysning, person, sak, tjeneste

JUDGE = Judge(RULES, 2018)


def sent(year: PersonAar | None) -> list[str]:
    return [rad.id for rad in year.rader()] if year else []


def held(held: list[Holdt]) -> list[tuple[str, str]]:
    return [(one.record_id, one.rule) for one in held]


def test_only_the_faulty_row_is_held_back() -> None:
    year = aar(person(), tjeneste(), tjeneste(fra_dato=None), funksjon(), funksjon(verdi=7))
    judged = JUDGE.judge(sak(year))
    assert sent(judged.sendes) == ["r3", "r1"]
    assert sorted(judged.holdt) == [Holdt("funksjon", "r4", "F2"), Holdt("tjeneste", "r2", "S2")]


def test_a_fault_of_the_person_holds_every_row_back() -> None:
    judged = JUDGE.judge(sak(aar(person(ident=None), tjeneste(), funksjon())))
    assert judged.sendes is None
    assert sorted(held(judged.holdt)) == [("r1", "X3"), ("r2", "X3")]


def test_a_row_with_a_fault_of_its_own_keeps_it_when_the_person_is_held_back() -> None:
    judged = JUDGE.judge(sak(aar(person(ident=None), tjeneste(vedtak_dato=None), funksjon())))
    assert sorted(held(judged.holdt)) == [("r1", "S4"), ("r2", "X3")]


def test_a_row_is_held_once_by_the_first_of_its_faults_and_all_are_told() -> None:
    faulty = tjeneste(tjenestetype=999, vedtak_dato=None, timer_per_uke=200.0)
    judged = JUDGE.judge(sak(aar(person(), faulty, funksjon())))
    assert held(judged.holdt) == [("r1", "S1")]
    assert [funn.rule for funn in judged.funn] == ["S1", "S4", "S6"]


def test_a_remark_holds_nothing_back() -> None:
    year = aar(person(), tjeneste(orgnummer=None), funksjon())
    judged = JUDGE.judge(sak(year))
    assert [(funn.rule, funn.severity) for funn in judged.funn] == [("S5", Severity.WARN)]
    assert judged.sendes is year
    assert judged.holdt == []


def test_a_person_whose_every_row_is_held_back_is_still_sent() -> None:
    judged = JUDGE.judge(sak(aar(person(), tjeneste(vedtak_dato=None))))
    assert judged.sendes is not None
    assert judged.sendes.person is not None
    assert sent(judged.sendes) == []


def test_rows_of_nobody_are_held_back_and_the_finding_names_no_row() -> None:
    judged = JUDGE.judge(sak(aar(None, tjeneste(), funksjon())))
    assert judged.sendes is None
    assert [funn[:4] for funn in judged.funn] == [("X1", Severity.WITHHOLD, "person", "")]
    assert sorted(held(judged.holdt)) == [("r1", "X1"), ("r2", "X1")]


def test_a_finding_names_the_row_and_the_service() -> None:
    judged = JUDGE.judge(sak(aar(person(), tjeneste(tjenestetype=1, vedtak=None), funksjon())))
    assert judged.funn == [
        Funn(
            rule="S8",
            severity=Severity.WARN,
            kind="tjeneste",
            record_id="r1",
            text="Registrer utfallet av vedtaket 2018-01-20: innvilget eller avslag.",
            tjenestetype=1,
        )
    ]


def test_a_finding_about_the_persons_year_names_the_person_row() -> None:
    judged = JUDGE.judge(sak(aar(person(), tjeneste())))
    assert [funn[:4] for funn in judged.funn] == [("F1", Severity.WARN, "person", "p1")]


def test_what_is_judged_stays_as_it_was() -> None:
    year = aar(person(ident=ident(gyldig=False, type="9")), tjeneste(fra_dato=None), funksjon(verdi=7))
    before = (year.person, *year.rader())
    JUDGE.judge(sak(year))
    assert (year.person, *year.rader()) == before


ALONE: dict[str, Record] = {
    "personopplysning": opplysning(),
    "funksjon": funksjon(),
    "tjeneste": tjeneste(),
    "diagnose": diagnose(),
    "dogntilbud": dogntilbud(),
}


def test_there_is_an_example_of_every_kind_a_year_holds() -> None:
    assert set(ALONE) == set(KINDS) - {"person", "sammenslaing"}


@pytest.mark.parametrize("kind", ALONE)
def test_no_record_goes_unchecked(kind: str) -> None:
    record = ALONE[kind]
    for row in (person(), None):
        assert JUDGE.judge(sak(aar(row, record))).sjekker > 0
    checks = [rule for rule in RULES for wanted, *_ in rule.record_checks if wanted is type(record)]
    assert checks, f"no rule looks at {kind}"


def test_zero_rules_are_zero_checks() -> None:
    assert Judge([], 2018).judge(sak(aar(person(), tjeneste()))).sjekker == 0


# The judge by itself, with rules made for the purpose.


def a_rule(severity: Severity = Severity.WITHHOLD, from_year: int = 0, to_year: int = 9999) -> Rule:
    return Rule(id="Z1", title="z", severity=severity, ground="z", from_year=from_year, to_year=to_year)


def test_a_check_of_the_persons_year_can_hold_one_row_back() -> None:
    rule = a_rule()

    @rule.for_person()
    def the_second_service(year: PersonAar, _: Sak) -> Iterator[tuple[Rad[Tjeneste], str]]:
        yield year.tjenester[1], "Rett."

    judged = Judge([rule], 2018).judge(sak(aar(person(), tjeneste(), tjeneste())))
    assert sent(judged.sendes) == ["r1"]
    assert judged.holdt == [Holdt("tjeneste", "r2", "Z1")]
    assert [(funn.kind, funn.record_id) for funn in judged.funn] == [("tjeneste", "r2")]


def test_a_check_of_the_persons_year_that_names_the_person_row_holds_the_person_back() -> None:
    rule = a_rule()

    @rule.for_person()
    def the_person(year: PersonAar, _: Sak) -> Iterator[tuple[Rad[Record] | None, str]]:
        yield year.person, "Rett."

    judged = Judge([rule], 2018).judge(sak(aar(person(), tjeneste())))
    assert judged.sendes is None
    assert judged.holdt == [Holdt("tjeneste", "r1", "Z1")]


def test_the_first_fault_of_the_person_is_the_one_that_holds() -> None:
    first, second = a_rule(), Rule(id="Z2", title="z", severity=Severity.WITHHOLD, ground="z")
    for rule in (first, second):
        rule.for_person()(lambda *_: [(None, "Rett.")])
    judged = Judge([first, second], 2018).judge(sak(aar(person(), tjeneste())))
    assert held(judged.holdt) == [("r1", "Z1")]
    assert [funn.rule for funn in judged.funn] == ["Z1", "Z2"]


def test_two_checks_of_one_rule_may_differ_in_severity() -> None:
    rule = a_rule(Severity.WARN)
    rule.for_each(Funksjon)(lambda *_: "Kontroller.")
    rule.for_each(Funksjon, Severity.WITHHOLD)(lambda *_: "Rett.")
    judged = Judge([rule], 2018).judge(sak(aar(person(), funksjon())))
    assert [(funn.severity, funn.text) for funn in judged.funn] == [
        (Severity.WARN, "Kontroller."),
        (Severity.WITHHOLD, "Rett."),
    ]


@pytest.mark.parametrize(("year", "in_force"), [(2018, False), (2019, True), (2020, True), (2021, False)])
def test_a_rule_is_asked_only_in_its_years(year: int, *, in_force: bool) -> None:
    rule = a_rule(from_year=2019, to_year=2020)
    rule.for_each(Person)(lambda *_: "Rett.")
    judged = Judge([rule], year).judge(sak(aar(person(dod_dato=date(1990, 1, 1)), tjeneste())))
    assert bool(judged.funn) is in_force
