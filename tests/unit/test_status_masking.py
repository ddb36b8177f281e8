"""No page and no JSON tells of a single person: not by a small number, not by a bar, not by somebody's words."""

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as changed

from adapter.report.live import Open
from adapter.report.status.render import to_html
from adapter.report.status.status import to_json
from adapter.report.status.tall import Tall, change, masked, size
from tests.unit.status_example import (
    STATUSES,
    answered,
    counted,
    last_year,
    run,
    status,
)

# --- masking ---


@pytest.mark.parametrize(
    ("number", "expected"), [(None, None), (0, 0), (1, "<5"), (4, "<5"), (5, 5), (621, 621)], ids=str
)
def test_from_one_to_four_nobody_is_told_which(number: int | None, expected: Tall) -> None:
    assert masked(number) == expected


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (621, 598, "+4\u00a0%"),
        (0, 10, "−100\u00a0%"),
        (7, 0, "ny"),
        ("<5", 598, ""),
        (598, "<5", ""),
        (598, None, ""),
        (None, None, ""),
    ],
)
def test_a_change_from_or_to_a_hidden_number_is_hidden(now: Tall, before: Tall, expected: str) -> None:
    assert change(now, before) == expected


def test_every_hidden_number_has_the_same_bar() -> None:
    assert {size(masked(number)) for number in range(1, 5)} == {2.5}


few = st.integers(1, 4)
number = st.one_of(st.just(0), few, st.integers(5, 40))


@st.composite
def counts(draw: st.DrawFn) -> dict[str, Any]:
    """What a run might have counted of persons, each number small or large."""
    return counted(
        draw(number),
        personer_holdt=draw(number),
        rader_sendt={"tjeneste": draw(number)},
        avslag_sendt=draw(number),
        holdt_etter_regel={},
        funn={},
        funn_etter_alvor={alvor: draw(number) for alvor in ("block", "withhold", "warn")},
    )


def others(data: st.DataObject, found: Any) -> Any:
    """The same counts, where each from 1 to 4 is any other of them."""
    if isinstance(found, dict):
        return {name: others(data, value) for name, value in found.items()}
    return data.draw(few) if isinstance(found, int) and 0 < found < 5 else found


@given(st.data())
def test_nothing_shown_depends_on_which_small_number_it_is(data: st.DataObject) -> None:
    """Neither a figure, a sum, a change, a bar nor anything in the JSON: not one byte."""
    now, before = data.draw(counts()), data.draw(counts())
    live = {Open("5001", rule, alvor): data.draw(number) for rule, alvor in (("S3", "withhold"), ("P1", "warn"))}
    state: dict[str, Any] = {name: data.draw(number) for name in ("persons", "records", "waiting")}

    def shown(now: dict[str, Any], before: dict[str, Any], live: dict[Open, int], state: dict[str, Any]) -> bytes:
        sent = answered(run(resultat=now, steg="bygger", steg_av=now["personer_sendt"]), "ok")
        made = status(sent, changed(last_year(), resultat=before), open=Counter(live), **state)
        return to_html(made).encode() + to_json(made)

    one = shown(now, before, live, state)
    assert one == shown(*(others(data, found) for found in (now, before, live, state)))


def people(made: Any) -> list[Tall]:
    """Every number of persons in the JSON, by the names of the fields that hold them."""
    names = {"i_ar", "i_fjor", "block", "withhold", "warn", "personer", "rader", "venter_pa_vurdering"}
    found: list[Tall] = []
    for name, value in made.items() if isinstance(made, dict) else enumerate(made) if isinstance(made, list) else ():
        found += [value] if name in names and not isinstance(value, dict) else people(value)
    return found


@given(st.data())
def test_no_number_of_persons_under_five_is_told(data: st.DataObject) -> None:
    made = status(run(resultat=data.draw(counts())), changed(last_year(), resultat=data.draw(counts())))
    told = people(json.loads(to_json(made)))
    assert len(told) >= 14
    assert not {1, 2, 3, 4} & {one for one in told if isinstance(one, int)}


def test_the_tables_of_the_units_have_no_sums_to_subtract_from() -> None:
    """One hidden district among fourteen shown: a sum beside them would tell it."""
    made = STATUSES["city"]
    shown = [one.tellinger.personer.i_ar for one in made.enheter if one.tellinger]
    assert shown.count("<5") == 1
    numbers = [one for one in shown if isinstance(one, int)]
    page = to_html(made).replace("\u00a0", "")
    assert not [total for few in range(1, 5) if str(total := sum(numbers) + few) in page]


# --- nothing of a person, no words of a person ---


def test_who_ordered_a_run_and_in_which_words_stays_in_the_ledger() -> None:
    asked = run(bestilt_av="Kari Nordmann", grunn="gjelder 12845612345", emisjon="ingen", status="prøvd", slag=None)
    made = status(asked)
    assert not made.kjoringer[0].fra_kalenderen
    for text in (to_html(made), to_json(made).decode()):
        assert "Kari" not in text
        assert "12845612345" not in text


def test_a_refusal_is_told_by_rule_and_never_by_the_rules_text() -> None:
    text = "M1: Rett meldingen: den bryter skjemaet for 2018 3 ganger; først: 'demens' is not accepted"
    refused = run(status="nektet", meldinger=[], grunn=text, resultat=counted(stoppet_av=[text, "M0: noe"]))
    [line] = status(refused).kjoringer
    assert line.hvorfor == "Stoppet av M0 (Kontrollen av rapporten selv), M1 (Meldingen følger ikke skjemaet)."


def test_what_the_adapter_says_of_its_own_settings_is_passed_on_with_long_numbers_cut() -> None:
    refused = run(status="nektet", meldinger=[], resultat={}, grunn="rapport.send er 'never' for 12845612345.")
    assert status(refused).kjoringer[0].hvorfor == "rapport.send er 'never' for ***2345."
