"""Nothing falls between: what is judged is sent or held back, for whatever was registered."""

import re
from collections import Counter
from copy import deepcopy

from hypothesis import given
from hypothesis import strategies as st

from adapter.domain.judge import Judge, Vurdering
from adapter.domain.rules import RULES
from adapter.domain.rules.rule import Severity
from adapter.domain.rules.sak import Sak
from adapter.domain.tilstand import Linje
from adapter.domain.yearview import PersonAar, year_view
from tests.property.registrations import UNITS, dates, histories
from tests.sound import BERGEN, PACK

JUDGE = Judge(RULES, PACK.aar)

states = histories(st.sampled_from(UNITS[:1]))


@st.composite
def cases(draw: st.DrawFn) -> Sak:
    lines: dict[str, Linje] = draw(states)
    view = year_view("person-1", lines.items(), BERGEN, PACK.aar)
    return Sak(
        pack=PACK,
        enhet=BERGEN,
        person=view or PersonAar("person-1"),
        i_dag=draw(dates),
        modus=draw(st.sampled_from(["test", "produksjon"])),
        delte_avtrykk=draw(st.frozensets(st.sampled_from([b"one....."]))),
    )


def judged_rows(judged: Vurdering) -> Counter[tuple[str, str]]:
    sent = judged.sendes.rader() if judged.sendes else []
    return Counter([(rad.kind, rad.id) for rad in sent] + [(one.kind, one.record_id) for one in judged.holdt])


@given(cases())
def test_every_row_is_sent_or_held_back_exactly_once(case: Sak) -> None:
    assert judged_rows(JUDGE.judge(case)) == Counter((rad.kind, rad.id) for rad in case.person.rader())


@given(cases())
def test_what_is_held_back_has_a_finding_that_says_so(case: Sak) -> None:
    judged = JUDGE.judge(case)
    said = {(funn.rule, funn.kind, funn.record_id) for funn in judged.funn if funn.severity is Severity.WITHHOLD}
    of_the_person = {rule for rule, kind, _ in said if kind == "person"}
    for one in judged.holdt:
        assert (one.rule, one.kind, one.record_id) in said or one.rule in of_the_person


@given(cases())
def test_nobody_is_sent_without_what_both_messages_need(case: Sak) -> None:
    sent = JUDGE.judge(case).sendes
    if sent is not None:
        assert sent.person is not None
        assert sent.person.innhold.ident is not None


@given(cases())
def test_judging_twice_gives_the_same_and_changes_nothing(case: Sak) -> None:
    before = deepcopy(case.person)
    first, second = JUDGE.judge(case), JUDGE.judge(case)
    assert (first.funn, first.holdt, first.sendes) == (second.funn, second.holdt, second.sendes)
    assert case.person == before


@given(cases())
def test_no_finding_repeats_an_identity_number_or_free_text(case: Sak) -> None:
    for funn in JUDGE.judge(case).funn:
        assert not re.search(r"[0-9]{11}", funn.text)
        assert "Ola" not in funn.text
        assert "<" not in funn.text


@given(cases())
def test_every_person_with_rows_is_checked(case: Sak) -> None:
    assert not case.person.rader() or JUDGE.judge(case).sjekker > 0
