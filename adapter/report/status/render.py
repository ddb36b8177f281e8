"""Status → one HTML page that needs nothing but itself; the policy lets its own style and script run, and no other."""

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from adapter.domain.windows import OSLO, norsk_dato
from adapter.report.gaps.words import FOLGE, STOPPKODER, tall, utfall
from adapter.report.look import charts
from adapter.report.look.page import stylesheet, template
from adapter.report.status import words
from adapter.report.status.status import Status, Vinduslinje
from adapter.report.status.tall import size

# How often the page asks anew: a person sees a change before wondering, and the ledger is read no oftener.
EVERY_SECONDS = 10.0

_HERE = Path(__file__).parent
_CSS = stylesheet(_HERE / "status.css")
_SCRIPT = Markup((_HERE / "status.js").read_text("utf-8"))  # noqa: S704  # our own file


def to_html(status: Status, every: float = EVERY_SECONDS) -> str:
    """The whole page, to be served with `POLICY`."""
    return _page().render(
        s=status,
        css=_CSS,
        script=_SCRIPT,
        takt=every,
        ord=words,
        FOLGE=FOLGE,
        STOPPKODER=STOPPKODER,
        utfall=utfall,
        graf=charts,
        size=size,
        gantt=_gantt,
    )


@cache
def _page() -> jinja2.Template:
    """Compiled once: it takes longer than everything else about the page."""
    return template(
        _HERE / "status.html.j2",
        {"tall": tall, "antall": words.antall, "tid": _time, "periode": _period, "kode": _code},
    )


@jinja2.pass_context
def _time(context: jinja2.runtime.Context, when: datetime, *, seconds: bool = False) -> Markup:
    """«2. jan. kl. 06.00», with its year if that is another than now's, and the moment itself for machines."""
    now: datetime = context["s"].tidspunkt
    local = when.astimezone(OSLO)
    year = "" if local.year == now.astimezone(OSLO).year else f" {local.year}"
    return Markup('<time datetime="{}">{}{} kl. {}</time>').format(
        when.isoformat(timespec="seconds"),
        _day(when).rpartition(" ")[0],
        year,
        local.strftime("%H.%M.%S" if seconds else "%H.%M"),
    )


def _day(when: datetime) -> str:
    """«2. jan. 2019»"""
    day, month, year = norsk_dato(when).split(" ")
    return f"{day} {month if len(month) <= 4 else f'{month[:3]}.'} {year}"


def _period(one: Vinduslinje) -> str:
    """«2. jan. – 15. jan. 2019»; both years where they differ."""
    if one.fra is None or one.til is None:
        return "ukjent"
    first, last = _day(one.fra), _day(one.til - timedelta(seconds=1))
    return f"{first.removesuffix(last[-5:])} – {last}"


def _code(text: str) -> Markup:
    """What stands between backticks, as a command."""
    return Markup().join(
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part)
        for number, part in enumerate(text.split("`"))
    )


def _gantt(one: Vinduslinje, windows: Sequence[Vinduslinje], now: datetime) -> Markup:
    """The window on a line from the first window's beginning to the last one's end, and where we are."""
    first = min((each.fra for each in windows if each.fra), default=now)
    last = max((each.til for each in windows if each.til), default=now)

    def place(when: datetime) -> float:
        return 100 * (when - first) / (last - first) if last > first else 0.0

    drawn = Markup('<rect class="spor" width="100" height="10"/>')
    if one.fra and one.til:
        drawn += Markup('<rect class="{}" x="{:.2f}" width="{:.2f}" height="10"/>').format(
            "i-ar" if one.stilling == "apent" else "i-fjor", place(one.fra), place(one.til) - place(one.fra)
        )
    if first <= now < last:
        drawn += Markup('<rect class="na" x="{:.2f}" width="0.8" height="10"/>').format(min(place(now), 99.2))
    return charts.svg(drawn, 10)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


POLICY = (
    f"default-src 'none'; style-src {_hash(_CSS)}; script-src {_hash(_SCRIPT)}; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
