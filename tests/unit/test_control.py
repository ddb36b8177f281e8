"""The calendar's hand, its pure parts: what a ledger looks like to the calendar, and when it looks again."""

from dataclasses import replace as altered
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

import pytest

from adapter.domain.enhet import Enhet
from adapter.domain.planned_run import Kjoretilstand, Plan, RunFact
from adapter.domain.receipts import Svar
from adapter.packs import load_pack, load_places
from adapter.report.control import enhet_of, looks, mended, packs_with_format, plan_of, round_is_open, run_facts
from adapter.report.ledger import Kjoring, Sendt
from adapter.settings.config import Config, Kalender, Kommune, Kontakt, Part, Rapport

PACK, PLACES = load_pack(2018), load_places()
UNIT, BYDEL = Enhet("5001"), Enhet("0301", "03")
PLAN = Plan(enheter=(UNIT,), send="production")
BEGUN = datetime(2019, 1, 7, 12, 0, tzinfo=UTC)
ENDED = BEGUN + timedelta(minutes=20)
HOUR = timedelta(hours=1)


def run(name: str = "run", **fields: Any) -> Kjoring:
    """A run of the unit that was sent."""
    sound: dict[str, Any] = {
        "kjoring": name,
        "kommando": f"command-of-{name}",
        "bestilt_av": "kalenderen",
        "enhet": "5001",
        "aar": 2018,
        "emisjon": "produksjon",
        "lopenr": "1",
        "tidspunkt": BEGUN,
        "ferdig": ENDED,
        "status": "sendt",
        "slag": "ordinaer",
        "meldinger": [Sendt(melding_id=f"{name}-{kind}", type=kind, bytes=1, sha256="", deler=1) for kind in "ab"],
        "resultat": {"funn": {"S3": 2, "P1": 1}},
    }
    return Kjoring(**sound | fields)


def answers(status: Any, *kinds: str) -> list[Svar]:
    return [Svar(f"svar-{kind}", f"run-{kind}", status, ENDED) for kind in kinds]


# --- enhet_of ---


@pytest.mark.parametrize(("text", "enhet"), [("5001", UNIT), ("0301-03", BYDEL)])
def test_a_unit_is_read_back_from_the_ledger(text: str, enhet: Enhet) -> None:
    assert enhet_of(text) == enhet
    assert str(enhet) == text


# --- mended ---

LATER = ENDED + timedelta(minutes=1)


def look(funn: dict[str, int], at: datetime = LATER, **fields: Any) -> Kjoring:
    """A dry run that counted findings."""
    return run(
        f"look-{at.isoformat()}",
        **{"status": "prøvd", "emisjon": "ingen", "slag": None, "tidspunkt": at, "ferdig": at + timedelta(minutes=5)}
        | {"resultat": {"funn": funn}}
        | fields,
    )


@pytest.mark.parametrize(
    ("why", "since", "expected"),
    [
        ("nobody looked", [], 0),
        ("nothing changed", [look({"S3": 2, "P1": 1})], 0),
        ("one of two is gone", [look({"S3": 1, "P1": 1})], 1),
        ("a rule is without findings", [look({"S3": 2})], 1),
        ("all are gone", [look({})], 3),
        ("new ones do not make up for those that are gone", [look({"S3": 0, "P1": 1, "D1": 9})], 2),
        ("more than before", [look({"S3": 5, "P1": 1})], 0),
        ("the newest look counts", [look({}), look({"S3": 2, "P1": 1}, at=LATER + HOUR)], 0),
        ("also when it stands first", [look({"S3": 2, "P1": 1}, at=LATER + HOUR), look({})], 0),
        ("a look at the moment it ended is none", [look({}, at=ENDED)], 0),
        ("a look from before it ended is none", [look({}, at=BEGUN + timedelta(minutes=1))], 0),
        ("another unit's look", [look({}, enhet="0301-03")], 0),
        ("another year's look", [look({}, aar=2019)], 0),
        ("a look that counted nothing", [look({}, resultat={})], 0),
        ("a run that was stopped counted too", [look({"P1": 1}, status="nektet", emisjon="produksjon")], 2),
        ("a later run that was sent", [look({"P1": 1}, status="sendt", emisjon="test")], 2),
    ],
)
def test_what_is_mended_is_what_the_newest_look_no_longer_finds(why: str, since: list[Kjoring], expected: int) -> None:
    sent = run()
    assert mended(sent, [sent, *since]) == expected
    assert mended(sent, [*since, sent]) == expected


@pytest.mark.parametrize(
    "fields",
    [{"status": "prøvd"}, {"status": "nektet"}, {"status": "planlagt"}, {"resultat": {}}],
    ids=["prøvd", "nektet", "planlagt", "gjenopprettet"],
)
def test_only_of_a_sent_run_that_was_counted_can_anything_be_mended(fields: dict[str, Any]) -> None:
    one = run(**fields)
    assert mended(one, [one, look({})]) == 0


def test_without_an_end_of_its_own_a_run_counts_from_its_beginning() -> None:
    one = run(ferdig=None)
    assert mended(one, [one, look({}, at=BEGUN + timedelta(minutes=1))]) == 3


# --- run_facts ---


class Looked(dict[str, Any]):
    """Counts that know how often somebody asked whether there are any."""

    times = 0

    def __len__(self) -> int:
        self.times += 1
        return super().__len__()


def test_a_ledger_of_many_looks_is_gone_through_and_not_multiplied() -> None:
    sent = run()
    looks = [look({"S3": 1}, at=LATER + number * HOUR, resultat=Looked(funn={"S3": 1})) for number in range(200)]
    [first, *_] = run_facts([sent, *looks], ENDED)
    assert first.funn_rettet == mended(sent, looks) == 2
    assert max(cast("Looked", one.resultat).times for one in looks) <= 3


@pytest.mark.parametrize(
    ("fields", "now", "expected"),
    [
        ({"status": "planlagt"}, ENDED, "under-arbeid"),
        ({"status": "bygget"}, ENDED, "under-arbeid"),
        ({"status": "nektet"}, ENDED, "nektet"),
        ({"status": "feilet"}, ENDED, "feilet"),
        ({"status": "prøvd"}, ENDED, "prøvd"),
        ({"status": "fordelt"}, ENDED, "fordelt"),
        ({}, ENDED, "sendt"),
        ({}, BEGUN + timedelta(hours=96) - timedelta(seconds=1), "sendt"),
        ({}, BEGUN + timedelta(hours=96), "ubesvart"),
        ({"svar": answers("ok", "a")}, ENDED, "sendt"),
        ({"svar": answers("ok", "a")}, BEGUN + timedelta(hours=96), "ubesvart"),
        ({"svar": answers("ok", "a", "b")}, ENDED, "kvittert"),
        ({"svar": answers("avvist", "a")}, ENDED, "avvist"),
        ({"svar": [*answers("ok", "a"), *answers("ok-med-feil", "b")]}, ENDED, "kvittert-med-feil"),
    ],
)
def test_the_state_of_a_fact_is_derived_at_that_moment(
    fields: dict[str, Any], now: datetime, expected: Kjoretilstand
) -> None:
    [fact] = run_facts([run(**fields)], now)
    assert fact.tilstand == expected


def test_a_fact_has_all_that_the_ledger_knows() -> None:
    sent = run("repeat", enhet="0301-03", slag="gjentak", lopenr="12", erstatter="run")
    mending = look({"S3": 1}, enhet="0301-03")
    assert run_facts((one for one in (sent, mending)), ENDED)[0] == RunFact(
        id="repeat",
        kommando="command-of-repeat",
        enhet=BYDEL,
        aar=2018,
        slag="gjentak",
        emisjon="produksjon",
        tilstand="sendt",
        startet=BEGUN,
        ferdig=ENDED,
        lopenr=12,
        erstatter="run",
        funn_rettet=2,
    )


def test_a_command_s_own_record_is_a_fact_without_number() -> None:
    [fact] = run_facts([run(kommando="run", lopenr="", status="fordelt", meldinger=[], ferdig=None)], ENDED)
    assert (fact.id, fact.kommando, fact.lopenr, fact.ferdig) == ("run", "run", 0, None)


# --- looks ---


def fact(tilstand: Kjoretilstand = "kvittert", **fields: Any) -> RunFact:
    sound = RunFact("run", "command", UNIT, 2018, "ordinaer", "produksjon", tilstand, BEGUN, ENDED, 1)
    return altered(sound, **fields)


def looked(now: datetime, *facts: RunFact, plan: Plan = PLAN, every: timedelta = HOUR) -> list[tuple[RunFact, str]]:
    return list(looks(PACK, plan, facts, now, every))


@pytest.mark.parametrize(
    ("why", "one", "after", "expected"),
    [
        ("sent", fact("sendt"), HOUR, 1),
        ("receipted", fact("kvittert"), HOUR, 1),
        ("receipted with errors", fact("kvittert-med-feil"), HOUR, 1),
        ("rejected: it is repeated anyway", fact("avvist"), HOUR, 0),
        ("unanswered: a matter for a person", fact("ubesvart"), HOUR, 0),
        ("under way", fact("under-arbeid"), HOUR, 0),
        ("refused", fact("nektet"), HOUR, 0),
        ("a test run", fact(slag="prove", emisjon="test"), HOUR, 0),
        ("sent as a test while production is on", fact(emisjon="test"), HOUR, 0),
        ("another municipality", fact(enhet=BYDEL), HOUR, 0),
        ("another year", fact(aar=2017), HOUR, 0),
        ("a moment too early", fact(), HOUR - timedelta(seconds=1), 0),
        ("many hours after", fact(), 30 * HOUR, 1),
        ("the clock was set back", fact(), -HOUR, 0),
    ],
)
def test_who_is_looked_at_again(why: str, one: RunFact, after: timedelta, expected: int) -> None:
    found = looked(ENDED + after, one)
    assert [sent for sent, _ in found] == [one] * expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2019-01-01T22:59:59+00:00", 0),
        ("2019-01-01T23:00:00+00:00", 1),
        ("2019-01-15T22:59:59+00:00", 1),
        ("2019-01-15T23:00:00+00:00", 0),
        ("2019-02-01T12:00:00+00:00", 0),
    ],
)
def test_it_is_looked_again_only_while_a_repeat_can_be_sent(now: str, expected: int) -> None:
    early = fact(startet=datetime(2018, 12, 1, tzinfo=UTC), ferdig=datetime(2018, 12, 1, tzinfo=UTC))
    assert len(looked(datetime.fromisoformat(now), early)) == expected


def test_one_look_in_each_span_whoever_asks_and_however_often() -> None:
    first, again = looked(ENDED + HOUR, fact()), looked(ENDED + 2 * HOUR - timedelta(seconds=1), fact())
    assert first == again
    [(_, ident)] = first
    [(_, following)] = looked(ENDED + 2 * HOUR, fact())
    assert ident != following
    done = fact("prøvd", id="look", kommando=ident, slag=None, emisjon="ingen", startet=ENDED + HOUR, lopenr=2)
    assert looked(ENDED + HOUR + timedelta(minutes=30), fact(), done) == []
    assert [one for _, one in looked(ENDED + 2 * HOUR, fact(), done)] == [following]


def test_the_span_is_counted_from_the_beginning_when_the_end_is_not_known() -> None:
    assert len(looked(BEGUN + HOUR, fact(ferdig=None))) == 1
    assert looked(BEGUN + HOUR, fact()) == []


def test_nobody_is_looked_at_when_mending_is_no_cause() -> None:
    assert looked(ENDED + HOUR, fact(), plan=altered(PLAN, gjentak_ved=frozenset({"avvist"}))) == []


def test_every_district_of_a_municipality_is_looked_at() -> None:
    districts = [Enhet("0301", number) for number in ("03", "12")]
    facts = [fact(id=str(one), enhet=one) for one in districts]
    plan = altered(PLAN, enheter=(Enhet("0301"),))
    found = looked(ENDED + HOUR, *facts, plan=plan)
    assert [sent.enhet for sent, _ in found] == districts
    assert len({ident for _, ident in found}) == 2


# --- plan_of ---


def plan(*towns: str, aar: int = 2018, kalender: Kalender | None = None, send: Any = "test") -> Plan:
    sender = Part(navn="Eksempel", orgnr="123456785")
    contacts = [Kontakt(type=one, navn="x", telefon="", epost="") for one in (1, 2)]
    kommuner = [Kommune(nummer=one, avsender=sender, kontakter=contacts) for one in towns]
    return plan_of(Config(kommuner=kommuner, kalender=kalender or Kalender(), rapport=Rapport(send=send)), PLACES, aar)


def test_the_shipped_settings_are_the_calendar_s_own() -> None:
    assert plan("5001") == Plan(enheter=(UNIT,))


@pytest.mark.parametrize(
    ("towns", "aar", "expected"),
    [
        ((), 2018, []),
        (("5001", "0301"), 2018, ["0301", "5001"]),
        (("4601",), 2018, ["1201"]),  # Bergen; the number of 2020 stands for that of 2018
        (("1201",), 2018, ["1201"]),
        (("4601", "1201"), 2018, ["1201"]),
        (("1201",), 2020, ["4601"]),
        (("1601",), 2018, ["5001"]),  # Trondheim, as it was until 2018
    ],
)
def test_a_municipality_is_planned_under_its_number_of_the_year(
    towns: tuple[str, ...], aar: int, expected: list[str]
) -> None:
    assert [str(one) for one in plan(*towns, aar=aar).enheter] == expected


def test_every_setting_of_the_calendar_reaches_it() -> None:
    kalender = Kalender(
        prove=False,
        prove_ukedager=[2, 5, 2],
        prove_hver_uke=3,
        prove_klokken="04:05",
        ordinaer_dager_etter=4,
        ordinaer_klokken="23:59",
        gjentak_ved=["ubesvart"],
        gjentak_minste_rettet=7,
        gjentak_minutter=90,
        gjentak_maks=0,
    )
    assert plan("5001", kalender=kalender, send="production") == Plan(
        enheter=(UNIT,),
        send="production",
        prove=False,
        prove_ukedager=frozenset({2, 5}),
        prove_hver_uke=3,
        prove_klokken=time(4, 5),
        ordinaer_dager_etter=4,
        ordinaer_klokken=time(23, 59),
        gjentak_ved=frozenset({"ubesvart"}),
        gjentak_minste_rettet=7,
        gjentak_mellomrom=timedelta(minutes=90),
        gjentak_maks=0,
    )


def test_an_empty_list_of_causes_stays_empty() -> None:
    assert plan("5001", kalender=Kalender(gjentak_ved=[])).gjentak_ved == frozenset()


# --- the years ---


def test_only_years_that_can_be_written_are_in_the_calendar() -> None:
    assert [pack.aar for pack in packs_with_format(Config())] == [2018]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2018, 10, 31), False),
        (date(2018, 11, 1), True),
        (date(2018, 12, 31), True),
        (date(2019, 1, 1), False),
        (date(2019, 1, 2), True),
        (date(2019, 1, 15), True),
        (date(2019, 1, 16), False),
    ],
)
def test_the_round_is_open_while_something_happens_by_itself(day: date, *, expected: bool) -> None:
    assert round_is_open(PACK, datetime(day.year, day.month, day.day, 11, tzinfo=UTC)) is expected
