"""The round as those on watch see it: which units must report, what counts as sent, and when it is on at all."""

from dataclasses import replace as altered
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from msgspec.structs import replace

from adapter.domain.enhet import Enhet
from adapter.domain.planned_run import Kjoretilstand, Plan, RunFact
from adapter.domain.round_view import UTE, Enhetsrunde, Rundetilstand, reporting_units, round_view
from adapter.packs import load_pack

PACK = load_pack(2018)
UNIT, OSLO, BYDEL, ANNEN_BYDEL = Enhet("5001"), Enhet("0301"), Enhet("0301", "03"), Enhet("0301", "12")
PLAN = Plan(enheter=(UNIT,), send="production")
BEGUN = datetime(2019, 1, 2, 5, 0, tzinfo=UTC)
NOW = datetime(2019, 1, 10, 12, 0, tzinfo=UTC)


def fact(tilstand: Kjoretilstand = "sendt", lopenr: int = 1, **fields: Any) -> RunFact:
    """The unit's ordinary run."""
    name = f"run-{lopenr}"
    sound = RunFact(name, f"order-{name}", UNIT, 2018, "ordinaer", "produksjon", tilstand, BEGUN, None, lopenr)
    return altered(sound, **fields)


def order(tilstand: Kjoretilstand, enhet: Enhet = UNIT) -> RunFact:
    """A command's own record."""
    return fact(tilstand, id="order", kommando="order", enhet=enhet, lopenr=0)


def unit(*facts: RunFact, plan: Plan = PLAN, enhet: Enhet = UNIT) -> Enhetsrunde:
    runde = round_view(NOW, PACK, plan, facts)
    assert runde is not None
    [found] = [one for one in runde.enheter if one.enhet == enhet]
    return found


# --- when ---


@pytest.mark.parametrize(
    ("now", "on"),
    [
        ("2018-10-31T22:59:59+00:00", False),
        ("2018-10-31T23:00:00+00:00", True),
        ("2019-01-01T12:00:00+00:00", True),
        ("2019-01-15T23:00:00+00:00", True),  # the deadline is past and the report may be missing
        ("2019-03-21T22:59:59+00:00", True),
        ("2019-03-21T23:00:00+00:00", False),
    ],
)
def test_a_round_is_on_from_the_first_test_to_the_last_correction(now: str, *, on: bool) -> None:
    runde = round_view(datetime.fromisoformat(now), PACK, PLAN, ())
    assert (runde is not None) is on
    if runde is not None:
        assert (runde.aar, runde.frist) == (2018, datetime.fromisoformat("2019-01-15T23:00:00+00:00"))


def test_without_published_dates_the_deadline_is_seen_coming_and_ends_the_round() -> None:
    pack = replace(PACK, frister=replace(PACK.frister, prove_fra=None, prove_til=None, rettelser_til=None))
    on = [
        round_view(datetime.fromisoformat(f"{day}T12:00:00+00:00"), pack, PLAN, ()) is not None
        for day in ("2018-10-31", "2018-11-01", "2019-01-15", "2019-01-16")
    ]
    assert on == [False, True, True, False]


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        round_view(datetime(2019, 1, 10), PACK, PLAN, ())  # noqa: DTZ001  # that is the point


@pytest.mark.parametrize(("send", "how"), [("never", "ingen"), ("test", "test"), ("production", "produksjon")])
def test_it_tells_whether_what_goes_out_is_a_report(send: Any, how: str) -> None:
    runde = round_view(NOW, PACK, altered(PLAN, send=send), ())
    assert runde is not None
    assert runde.emisjon == how


# --- who ---

BOTH = Plan(enheter=(UNIT, OSLO), send="production")


@pytest.mark.parametrize(
    ("why", "facts", "expected"),
    [
        ("nothing has happened", [], [OSLO, UNIT]),
        ("districts take the place of their municipality", [fact(enhet=BYDEL)], [BYDEL, UNIT]),
        ("a dry run is enough to know them", [fact("prøvd", enhet=BYDEL, slag=None, emisjon="ingen")], [BYDEL, UNIT]),
        ("each that had a run", [fact(enhet=BYDEL), fact("nektet", 2, enhet=ANNEN_BYDEL)], [BYDEL, ANNEN_BYDEL, UNIT]),
        ("some have no district", [fact(enhet=BYDEL), fact(lopenr=2, enhet=OSLO)], [OSLO, BYDEL, UNIT]),
        ("an order is no run", [order("nektet", Enhet("0301", "99"))], [OSLO, UNIT]),
        ("an order beside its runs", [order("fordelt", OSLO), fact(enhet=BYDEL)], [BYDEL, UNIT]),
        ("another year's district", [fact(enhet=BYDEL, aar=2017)], [OSLO, UNIT]),
        ("somebody else's municipality", [fact(enhet=Enhet("4601"))], [OSLO, UNIT]),
    ],
)
def test_who_must_report(why: str, facts: list[RunFact], expected: list[Enhet]) -> None:
    assert reporting_units(2018, BOTH, facts) == expected


# --- how it stands ---


@pytest.mark.parametrize(
    ("why", "facts", "expected"),
    [
        ("nobody has tried", [], "ikke-sendt"),
        ("under way", [fact("under-arbeid")], "under-arbeid"),
        ("stopped", [fact("nektet")], "nektet"),
        ("broke off", [fact("feilet")], "feilet"),
        ("the order came to nothing", [order("nektet")], "nektet"),
        ("sent", [fact("sendt")], "sendt"),
        ("receipted", [fact("kvittert")], "kvittert"),
        ("receipted with errors", [fact("kvittert-med-feil")], "kvittert-med-feil"),
        ("rejected", [fact("avvist")], "avvist"),
        ("unanswered", [fact("ubesvart")], "ubesvart"),
        ("a repeat that is out", [fact("avvist"), fact("kvittert", 2, slag="gjentak")], "kvittert"),
        ("a repeat that is rejected", [fact("kvittert"), fact("avvist", 2, slag="gjentak")], "avvist"),
        ("what is out stays out", [fact("kvittert"), fact("nektet", 2, slag="gjentak")], "kvittert"),
        ("also while another is made", [fact("avvist"), fact("under-arbeid", 2, slag="gjentak")], "avvist"),
        ("ordered by a person", [fact(slag=None)], "sendt"),
        ("late, as a correction", [fact(slag="rettelse")], "sendt"),
        ("a test run is none", [fact(slag="prove", emisjon="test")], "ikke-sendt"),
        ("nor a dry run", [fact("prøvd", slag=None, emisjon="ingen")], "ikke-sendt"),
        ("nor a test while production is on", [fact("kvittert", emisjon="test")], "ikke-sendt"),
        ("nor last year's", [fact("kvittert", aar=2017)], "ikke-sendt"),
    ],
)
def test_how_a_unit_stands(why: str, facts: list[RunFact], expected: Rundetilstand) -> None:
    assert unit(*facts).tilstand == expected
    assert unit(*reversed(facts)).tilstand == expected


def test_the_newest_is_the_one_with_the_highest_number_whatever_the_clock_was() -> None:
    put_right = fact("kvittert", 2, slag="gjentak", startet=BEGUN - timedelta(days=1))
    assert unit(fact("avvist"), put_right).tilstand == "kvittert"


def test_a_round_of_tests_is_told_as_it_is() -> None:
    tests = altered(PLAN, send="test")
    assert unit(fact("kvittert", emisjon="test"), plan=tests).tilstand == "kvittert"
    assert unit(fact("kvittert"), plan=tests).tilstand == "ikke-sendt"


def test_what_only_runs_dry_is_never_sent() -> None:
    never = altered(PLAN, send="never")
    assert unit(fact("prøvd", emisjon="ingen"), plan=never).tilstand == "ikke-sendt"


@pytest.mark.parametrize(
    ("why", "facts", "expected"),
    [
        ("none", [], 0),
        ("one", [fact()], 1),
        ("one and its repeats", [fact(), fact(lopenr=2, slag="gjentak")], 1),
        ("two, as must not be", [fact(), fact(lopenr=2)], 2),
        ("one was stopped", [fact("nektet"), fact(lopenr=2)], 1),
        ("one was a test", [fact(emisjon="test"), fact(lopenr=2)], 1),
    ],
)
def test_ordinary_runs_that_are_out_are_counted(why: str, facts: list[RunFact], expected: int) -> None:
    assert unit(*facts).ordinare == expected


@pytest.mark.parametrize("tilstand", get_args(Kjoretilstand))
def test_an_answer_is_due_while_one_is_missing(tilstand: Kjoretilstand) -> None:
    due = unit(fact(tilstand)).svarfrist
    assert due == (BEGUN + timedelta(hours=96) if tilstand in ("sendt", "ubesvart") else None)


def test_every_state_a_run_can_end_in_is_either_out_or_not() -> None:
    assert set(get_args(Kjoretilstand)) - UTE == {"under-arbeid", "nektet", "feilet", "prøvd", "fordelt"}
