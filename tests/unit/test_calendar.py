"""The calendar: what is due at a moment, and what is said when nothing is."""

from collections.abc import Sequence
from dataclasses import replace as altered
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from msgspec.structs import replace

from adapter.domain.calendar import due_runs
from adapter.domain.calendar_view import Oppslag, next_run, plan_view
from adapter.domain.enhet import Enhet
from adapter.domain.planned_run import Arsak, Emisjon, Kjoretilstand, Plan, PlannedRun, RunFact, emisjon
from adapter.domain.windows import OSLO, Slag, avslag, moment, slag_na
from adapter.domain.yearpack import Frister, YearPack
from adapter.packs import load_pack

PACK = load_pack(2018)
UNIT = Enhet("5001")
PLAN = Plan(enheter=(UNIT,), send="production")


def oslo(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OSLO)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def of_kind(slag: Slag, due: Sequence[PlannedRun]) -> list[PlannedRun]:
    return [one for one in due if one.slag == slag]


def fact_of(planned: PlannedRun, tilstand: Kjoretilstand, begun: datetime, lopenr: int = 1, rettet: int = 0) -> RunFact:
    """The ledger's record of a unit's run, as the command with this id left it."""
    return RunFact(
        id=f"run-of-{planned.id}",
        kommando=planned.id,
        enhet=planned.enhet,
        aar=planned.aar,
        slag=planned.slag,
        emisjon=planned.emisjon,
        tilstand=tilstand,
        startet=begun,
        ferdig=begun + timedelta(minutes=20),
        lopenr=lopenr,
        erstatter=planned.erstatter,
        funn_rettet=rettet,
    )


def ordinary(tilstand: Kjoretilstand, begun: str = "2019-01-02T06:00", plan: Plan = PLAN, rettet: int = 0) -> RunFact:
    [planned] = of_kind("ordinaer", due_runs(oslo(begun), PACK, plan, ()))
    return fact_of(planned, tilstand, oslo(begun), rettet=rettet)


# --- Test runs ---


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2018-10-31T23:59:59", None),
        ("2018-11-01T06:00", None),  # a Thursday; the first Monday is the 5th
        ("2018-11-05T05:59:59", None),
        ("2018-11-05T06:00", "2018-11-05"),
        ("2018-11-11T23:59", "2018-11-05"),
        ("2018-11-12T06:00", "2018-11-12"),
        ("2018-12-31T23:59:59", "2018-12-31"),
        ("2019-01-01T00:00", None),
    ],
)
def test_test_runs_are_weekly_in_their_window(now: str, day: str | None) -> None:
    due = due_runs(oslo(now), PACK, PLAN, ())
    expected = [moment(date.fromisoformat(day), time(6))] if day else []
    assert [one.tidspunkt for one in due] == expected
    assert all(one.slag == "prove" and one.emisjon == "test" for one in due)


def test_of_missed_test_runs_only_the_newest_is_caught_up_and_only_once() -> None:
    back_up = oslo("2018-12-12T15:00")
    [caught_up] = due_runs(back_up, PACK, PLAN, ())
    assert caught_up.tidspunkt == moment(date(2018, 12, 10), time(6))
    ledger = [fact_of(caught_up, "sendt", back_up)]
    assert due_runs(back_up, PACK, PLAN, ledger) == ()
    # A clock that jumps back does not bring the older ones up again.
    assert due_runs(oslo("2018-11-27T12:00"), PACK, PLAN, ledger) == ()
    assert len(due_runs(oslo("2018-12-17T06:00"), PACK, PLAN, ledger)) == 1


@pytest.mark.parametrize(
    ("plan", "days"),
    [
        (altered(PLAN, prove_ukedager=frozenset({2, 4})), ["2018-11-01", "2018-11-06", "2018-11-08"]),
        (altered(PLAN, prove_hver_uke=2), ["2018-11-12", "2018-11-26", "2018-12-10"]),
        (altered(PLAN, prove=False), []),
        (altered(PLAN, prove_ukedager=frozenset()), []),
    ],
)
def test_weekdays_and_interval_of_test_runs_are_settings(plan: Plan, days: list[str]) -> None:
    lines = [one for one in plan_view(oslo("2018-10-01T00:00"), PACK, plan, ()) if one.slag == "prove"]
    assert [str((one.tidspunkt or utc("1900-01-01")).astimezone(OSLO).date()) for one in lines][:3] == days


def test_a_year_whose_test_window_nobody_published_has_no_test_runs_and_says_so() -> None:
    pack = replace(PACK, frister=replace(PACK.frister, prove_fra=None))
    assert due_runs(oslo("2018-11-05T06:00"), pack, PLAN, ()) == ()
    assert plan_view(oslo("2018-11-05T06:00"), pack, PLAN, ())[0].stilling == "ikke-mulig"


# --- The ordinary run ---


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2018-07-01T12:00", False),
        ("2019-01-01T23:59:59", False),
        ("2019-01-02T05:59:59", False),
        ("2019-01-02T06:00", True),
        ("2019-01-03T14:00", True),  # down on the day
        ("2019-01-15T23:59:59", True),
        ("2019-01-16T00:00", False),
    ],
)
def test_the_ordinary_run_is_due_from_its_time_until_the_window_closes(now: str, due: bool) -> None:
    assert bool(of_kind("ordinaer", due_runs(oslo(now), PACK, PLAN, ()))) is due


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2019-01-02T04:59:59", False),
        ("2019-01-02T05:00:00", True),  # 06:00 in Norway in winter
        ("2019-01-15T22:59:59", True),
        ("2019-01-15T23:00:00", False),  # the 16th in Norway
    ],
)
def test_the_borders_are_norwegian_whatever_zone_the_clock_is_in(now: str, due: bool) -> None:
    for zone in (UTC, OSLO, timezone(timedelta(hours=-11)), timezone(timedelta(hours=14))):
        assert bool(due_runs(utc(now).astimezone(zone), PACK, PLAN, ())) is due


def test_day_and_time_of_the_ordinary_run_are_settings() -> None:
    plan = altered(PLAN, ordinaer_dager_etter=3, ordinaer_klokken=time(0, 30))
    assert not due_runs(oslo("2019-01-05T00:29"), PACK, plan, ())
    assert due_runs(oslo("2019-01-05T00:30"), PACK, plan, ())


def test_moving_the_time_of_day_does_not_send_again() -> None:
    ledger = [ordinary("kvittert")]
    later = altered(PLAN, ordinaer_klokken=time(12), ordinaer_dager_etter=4)
    assert due_runs(oslo("2019-01-08T12:00"), PACK, later, ledger) == ()


@pytest.mark.parametrize("tilstand", ["under-arbeid", "sendt", "kvittert", "kvittert-med-feil", "ubesvart", "prøvd"])
def test_an_ordinary_run_in_the_ledger_is_not_due_again(tilstand: Kjoretilstand) -> None:
    ledger = [ordinary(tilstand)]
    for hours in range(0, 14 * 24, 5):
        assert due_runs(oslo("2019-01-02T00:00") + timedelta(hours=hours), PACK, PLAN, ledger) == ()


def test_a_clock_that_jumps_ahead_and_back_gives_one_run() -> None:
    [ahead] = of_kind("ordinaer", due_runs(oslo("2019-01-02T06:00"), PACK, PLAN, ()))
    ledger = [fact_of(ahead, "sendt", oslo("2019-01-02T06:00"))]
    for now in ("2018-12-20T06:00", "2019-01-01T06:00", "2019-01-02T06:00", "2019-01-02T06:00:10"):
        assert of_kind("ordinaer", due_runs(oslo(now), PACK, PLAN, ledger)) == []


@pytest.mark.parametrize(
    ("tilstand", "emisjon", "unit", "due"),
    [
        ("kvittert", "produksjon", UNIT, False),
        ("avvist", "produksjon", UNIT, False),  # a repeat follows it
        ("under-arbeid", "produksjon", UNIT, False),
        ("nektet", "produksjon", UNIT, True),
        ("feilet", "produksjon", UNIT, True),
        ("kvittert", "test", UNIT, True),
        ("kvittert", "produksjon", Enhet("0301"), True),
    ],
)
def test_what_a_person_had_sent_before_the_hour_is_not_sent_once_more(
    tilstand: Kjoretilstand, emisjon: Emisjon, unit: Enhet, due: bool
) -> None:
    by_hand = altered(ordinary(tilstand), kommando="an order", enhet=unit, emisjon=emisjon)
    assert bool(of_kind("ordinaer", due_runs(oslo("2019-01-02T06:00"), PACK, PLAN, [by_hand]))) is due


def test_two_who_compute_at_different_moments_mean_the_same_run() -> None:
    moments = (oslo("2019-01-02T06:00"), oslo("2019-01-02T06:00:10"), oslo("2019-01-09T01:00"))
    assert len({one.id for now in moments for one in due_runs(now, PACK, PLAN, ())}) == 1


def test_every_unit_has_a_run_of_its_own() -> None:
    plan = altered(PLAN, enheter=(UNIT, Enhet("0301"), Enhet("0301", "05")))
    due = due_runs(oslo("2019-01-02T06:00"), PACK, plan, [ordinary("sendt")])
    assert [one.enhet for one in due] == [Enhet("0301"), Enhet("0301", "05")]
    assert len({one.id for one in due}) == 2


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        due_runs(datetime(2019, 1, 2, 6), PACK, PLAN, ())  # noqa: DTZ001  # that is the point


def test_a_year_without_message_format_has_nothing_due_and_says_why() -> None:
    pack = load_pack(2020)
    assert due_runs(oslo("2021-01-05T06:00"), pack, PLAN, ()) == ()
    [line] = plan_view(oslo("2021-01-05T06:00"), pack, PLAN, ())
    assert line.stilling == "ikke-mulig"
    assert "meldingsformat" in line.setning


# --- Summer time, leap years ---


def moved(**dates: date) -> YearPack:
    """The same pack with a round on other dates, as a pack of one's own may have."""
    return replace(PACK, frister=replace(PACK.frister, **dates))


def test_a_time_the_clocks_jump_over_comes_an_hour_later() -> None:
    # On 31 March 2019 the clocks went from 02:00 to 03:00.
    plan = altered(PLAN, ordinaer_klokken=time(2, 30))
    pack = moved(innsending_fra=date(2019, 3, 31), innsending_til=date(2019, 4, 2), rettelser_til=date(2019, 5, 1))
    assert not due_runs(utc("2019-03-31T01:29:59"), pack, plan, ())
    [due] = due_runs(utc("2019-03-31T01:30:00"), pack, plan, ())
    assert due.tidspunkt.astimezone(OSLO).strftime("%H:%M %z") == "03:30 +0200"


def test_of_two_equal_times_in_autumn_the_first_counts_and_the_run_comes_once() -> None:
    # On 28 October 2018 02:30 came twice, at 00:30 and at 01:30 UTC.
    pack = moved(prove_fra=date(2018, 10, 22), prove_til=date(2018, 11, 4))
    plan = altered(PLAN, prove_ukedager=frozenset({7}), prove_klokken=time(2, 30))
    assert not due_runs(utc("2018-10-28T00:29:59"), pack, plan, ())
    [first] = due_runs(utc("2018-10-28T00:30:00"), pack, plan, ())
    [second] = due_runs(utc("2018-10-28T01:30:00"), pack, plan, ())
    assert first == second
    ledger = [fact_of(first, "sendt", utc("2018-10-28T00:30:00"))]
    assert due_runs(utc("2018-10-28T01:30:00"), pack, plan, ledger) == ()


@pytest.mark.parametrize(
    ("day", "border"),
    [
        (date(2019, 3, 31), "2019-03-31T22:00:00"),  # closes in summer time, opened in winter time
        (date(2018, 10, 27), "2018-10-27T22:00:00"),  # the evening before the long night
        (date(2018, 10, 28), "2018-10-28T23:00:00"),
    ],
)
def test_a_window_closes_at_midnight_in_norway_also_when_the_clocks_change(day: date, border: str) -> None:
    pack = moved(innsending_fra=day, innsending_til=day, rettelser_til=day + timedelta(days=9))
    assert avslag(utc(border) - timedelta(seconds=1), pack, "ordinaer") is None
    refused = avslag(utc(border), pack, "ordinaer")
    assert refused is not None
    assert refused.kode == "for-sent"


def test_29_february_is_a_day_like_any_other() -> None:
    pack = moved(innsending_fra=date(2020, 2, 28), innsending_til=date(2020, 2, 29), rettelser_til=date(2020, 3, 21))
    plan = altered(PLAN, ordinaer_dager_etter=1)
    [due] = due_runs(oslo("2020-02-29T06:00"), pack, plan, ())
    assert due.frist == moment(date(2020, 3, 1))
    assert due_runs(oslo("2020-03-01T00:00"), pack, plan, ()) == ()
    assert slag_na(oslo("2020-02-29T23:59"), pack, sendt_for=True) == "gjentak"
    assert slag_na(oslo("2020-03-01T00:00"), pack, sendt_for=True) == "rettelse"
    weekly = moved(prove_fra=date(2020, 2, 24), prove_til=date(2020, 3, 8))
    saturdays = altered(PLAN, prove_ukedager=frozenset({6}))
    [test] = due_runs(oslo("2020-02-29T06:00"), weekly, saturdays, ())
    assert test.tidspunkt == moment(date(2020, 2, 29), time(6))


# --- Repeats ---


@pytest.mark.parametrize(
    ("tilstand", "rettet", "arsak"),
    [
        ("avvist", 0, "avvist"),
        ("nektet", 0, "ikke-sendt"),
        ("feilet", 0, "ikke-sendt"),
        ("kvittert", 0, None),
        ("kvittert", 3, "rettet"),
        ("kvittert-med-feil", 0, None),
        ("kvittert-med-feil", 1, "rettet"),
        ("ubesvart", 0, None),  # left to a person
        ("ubesvart", 1, "rettet"),
        ("sendt", 5, None),  # the receipt is waited for
        ("under-arbeid", 5, None),
        ("prøvd", 5, None),
    ],
)
def test_what_calls_for_a_repeat(tilstand: Kjoretilstand, rettet: int, arsak: Arsak | None) -> None:
    sent = ordinary(tilstand, rettet=rettet)
    due = due_runs(oslo("2019-01-03T06:00"), PACK, PLAN, [sent])
    assert [(one.slag, one.arsak, one.erstatter) for one in due] == ([("gjentak", arsak, sent.id)] if arsak else [])


@pytest.mark.parametrize(
    ("now", "due"),
    [("2019-01-02T12:19", False), ("2019-01-02T12:20", True), ("2019-01-15T23:59", True), ("2019-01-16T00:00", False)],
)
def test_a_repeat_waits_a_while_and_ends_with_the_window(now: str, due: bool) -> None:
    assert bool(due_runs(oslo(now), PACK, PLAN, [ordinary("avvist")])) is due


def test_each_run_is_repeated_once_and_the_repeat_may_be_repeated() -> None:
    first = ordinary("avvist")
    [repeat] = due_runs(oslo("2019-01-03T06:00"), PACK, PLAN, [first])
    under_way = [first, fact_of(repeat, "under-arbeid", oslo("2019-01-03T06:00"), lopenr=2)]
    assert due_runs(oslo("2019-01-03T18:00"), PACK, PLAN, under_way) == ()
    rejected = [first, fact_of(repeat, "avvist", oslo("2019-01-03T06:00"), lopenr=2)]
    [again] = due_runs(oslo("2019-01-03T18:00"), PACK, PLAN, rejected)
    assert again.erstatter == rejected[1].id
    assert again.id != repeat.id


def test_a_repeat_begun_with_the_clock_set_back_still_follows_its_cause() -> None:
    first = altered(ordinary("avvist"), startet=oslo("2019-01-09T06:00"), ferdig=oslo("2019-01-02T07:00"))
    [repeat] = due_runs(oslo("2019-01-03T06:00"), PACK, PLAN, [first])
    ledger = [first, fact_of(repeat, "avvist", oslo("2019-01-03T06:00"), lopenr=2)]
    [again] = due_runs(oslo("2019-01-04T06:00"), PACK, PLAN, ledger)
    assert again.erstatter == ledger[1].id


def test_a_command_that_broke_off_is_tried_again_though_its_run_looks_under_way() -> None:
    [planned] = due_runs(oslo("2019-01-02T06:00"), PACK, PLAN, ())
    run = fact_of(planned, "under-arbeid", oslo("2019-01-02T06:00"))
    command = altered(run, id=planned.id, tilstand="feilet", lopenr=0)
    [again] = due_runs(oslo("2019-01-03T06:00"), PACK, PLAN, [run, command])
    assert (again.arsak, again.erstatter) == ("ikke-sendt", command.id)


def test_a_district_is_repeated_by_itself() -> None:
    plan = altered(PLAN, enheter=(Enhet("0301"),))
    [planned] = due_runs(oslo("2019-01-02T06:00"), PACK, plan, ())
    begun = oslo("2019-01-02T06:00")
    command = altered(fact_of(planned, "fordelt", begun, lopenr=0), id=planned.id)
    good = altered(fact_of(planned, "kvittert", begun), id="a", enhet=Enhet("0301", "01"))
    bad = altered(fact_of(planned, "avvist", begun), id="b", enhet=Enhet("0301", "05"))
    [repeat] = due_runs(oslo("2019-01-03T06:00"), PACK, plan, [command, good, bad])
    assert (repeat.enhet, repeat.erstatter) == (Enhet("0301", "05"), "b")


def test_what_a_person_ordered_is_repeated_when_rejected_but_not_when_it_was_not_sent() -> None:
    sent = ordinary("kvittert")
    ordered = altered(sent, id="x", kommando="x", slag=None, startet=oslo("2019-01-04T10:00"), lopenr=2)
    [repeat] = due_runs(oslo("2019-01-05T00:00"), PACK, PLAN, [sent, altered(ordered, tilstand="avvist")])
    assert repeat.erstatter == "x"
    assert due_runs(oslo("2019-01-05T00:00"), PACK, PLAN, [sent, altered(ordered, tilstand="nektet")]) == ()


@pytest.mark.parametrize(
    ("change", "due"),
    [
        ({}, True),
        ({"gjentak_ved": frozenset()}, False),
        ({"gjentak_ved": frozenset({"rettet"})}, False),
        ({"gjentak_maks": 0}, False),
        ({"gjentak_mellomrom": timedelta(days=2)}, False),
    ],
)
def test_repeats_are_settings(change: dict[str, frozenset[Arsak]], due: bool) -> None:
    plan = altered(PLAN, **change)  # type: ignore[arg-type]  # one field at a time, of whatever type
    assert bool(due_runs(oslo("2019-01-03T06:00"), PACK, plan, [ordinary("avvist")])) is due


def test_repeats_come_to_an_end_and_the_calendar_says_so() -> None:
    plan = altered(PLAN, gjentak_maks=2)
    now, ledger = oslo("2019-01-03T06:00"), [ordinary("avvist")]
    while due := due_runs(now, PACK, plan, ledger):
        ledger.append(fact_of(due[0], "avvist", now, lopenr=len(ledger) + 1))
        now += timedelta(hours=12)
    assert len(ledger) == 3
    last = [one for one in plan_view(now, PACK, plan, ledger) if one.slag == "gjentak"][-1]
    assert last.stilling == "pa-bestilling"
    assert "2 gjentak" in last.setning


# --- The send switch ---


@pytest.mark.parametrize(
    ("send", "slag", "expected"),
    [
        ("never", "prove", "ingen"),
        ("never", "ordinaer", "ingen"),
        ("test", "prove", "test"),
        ("test", "ordinaer", "test"),
        ("test", "rettelse", "test"),
        ("production", "prove", "test"),
        ("production", "ordinaer", "produksjon"),
        ("production", "gjentak", "produksjon"),
        ("production", "rettelse", "produksjon"),
    ],
)
def test_how_a_run_goes_out(send: str, slag: Slag, expected: Emisjon) -> None:
    assert emisjon(send, slag) == expected  # type: ignore[arg-type]  # the table's own words


def test_turning_production_on_inside_the_window_sends_once_more_for_real() -> None:
    now = oslo("2019-01-05T06:00")
    ledger: list[RunFact] = []
    for send in ("never", "test", "production"):
        plan = altered(PLAN, send=send)
        [due] = due_runs(now, PACK, plan, ledger)
        ledger.append(fact_of(due, "prøvd" if send == "never" else "kvittert", now, lopenr=len(ledger) + 1))
        assert due_runs(now, PACK, plan, ledger) == ()
    assert [fact.emisjon for fact in ledger] == ["ingen", "test", "produksjon"]


def test_a_rejected_test_is_not_repeated_for_real() -> None:
    tried = altered(PLAN, send="test")
    ledger = [ordinary("avvist", plan=tried), ordinary("kvittert")]
    assert due_runs(oslo("2019-01-04T06:00"), PACK, PLAN, ledger) == ()
    assert len(due_runs(oslo("2019-01-04T06:00"), PACK, tried, ledger)) == 1


# --- What is refused, and what an order is ---


@pytest.mark.parametrize(
    ("now", "slag", "kode", "words"),
    [
        ("2018-10-31T23:59", "prove", "for-tidlig", "åpner 1. november 2018"),
        ("2018-11-01T00:00", "prove", None, ""),
        ("2019-01-01T00:00", "prove", "for-sent", "31. desember 2018"),
        ("2019-01-01T23:59", "ordinaer", "for-tidlig", "åpner 2. januar 2019"),
        ("2019-01-02T00:00", "ordinaer", None, ""),
        ("2019-01-16T00:00", "ordinaer", "for-sent", "rettelse til og med 21. mars 2019"),
        ("2019-01-16T00:00", "gjentak", "for-sent", "15. januar 2019"),
        ("2019-01-15T23:59", "rettelse", "for-tidlig", "åpner 16. januar 2019"),
        ("2019-03-21T23:59", "rettelse", None, ""),
        ("2019-03-22T00:00", "rettelse", "for-sent", "21. mars 2019"),
        ("2019-03-22T00:00", "ordinaer", "for-sent", "siste dag var 15. januar 2019."),
    ],
)
def test_outside_its_window_a_run_is_refused_with_a_sentence(
    now: str, slag: Slag, kode: str | None, words: str
) -> None:
    refused = avslag(oslo(now), PACK, slag)
    assert (refused and refused.kode) == kode
    assert words in (refused.setning if refused else "")


@pytest.mark.parametrize(
    ("now", "sent", "expected"),
    [
        ("2018-12-01T12:00", False, "prove"),
        ("2019-01-02T00:00", False, "ordinaer"),
        ("2019-01-02T00:00", True, "gjentak"),
        ("2019-02-01T00:00", False, "rettelse"),
        ("2019-02-01T00:00", True, "rettelse"),
        ("2018-10-01T00:00", False, "for-tidlig"),
        ("2019-01-01T12:00", False, "for-tidlig"),
        ("2019-03-22T00:00", True, "for-sent"),
    ],
)
def test_what_an_order_is_depends_on_the_day(now: str, sent: bool, expected: str) -> None:
    found = slag_na(oslo(now), PACK, sendt_for=sent)
    assert (found if isinstance(found, str) else found.kode) == expected


def test_a_correction_is_refused_where_its_deadline_was_never_published() -> None:
    pack = replace(PACK, frister=replace(PACK.frister, rettelser_til=None))
    refused = avslag(oslo("2019-02-01T00:00"), pack, "rettelse")
    assert refused is not None
    assert refused.kode == "frist-ukjent"
    assert plan_view(oslo("2019-02-01T00:00"), pack, PLAN, ())[-1].stilling == "ikke-mulig"


def test_a_correction_is_never_due_by_itself() -> None:
    ledger = [ordinary("kvittert", rettet=50)]
    for days in range(15, 80):
        assert due_runs(oslo("2019-01-01T12:00") + timedelta(days=days), PACK, PLAN, ledger) == ()


# --- What is shown ---


def standing(lines: Sequence[Oppslag], slag: Slag) -> list[str]:
    return [one.stilling for one in lines if one.slag == slag]


def test_the_calendar_shows_the_round_with_dates_and_what_comes_next() -> None:
    now = oslo("2018-11-20T12:00")
    [test] = due_runs(now, PACK, PLAN, ())
    lines = plan_view(now, PACK, PLAN, [fact_of(test, "kvittert", now)])
    assert standing(lines, "prove") == ["forbi", "forbi", "gjort", *["kommer"] * 6]
    assert standing(lines, "ordinaer") == ["kommer"]
    assert standing(lines, "rettelse") == ["kommer"]
    following = next_run(lines)
    assert following is not None
    assert following.setning == "Kjøres 26. november 2018 kl. 06.00, etter kalenderen; sendes som test."


def test_the_calendar_shows_repeats_done_and_waiting() -> None:
    first = ordinary("avvist")
    [repeat] = due_runs(oslo("2019-01-03T06:00"), PACK, PLAN, [first])
    waiting = plan_view(oslo("2019-01-02T09:00"), PACK, PLAN, [first])
    assert standing(waiting, "gjentak") == ["kommer"]
    ledger = [first, fact_of(repeat, "avvist", oslo("2019-01-03T06:00"), lopenr=2)]
    later = plan_view(oslo("2019-01-04T06:00"), PACK, PLAN, ledger)
    assert standing(later, "gjentak") == ["gjort", "forfalt"]
    after = plan_view(oslo("2019-01-17T06:00"), PACK, PLAN, ledger)
    assert standing(after, "gjentak") == ["gjort", "forbi"]
    assert standing(after, "rettelse") == ["pa-bestilling"]


def test_an_ordinary_run_that_never_was_is_shown_as_missed() -> None:
    lines = plan_view(oslo("2019-01-16T00:00"), PACK, PLAN, ())
    [line] = [one for one in lines if one.slag == "ordinaer"]
    assert line.stilling == "forbi"
    assert next_run(lines) is None


def test_settings_that_put_the_run_after_its_window_are_told() -> None:
    plan = altered(PLAN, ordinaer_dager_etter=14)
    lines = plan_view(oslo("2018-12-01T00:00"), PACK, plan, ())
    assert standing(lines, "ordinaer") == ["ikke-mulig"]


@pytest.mark.parametrize(
    "change",
    [{"prove_ukedager": frozenset({0})}, {"prove_hver_uke": 0}, {"gjentak_maks": -1}, {"ordinaer_dager_etter": -1}],
)
def test_settings_without_sense_are_refused(change: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"."):
        altered(PLAN, **change)  # type: ignore[arg-type]  # one field at a time, of whatever type


def test_a_pack_needs_only_the_dates_of_the_sending() -> None:
    pack = replace(
        PACK, frister=Frister(innsending_fra=PACK.frister.innsending_fra, innsending_til=PACK.frister.innsending_til)
    )
    assert len(due_runs(oslo("2019-01-02T06:00"), pack, PLAN, ())) == 1
