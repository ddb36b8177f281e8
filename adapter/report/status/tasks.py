"""What a person should see to, the gravest first. Each says what is wrong and what to do about it.

Runs that stand alike are one task, however many districts a city has.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from adapter.domain.planned_run import Kjoretilstand
from adapter.domain.windows import norsk_tid
from adapter.report.gaps.mangelrapport import Alvor
from adapter.report.gaps.words import FOLGE, tall
from adapter.report.status.figures import Figures
from adapter.report.status.status import Enhetslinje, Kalender, Lesing, Oppgave
from adapter.report.status.words import OM_TILSTAND, TILSTAND

# When the deadline is this near, a unit without a receipt is a matter for a person.
NEAR = timedelta(hours=72)
# Parked for carrying an identity number in clear: it has been readable on the bus.
IN_CLEAR = ("key-is-identity", "identity-in-clear")
FEW_ENOUGH_TO_NAME = 3
_GRAVE: dict[Kjoretilstand, Alvor] = {
    "avvist": "block",
    "nektet": "block",
    "feilet": "block",
    "ubesvart": "withhold",
    "kvittert-med-feil": "withhold",
}


def oppgaver(
    now: datetime, kalender: Kalender, enheter: Sequence[Enhetslinje], regnskap: Lesing, figures: Figures
) -> tuple[Oppgave, ...]:
    """Everything to see to."""
    found = [
        *_reading(regnskap),
        *_runs(enheter),
        *(_deadline(now, kalender, enheter) if regnskap.lest else ()),
        *_at_the_door(figures),
        *_calendar(kalender),
    ]
    return tuple(sorted(found, key=lambda one: tuple(FOLGE).index(one.alvor)))


def _reading(regnskap: Lesing) -> Iterator[Oppgave]:
    if regnskap.feil:
        since = f"sist {norsk_tid(regnskap.lest)}" if regnskap.lest else "ikke siden starten"
        yield Oppgave(
            alvor="withhold",
            tekst=f"Regnskapet over kjøringer kan ikke leses ({regnskap.feil}); det ble lest {since}.",
            rad="Kontroller at Kafka svarer og at tjenesten har lesetilgang: `iplos-adapter topics check`.",
        )


def _runs(enheter: Sequence[Enhetslinje]) -> Iterator[Oppgave]:
    """Newest runs that stand badly."""
    alike: defaultdict[tuple[Alvor, Kjoretilstand, str], list[Enhetslinje]] = defaultdict(list)
    for enhet in enheter:
        for run in {one.kjoring: one for one in (enhet.sendt, enhet.siste) if one is not None}.values():
            alvor = _GRAVE.get(run.tilstand)
            if alvor is not None and (run is enhet.siste or not _is_repeated(enhet)):
                codes = sorted({code for message in run.meldinger for code in message.feil})
                why = f"Feilkoder: {', '.join(codes)}." if codes else run.hvorfor
                alike[alvor, run.tilstand, why].append(enhet)
    for (alvor, tilstand, why), units in alike.items():
        told = f"{_named(units)}: {TILSTAND[tilstand].navn.lower()}. {why}"
        yield Oppgave(alvor=alvor, tekst=told.strip(), rad=OM_TILSTAND[tilstand])


def _named(units: Sequence[Enhetslinje]) -> str:
    """With their names while they are few."""
    return ", ".join(
        f"{one.enhet} {one.navn}".strip() if len(units) <= FEW_ENOUGH_TO_NAME else one.enhet for one in units
    )


def _is_repeated(enhet: Enhetslinje) -> bool:
    """What was sent is left behind only by a run that takes its place; a dry run or a refusal since does not."""
    return enhet.siste is not None and enhet.siste.tilstand == "under-arbeid"


def _deadline(now: datetime, kalender: Kalender, enheter: Sequence[Enhetslinje]) -> Iterator[Oppgave]:
    window = next((one for one in kalender.vinduer if one.slag == "ordinaer" and one.stilling == "apent"), None)
    if window is None or window.til is None or window.til - now > NEAR:
        return
    late = [one for one in enheter if not _is_receipted(one)]
    if late:
        hours = int((window.til - now) / timedelta(hours=1))
        yield Oppgave(
            alvor="block",
            tekst=f"Fristen går ut om {hours} timer, og {_named(late)} er ikke kvittert.",
            rad="Se hva den venter på: `iplos-adapter runs list`. Etter fristen kan den bare sendes som rettelse.",
        )


def _is_receipted(enhet: Enhetslinje) -> bool:
    """The report itself; a test run that was receipted is not it."""
    return enhet.sendt is not None and enhet.sendt.slag != "prove" and enhet.sendt.tilstand == "kvittert"


def _at_the_door(figures: Figures) -> Iterator[Oppgave]:
    clear = sum(figures.parked[code] for code in IN_CLEAR)
    rest = sum(figures.parked.values()) - clear
    if clear:
        yield Oppgave(
            alvor="withhold",
            tekst=f"{tall(clear)} hendelser hadde et identitetsnummer i klartekst, og ble stoppet i døra.",
            rad="Leverandøren må rette det. Vurder avviksmelding: numrene har ligget åpent på bussen.",
        )
    if rest:
        yield Oppgave(
            alvor="warn",
            tekst=f"{tall(rest)} hendelser ble stoppet i døra.",
            rad="Se årsakene under Innlesing, og hvem som kan rette dem.",
        )


def _calendar(kalender: Kalender) -> Iterator[Oppgave]:
    if not kalender.pa:
        yield Oppgave(
            alvor="warn",
            tekst="Kalenderen er slått av: ingenting begynner av seg selv.",
            rad="Sett `kalender.pa = true` i konfigurasjonen når rundene skal gå av seg selv.",
        )
    for sentence in dict.fromkeys(one.setning for one in kalender.oppslag if one.stilling == "ikke-mulig"):
        yield Oppgave(alvor="warn", tekst=sentence)
