"""Ledger records as lines of the page: counts, states and codes.

Why a run was refused is told by rule and title, since a rule's text may quote a value; only texts of the adapter's own
about settings and windows are passed on. Words that a person gave with an order are not.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from adapter.domain.rules import RULES
from adapter.report.control import CALENDAR
from adapter.report.gaps.masking import shown
from adapter.report.ledger import Kjoring
from adapter.report.status.status import Kjoringslinje, Meldingslinje
from adapter.report.status.tall import FEW, masked

_TITLES = {rule.id: rule.title for rule in RULES} | {"M0": "Kontrollen av rapporten selv"}

Runs = Mapping[str, Kjoring]


def age(run: Kjoring) -> tuple[datetime, int, str]:
    """What runs are sorted by: the later, the greater."""
    return run.tidspunkt, int(run.lopenr or 0), run.kjoring


def is_look(run: Kjoring) -> bool:
    """One of the calendar's hourly dry runs: they count, but nobody asked for them."""
    return run.bestilt_av == CALENDAR and run.emisjon == "ingen" and run.slag is None


def to_show(runs: Runs) -> list[Kjoring]:
    """Runs of units, and commands that have come to none: those that ended so, and those under way."""
    begun = {run.kommando for run in runs.values() if run.kjoring != run.kommando}
    return [run for run in runs.values() if not is_look(run) and (run.kjoring != run.kommando or _alone(run, begun))]


def _alone(command: Kjoring, begun: set[str]) -> bool:
    under_way = command.status in ("planlagt", "bygget") and command.kommando not in begun
    return under_way or command.status in ("nektet", "feilet")


def line(run: Kjoring, now: datetime) -> Kjoringslinje:
    """A run as it is shown."""
    states = run.messages(now)
    sent = [(one.type, states[one.melding_id]) for one in run.meldinger] if run.status == "sendt" else []
    return Kjoringslinje(
        kjoring=run.kjoring,
        enhet=run.enhet,
        aar=run.aar,
        slag=run.slag,
        emisjon=run.emisjon,
        fra_kalenderen=run.bestilt_av == CALENDAR,
        lopenr=run.lopenr,
        tidspunkt=run.tidspunkt,
        tilstand=run.tilstand(now),
        steg=run.steg,
        # Some stages count persons.
        prosent=100 * run.steg_ferdig // run.steg_av if run.steg and run.steg_av >= FEW else None,
        personer=masked(run.resultat.get("personer_sendt")),
        hvorfor=_why(run),
        meldinger=tuple(
            Meldingslinje(
                type=kind,
                tilstand=status.tilstand,
                svarfrist=status.svarfrist,
                feil=tuple(shown(one) for one in status.feil),
            )
            for kind, status in sent
        ),
    )


def _why(run: Kjoring) -> str:
    """Why nothing was sent."""
    if run.status not in ("nektet", "feilet"):
        return ""
    rules = _stopping(run.resultat.get("stoppet_av", ()))
    if rules:
        return f"Stoppet av {', '.join(f'{rule} ({_TITLES.get(rule, rule)})' for rule in rules)}."
    return shown(run.grunn)


def _stopping(reasons: Iterable[str]) -> list[str]:
    return sorted({reason.partition(":")[0] for reason in reasons})
