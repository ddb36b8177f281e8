"""Installations to look at: nothing yet, the middle of January with a rejected unit, a city, one that restores."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from adapter.domain.enhet import Enhet
from adapter.domain.planned_run import Plan, planned_id
from adapter.domain.receipts import Svar, Svarstatus
from adapter.ops.http import Health
from adapter.packs import load_pack, load_places
from adapter.report.ledger import Kjoring, Sendt
from adapter.report.live import Open
from adapter.report.status.compose import Aaret, Ledger, compose
from adapter.report.status.figures import Figures
from adapter.report.status.status import Lesing, Status

PACK, PLACES = load_pack(2018), load_places()
UNIT, OSLO = Enhet("5001"), Enhet("0301")
DISTRICTS = tuple(Enhet("0301", f"{number:02}") for number in range(1, 16))
NOW = datetime(2019, 1, 9, 9, 30, tzinfo=UTC)
ORDINARY = datetime(2019, 1, 2, 5, 0, tzinfo=UTC)
YES = Health(ok=True, why="running")
NOT_YET = Health(ok=False, why="restoring state, or waiting for partitions")
STUCK = Health(ok=False, why="ingest has not moved for 75 seconds")


def counted(persons: int = 621, **fields: Any) -> dict[str, Any]:
    """What a run counted."""
    sound: dict[str, Any] = {
        "personer_sendt": persons,
        "personer_holdt": 11,
        "rader_sendt": {"tjeneste": 1580, "funksjon": 9000},
        "avslag_sendt": 39,
        "holdt_etter_regel": {"S3": 12},
        "funn": {"S3": 12, "P1": 45, "T1": persons},
        "funn_etter_alvor": {"withhold": 12, "warn": 45 + persons},
        "stoppet_av": [],
    }
    return sound | fields


def run(enhet: Enhet = UNIT, name: str = "", **fields: Any) -> Kjoring:
    """The ordinary run of the unit, sent on 2 January."""
    name = name or f"{planned_id(2018, enhet, 'ordinaer', 'produksjon')[:8]}-{enhet}"
    sound: dict[str, Any] = {
        "kjoring": name,
        "kommando": planned_id(2018, Enhet(enhet.kommunenummer), "ordinaer", "produksjon"),
        "bestilt_av": "kalenderen",
        "enhet": str(enhet),
        "aar": 2018,
        "emisjon": "produksjon",
        "slag": "ordinaer",
        "arsak": "kalender",
        "lopenr": "2",
        "tidspunkt": ORDINARY,
        "ferdig": ORDINARY + timedelta(minutes=3),
        "status": "sendt",
        "resultat": counted(),
        "meldinger": [
            Sendt(melding_id=f"{name}-{kind}", type=kind, bytes=3_151_000, sha256="", deler=4)
            for kind in ("KPR_IPL", "KPR_IDE")
        ],
    }
    return Kjoring(**sound | fields)


def answers(run: Kjoring, status: Svarstatus, *codes: str) -> list[Svar]:
    """A receipt for each of the run's messages."""
    return [Svar(f"svar-{one.melding_id}", one.melding_id, status, NOW, codes) for one in run.meldinger]


def answered(run: Kjoring, status: Svarstatus, *codes: str) -> Kjoring:
    return Kjoring(
        **{name: getattr(run, name) for name in run.__struct_fields__} | {"svar": answers(run, status, *codes)}
    )


def last_year(enhet: Enhet = UNIT, persons: int = 598) -> Kjoring:
    """What was sent a year ago, and receipted."""
    sent = run(
        enhet,
        f"i-fjor-{enhet}",
        aar=2017,
        tidspunkt=ORDINARY.replace(year=2018),
        resultat=counted(persons, rader_sendt={"tjeneste": 1502}, avslag_sendt=41),
    )
    return answered(sent, "ok")


def the_ledger(runs: Sequence[Kjoring]) -> Ledger:
    return Ledger({one.kjoring: one for one in runs}, Lesing(lest=NOW - timedelta(seconds=3)))


def figures(**fields: Any) -> Figures:
    """A process that has the whole bus and has been up for a while."""
    whole = Figures(
        running=12,
        bus_partitions=12,
        restored=1.0,
        lag={str(number): 0 for number in range(12)},
        outcomes=Counter(
            {"applied": 57_674, "duplicate": 194, "annulled": 101, "superseded": 95, "not-for-us": 72, "parked": 129}
        ),
        parked=Counter({"missing-field": 102, "wrong-type": 13, "identity-in-clear": 10, "key-is-identity": 4}),
        last_batch=NOW - timedelta(minutes=2),
        persons=1994,
        records=47_107,
        open=Counter(
            {Open("5001", "S3", "withhold"): 9, Open("5001", "P1", "warn"): 3, Open("5001", "T1", "warn"): 621}
        ),
    )
    return replace(whole, **fields)


def aaret(*units: Enhet, pa: bool = True) -> Aaret:
    return Aaret(PACK, Plan(enheter=units, send="production"), PLACES, pa)


def status(*runs: Kjoring, now: datetime = NOW, units: tuple[Enhet, ...] = (UNIT,), **fields: Any) -> Status:
    """An installation with these runs; `fields` are figures."""
    return compose(now, aaret(*units), the_ledger(runs), figures(**fields), YES, YES)


def empty() -> Status:
    """Started for the first time, and nothing has come."""
    return compose(NOW, aaret(UNIT), Ledger(), Figures(), YES, NOT_YET)


def january() -> Status:
    """A rejected unit with a repeat to come, a refused one, and one that is receipted."""
    bergen, stavanger = Enhet("1201"), Enhet("1103")
    rejected = answered(run(), "avvist", "T02")
    good = answered(run(bergen, resultat=counted(3204, rader_sendt={"tjeneste": 9120}, avslag_sendt=3)), "ok")
    refused = run(
        stavanger,
        status="nektet",
        meldinger=[],
        resultat=counted(2, stoppet_av=["M5: Registrer kontaktperson av type 1."], funn_etter_alvor={"block": 1}),
    )
    sent = run(name="prove", slag="prove", emisjon="test", lopenr="1", tidspunkt=ORDINARY - timedelta(days=9))
    trial = answered(sent, "ok")
    asked = run(
        name="spurt",
        slag=None,
        emisjon="ingen",
        lopenr="",
        status="prøvd",
        bestilt_av="Kari",
        grunn="Kari er nysgjerrig",
        tidspunkt=NOW - timedelta(hours=2),
        meldinger=[],
    )
    runs = [rejected, good, refused, trial, asked, last_year(), last_year(bergen, 3310)]
    return compose(NOW, aaret(UNIT, bergen, stavanger), the_ledger(runs), figures(), YES, YES)


def city() -> Status:
    """Fifteen districts: receipted, waiting, one unanswered, one small. This process has a third of the bus."""
    runs = []
    for number, unit in enumerate(DISTRICTS):
        one = run(unit, lopenr=str(number + 20), resultat=counted(600 + 137 * (number * 7 % 11) if number != 8 else 4))
        runs += [answered(one, "ok") if number % 5 else one, last_year(unit, 580 + 131 * (number * 7 % 11))]
    late = run(DISTRICTS[3], tidspunkt=NOW - timedelta(hours=100))
    lag = {str(number): 900 * number for number in range(4)}
    apne = Counter({Open(str(unit), "S3", "withhold"): number * 3 for number, unit in enumerate(DISTRICTS) if number})
    return compose(
        NOW,
        aaret(OSLO),
        the_ledger([*runs, late]),
        figures(running=4, lag=lag, open=apne, waiting=7, parked=Counter()),
        YES,
        YES,
    )


def restoring() -> Status:
    """Just started, with a year behind it: the ledger is read before the state is."""
    return compose(
        NOW,
        aaret(UNIT),
        the_ledger([answered(run(), "ok"), last_year()]),
        Figures(running=1, restoring=11, bus_partitions=12, restored=0.37),
        YES,
        NOT_YET,
    )


STATUSES = {"empty": empty(), "january": january(), "city": city(), "restoring": restoring()}
