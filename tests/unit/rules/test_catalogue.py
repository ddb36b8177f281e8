"""The list of rules as a whole."""

from pathlib import Path

import pytest

from adapter.domain.judge import Judge
from adapter.domain.records import Tjeneste
from adapter.domain.rules import RULES, catalogue
from adapter.domain.rules.rule import Rule, Severity
from tests.sound import aar, diagnose, dogntilbud, fakta, funksjon, opplysning, person, sak, tjeneste
from tests.unit.rules.tables import FIRST_WORDS

SHOWN = Path(__file__).parents[3] / "schemas" / "REGLER.md"

THE_ORDER = "M1 M2 M3 M4 M5 M6 I1 I2 I3 P1 P2 P3 S1 S2 S3 S4 S5 S6 S7 S8 S9 F1 F2 D1 Y1 T1 X1 X2 X3 X4 X5 X6 X7"


def test_every_rule_of_the_catalogue_is_there_once_and_in_order() -> None:
    assert " ".join(rule.id for rule in RULES) == THE_ORDER


def test_the_shown_list_is_the_list() -> None:
    assert SHOWN.read_text("utf-8") == catalogue.catalogue(RULES), (
        "make it anew: python -m adapter.domain.rules.catalogue > schemas/REGLER.md"
    )


def cells(rule: Rule) -> list[str]:
    row = catalogue.catalogue([rule]).splitlines()[-1]
    return [cell.strip() for cell in row.strip("|").split("|")]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_says_what_it_is(rule: Rule) -> None:
    shown = cells(rule)
    assert len(shown) == 6
    assert all(shown)
    assert shown[0] == rule.id
    assert shown[2].endswith(".")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_file_is_named_for_the_rule(rule: Rule) -> None:
    checks = [check for *_, check in (*rule.record_checks, *rule.person_checks, *rule.message_checks)]
    modules = {check.__module__ for check in checks}
    assert len(modules) == 1
    assert modules.pop().startswith(f"adapter.domain.rules.{rule.id.lower()}_")


def test_sound_records_give_no_finding_at_all() -> None:
    year = aar(person(), tjeneste(), funksjon(), diagnose(), dogntilbud(), opplysning())
    judged = Judge(RULES, 2018).judge(sak(year))
    assert judged.funn == []
    assert judged.holdt == []
    assert judged.sendes is year


def test_a_sound_message_gives_no_finding_at_all() -> None:
    assert [funn for rule in RULES for funn in rule.check_message(fakta())] == []


def test_no_record_can_block_the_message() -> None:
    blocking = Rule(id="Z1", title="", severity=Severity.BLOCK, ground="")
    with pytest.raises(ValueError, match="Z1: only a check of the message can block it"):
        blocking.for_person()(lambda *_: ())
    with pytest.raises(ValueError, match="Z1: only a check of the message can block it"):
        blocking.for_each(Tjeneste)(lambda *_: None)


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [(0, 9999, "alle"), (2019, 9999, "fra 2019"), (0, 2018, "til 2018"), (2019, 2021, "fra 2019 til 2021")],
)
def test_years_are_shown_and_kept(first: int, last: int, shown: str) -> None:
    checks = RULES[0].message_checks
    rule = Rule("Z1", "t", Severity.WARN, "g", from_year=first, to_year=last, message_checks=checks)
    assert cells(rule)[-1] == shown
    assert rule.applies_to(2018) is (first <= 2018)
    assert rule.applies_to(2022) is (last == 9999)


def test_the_words_a_text_may_begin_with_stand_in_the_readme() -> None:
    readme = (Path(catalogue.__file__).parent / "README.md").read_text("utf-8")
    assert all(word in readme for word in FIRST_WORDS)
