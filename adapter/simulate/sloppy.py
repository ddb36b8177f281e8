"""Loose writing that can be put right without guessing: every kind of repair in `ingest/normalise`, and no other.

Each changes the JSON of one plain event; the state afterwards is the same as if it had been written well.
"""

from collections.abc import Callable
from typing import Any

from adapter.simulate.history import History

Json = dict[str, Any]


def unknown_field(history: History) -> str | None:
    """A newer journal system sends a field we do not know."""

    def twist(event: Json) -> None:
        event["data"]["innhold"]["saksbehandlerEnhet"] = "Tildelingskontoret"

    return _twist(history, "kommunenummer", twist, inside=False)


def padded_code(history: History) -> str | None:
    """`"02"` for 2, as in the OKT examples."""
    return _field(history, "tjenestetype", lambda code: f"{code:02}")


def code_as_text(history: History) -> str | None:
    """`"3"` for 3."""
    return _field(history, "verdi", str)


def empty_strings(history: History) -> str | None:
    """`""` where nothing is meant."""

    def twist(event: Json) -> None:
        event["data"]["innhold"].setdefault("tilDato", "")
        event["data"]["innhold"].setdefault("orgnummer", " ")

    return _twist(history, "tjenestetype", twist)


def hours_as_prose(history: History) -> str | None:
    """`"7.5 timer"`."""
    unit = history.rng.choice((" timer", "t", "  t", " timer."))
    comma = history.rng.random() < 0.5
    return _field(history, "timerPerUke", lambda hours: (str(hours).replace(".", ",") if comma else str(hours)) + unit)


def date_with_time(history: History) -> str | None:
    """A date column that was a timestamp."""
    tail = history.rng.choice(("T00:00:00", "T00:00:00Z", "T00:00:00.000+01:00", " 00:00"))
    return _field(history, "fraDato", lambda day: day + tail)


def date_in_another_form(history: History) -> str | None:
    """`20180301` or `1.3.2018`."""
    if history.rng.random() < 0.5:
        return _field(history, "fraDato", lambda day: day.replace("-", ""))
    return _field(history, "fraDato", lambda day: f"{int(day[8:])}.{int(day[5:7])}.{day[:4]}")


def number_for_text(history: History) -> str | None:
    """A municipality number that lost its quotes, and with them its leading zero."""

    def twist(event: Json) -> None:
        event["data"]["kommunenummer"] = int(event["data"]["kommunenummer"])

    return _twist(history, "kommunenummer", twist, inside=False)


def grouped_orgnr(history: History) -> str | None:
    """`"123 456 785"`."""
    return _field(history, "orgnummer", lambda number: f"{number[:3]} {number[3:6]} {number[6:]}")


def capital_letters(history: History) -> str | None:
    """`"Innvilget"`."""
    return _field(history, "vedtak", lambda outcome: outcome.capitalize())


def _field(history: History, name: str, change: Callable[[Any], Any]) -> str | None:
    def twist(event: Json) -> None:
        innhold = event["data"]["innhold"]
        innhold[name] = change(innhold[name])

    return _twist(history, name, twist)


def _twist(history: History, name: str, twist: Callable[[Json], None], *, inside: bool = True) -> str | None:
    """Twist some plain event that has the field, in its content or beside it."""
    attribute = _snake(name)
    able = [
        draft
        for draft in history.plain()
        if getattr(draft.data.innhold if inside else draft.data, attribute, None) is not None  # type: ignore[union-attr]
    ]
    if not able:
        return None
    history.rng.choice(able).twist = twist
    return ""


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
