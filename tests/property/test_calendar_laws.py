"""However the ticks come, a planned run is begun once, and never outside its window."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.domain.calendar import due_runs
from adapter.domain.calendar_view import plan_view
from adapter.domain.enhet import Enhet
from adapter.domain.planned_run import Kjoretilstand, Plan, PlannedRun, RunFact
from adapter.domain.windows import vindu
from adapter.packs import load_pack

bounded = settings(max_examples=200, deadline=None)

PACK = load_pack(2018)
BEGIN = datetime(2018, 10, 20, tzinfo=UTC)
UNITS = (Enhet("5001"), Enhet("0301", "05"))

ends = st.sampled_from(("sendt", "kvittert", "kvittert-med-feil", "avvist", "ubesvart", "nektet", "feilet"))
# Moments all over the round, and many close to each other around the day that matters.
ticks = st.one_of(
    st.integers(0, 160 * 24 * 60).map(lambda minutes: BEGIN + timedelta(minutes=minutes)),
    st.integers(0, 3 * 24 * 60).map(lambda minutes: datetime(2019, 1, 1, 12, tzinfo=UTC) + timedelta(minutes=minutes)),
)
plans = st.builds(
    Plan,
    enheter=st.sampled_from((UNITS[:1], UNITS)),
    send=st.sampled_from(("never", "test", "production")),
    prove_ukedager=st.frozensets(st.integers(1, 7), max_size=3),
    prove_hver_uke=st.integers(1, 3),
    gjentak_mellomrom=st.sampled_from((timedelta(0), timedelta(hours=6))),
    gjentak_maks=st.integers(0, 4),
)


def record(planned: PlannedRun, now: datetime, tilstand: Kjoretilstand, lopenr: int) -> RunFact:
    return RunFact(
        id=f"run-of-{planned.id}",
        kommando=planned.id,
        enhet=planned.enhet,
        aar=planned.aar,
        slag=planned.slag,
        emisjon=planned.emisjon,
        tilstand="prøvd" if planned.emisjon == "ingen" else tilstand,
        startet=now,
        ferdig=now + timedelta(minutes=5),
        lopenr=lopenr,
        erstatter=planned.erstatter,
    )


@bounded
@given(plans, st.lists(st.tuples(ticks, ends, st.booleans()), max_size=40))
def test_ticks_in_any_order_and_number_give_each_run_once(
    plan: Plan, history: list[tuple[datetime, Kjoretilstand, bool]]
) -> None:
    """A tick in three is lost before the ledger has it: its command is the same when it is asked for again."""
    ledger: list[RunFact] = []
    for now, tilstand, lost in history:
        due = due_runs(now, PACK, plan, ledger)
        assert due == due_runs(now, PACK, plan, list(reversed(ledger)))
        for planned in due:
            assert planned.tidspunkt <= now < planned.frist
            window = vindu(PACK.frister, planned.slag)
            assert window is not None
            assert window.holds(now)
            if not lost:
                ledger.append(record(planned, now, tilstand, len(ledger) + 1))
        if not lost:
            following = due_runs(now, PACK, plan, ledger)
            assert not {one.id for one in due} & {one.id for one in following}
    assert all(count == 1 for count in Counter(fact.kommando for fact in ledger).values())
    ordinary = Counter((fact.enhet, fact.emisjon) for fact in ledger if fact.slag == "ordinaer")
    assert all(count == 1 for count in ordinary.values())
    # One run is followed by one repeat, and there is an end to them.
    followed = Counter(fact.erstatter for fact in ledger if fact.slag == "gjentak")
    assert all(count == 1 for count in followed.values())
    repeats = Counter(fact.enhet for fact in ledger if fact.slag == "gjentak")
    assert all(count <= plan.gjentak_maks for count in repeats.values())


@bounded
@given(plans, st.lists(st.tuples(ticks, ends), max_size=12), ticks)
def test_what_is_shown_as_due_is_what_is_due(
    plan: Plan, history: list[tuple[datetime, Kjoretilstand]], now: datetime
) -> None:
    ledger: list[RunFact] = []
    for when, tilstand in history:
        ledger += (record(one, when, tilstand, len(ledger) + 1) for one in due_runs(when, PACK, plan, ledger))
    shown = {one.id for one in plan_view(now, PACK, plan, ledger) if one.stilling == "forfalt"}
    assert shown == {one.id for one in due_runs(now, PACK, plan, ledger)}


@bounded
@given(plans, st.lists(ticks, min_size=1, max_size=30))
def test_a_service_that_looks_often_enough_sends_the_ordinary_report(plan: Plan, looks: list[datetime]) -> None:
    """Any look inside the window is enough, whatever else it has seen before."""
    begin = datetime(2019, 1, 2, 5, tzinfo=UTC)
    close = datetime(2019, 1, 15, 23, tzinfo=UTC)
    ledger: list[RunFact] = []
    for now in looks:
        ledger += (record(one, now, "kvittert", len(ledger) + 1) for one in due_runs(now, PACK, plan, ledger))
    sent = {fact.enhet for fact in ledger if fact.slag == "ordinaer"}
    assert sent == (set(plan.enheter) if any(begin <= now < close for now in looks) else set())
