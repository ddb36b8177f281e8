"""What the rules let through, the schema lets through: never an invalid message, whatever was registered."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given

from adapter.domain.judge import Judge
from adapter.domain.rules import RULES
from adapter.domain.rules.sak import Sak
from adapter.message.gate import Gate
from adapter.message.kpr_ipl import TAIL, Innholdsinfo, Kontaktinfo, PersonWriter, head
from tests.property.test_conservation import JUDGE, cases
from tests.sound import BERGEN, PACK, aar, diagnose, dogntilbud, funksjon, person, sak, tjeneste

GATE = Gate(Path(__file__).parents[2] / "schemas" / "2018" / "xsd" / "iplos.xsd")
CONTACTS = [Kontaktinfo(number, "Navn", "12345678", "post@kommune.test") for number in (1, 2)]
HEAD = head(
    Innholdsinfo(BERGEN, CONTACTS, "1", date(2019, 1, 7), "test", "1"),
    PACK,
    "http://www.npr.no/xmlstds/iplos/2018",
    "3.5",
)


def refused(judge: Judge, case: Sak) -> list[str]:
    sent = judge.judge(case).sendes
    if sent is None or sent.person is None:
        return []
    written = PersonWriter(PACK).person(sent, sent.person.innhold, 1)
    return [str(problem) for problem in GATE.problems(f"{HEAD}{written}{TAIL}".encode())]


@given(cases())
def test_the_schema_refuses_nothing_that_the_rules_let_through(case: Sak) -> None:
    assert refused(JUDGE, case) == []


@pytest.mark.parametrize(
    ("rule_id", "faulty"),
    [
        ("S4", sak(aar(person(), tjeneste(vedtak_dato=None)))),
        ("F2", sak(aar(person(), funksjon(verdi=6)))),
        ("X2", sak(aar(person(kjonn=None, ident=None), tjeneste()))),
        ("X4", sak(aar(person(), funksjon(fra_dato=None)))),
        ("X5", sak(aar(person(), diagnose(fra_dato=None)))),
        ("X6", sak(aar(person(), dogntilbud(orgnummer="12345678")))),
    ],
)
def test_without_the_rule_the_schema_would_refuse(rule_id: str, faulty: Sak) -> None:
    # X3 holds back the one without a number, and would hide X2.
    others = [rule for rule in RULES if rule.id not in {rule_id, "X3"}]
    assert refused(Judge(others, 2018), faulty)
    assert not refused(Judge(RULES, 2018), faulty)
