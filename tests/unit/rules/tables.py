"""A table of examples as the test of a rule."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

import msgspec
import pytest

from adapter.domain.judge import Judge
from adapter.domain.records import Person, Record
from adapter.domain.rules.rule import Rule
from adapter.domain.rules.sak import Meldingsfakta, Sak
from adapter.domain.yearview import PersonAar
from tests.sound import aar, funksjon, person, sak, tjeneste

What: TypeAlias = Record | Sequence[Record] | PersonAar | Sak | Meldingsfakta
Expected: TypeAlias = str | tuple[str, ...] | None
Row: TypeAlias = tuple[str, What, Expected]

FIRST_WORDS = frozenset({"Rett", "Registrer", "Kontroller", "Slett", "Legg"})


def findings(rule: Rule, what: What) -> list[str]:
    """What the rule alone finds, each as «severity: text»."""
    if isinstance(what, Meldingsfakta):
        found = list(rule.check_message(what))
    else:
        case = _case(what)
        found = Judge([rule], case.pack.aar).judge(case).funn
    for one in found:
        assert one.rule == rule.id
        assert one.text.split(maxsplit=1)[0] in FIRST_WORDS, f"does not begin with what to do: {one.text}"
        assert not re.search(r"[0-9]{11}", one.text), one.text
    return [f"{one.severity}: {one.text}" for one in found]


def _case(what: What) -> Sak:
    match what:
        case Sak():
            return what
        case PersonAar():
            return sak(what)
        case Person():
            return sak(aar(what, tjeneste(), funksjon()))
        case msgspec.Struct():
            return sak(aar(person(), what))
        case Iterable():
            rows = [record for record in what if not isinstance(record, Person)]
            return sak(aar(next((record for record in what if isinstance(record, Person)), person()), *rows))
        case _:
            raise TypeError(f"{what} cannot be judged")


def rule_test(rule: Rule, rows: Sequence[Row]) -> Callable[..., None]:
    """A test of one rule out of a table of (description, what is judged, how the findings begin or None).

    A lone record is judged for a sound person, a person row with a sound service and score beside it.
    """
    assert any(expected is None for _, _, expected in rows), f"{rule.id}: no example without a finding"
    assert any(expected is not None for _, _, expected in rows), f"{rule.id}: no example with a finding"

    @pytest.mark.parametrize(
        ("what", "expected"), [pytest.param(what, begins, id=about) for about, what, begins in rows]
    )
    def the_rule_says(what: What, expected: Expected) -> None:
        wanted = (expected,) if isinstance(expected, str) else expected or ()
        found = findings(rule, what)
        assert len(found) == len(wanted), found
        for text, start in zip(found, wanted, strict=True):
            assert text.startswith(start), text

    return the_rule_says
