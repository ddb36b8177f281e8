"""Events that cannot be used, one for each park code that input can reach (`internal-error` is a defect of ours).

Each is an extra event ahead of a good one, as if the producer sent it wrong, saw it, and sent it again; so nothing is
missing from the state, and every dead letter of a run is one of these.
"""

from collections.abc import Callable
from typing import Any

from adapter.domain.outcome import ParkCode
from adapter.simulate.history import History
from adapter.simulate.journal import Draft, Wire

Json = dict[str, Any]
_OVER_ONE_MEBIBYTE = 1_048_576 + 1


def empty_value(history: History) -> str | None:
    """A tombstone."""
    return _wrap(history, "empty-value", lambda wire: wire._replace(value=b""))


def too_large(history: History) -> str | None:
    """A scanned document rode along."""
    return _wrap(history, "too-large", lambda wire: wire._replace(value=wire.value.ljust(_OVER_ONE_MEBIBYTE)))


def not_utf8(history: History) -> str | None:
    """Latin-1, as databases of the nineties write it."""
    return _wrap(
        history,
        "not-utf8",
        lambda wire: wire._replace(value=wire.value.replace(b'"source":"', '"source":"Tromsø'.encode("latin-1"), 1)),
    )


def cut_short(history: History) -> str | None:
    """The line was cut."""
    return _wrap(history, "not-json", lambda wire: wire._replace(value=wire.value[: len(wire.value) // 2]))


def xml_instead(history: History) -> str | None:
    """Another format altogether."""
    return _wrap(history, "not-json", lambda wire: wire._replace(value=b"<hendelse><tjeneste/></hendelse>"))


def old_envelope(history: History) -> str | None:
    """A version of CloudEvents we do not read."""
    return _twist(history, "not-a-cloudevent", lambda event: event.update(specversion="0.3"))


def no_envelope(history: History) -> str | None:
    """The data without the envelope."""

    def bare(event: Json) -> None:
        data = event.pop("data")
        event.clear()
        event.update(data)

    return _twist(history, "not-a-cloudevent", bare)


def no_key(history: History) -> str | None:
    """Partitioned at random."""
    return _wrap(history, "missing-key", lambda wire: wire._replace(key=None))


def key_with_blanks(history: History) -> str | None:
    """A key that is no pseudonym."""
    return _wrap(history, "key-not-allowed", lambda wire: wire._replace(key="Åse N. (87)".encode()))


def identity_as_key(history: History) -> str | None:
    """The identity number as key: in clear in every partition and log."""
    number = history.recipient.number
    return _wrap(history, "key-is-identity", lambda wire: wire._replace(key=number.encode()))


def other_subject(history: History) -> str | None:
    """Key and subject name two persons."""
    return _twist(history, "key-differs-from-subject", lambda event: event.update(subject="p-0000000000000000"))


def no_version(history: History) -> str | None:
    """Which is the newest cannot be told."""
    return _twist(history, "missing-field", lambda event: event["data"].pop("versjon"))


def version_in_words(history: History) -> str | None:
    """A text where a number belongs."""
    return _twist(history, "wrong-type", lambda event: event["data"].update(versjon="andre"))


def content_as_list(history: History) -> str | None:
    """A list where one row belongs."""

    def listed(event: Json) -> None:
        event["data"]["innhold"] = [event["data"]["innhold"]]

    return _twist(history, "wrong-type", listed)


def negative_version(history: History) -> str | None:
    """Out of bounds."""
    return _twist(history, "out-of-bounds", lambda event: event["data"].update(versjon=-1))


def five_digit_municipality(history: History) -> str | None:
    """Out of bounds."""
    return _twist(history, "out-of-bounds", lambda event: event["data"].update(kommunenummer="05001"))


def thirtieth_of_february(history: History) -> str | None:
    """A day no calendar has."""

    def impossible(event: Json) -> None:
        event["data"]["innhold"]["fraDato"] = f"{history.year}-02-30"

    return _twist(history, "impossible-date", impossible)


def identity_as_row_id(history: History) -> str | None:
    """The row is named by the person's identity number, which would end up in findings."""
    number = history.recipient.number
    return _twist(history, "identity-in-clear", lambda event: event["data"].update(registreringsId=f"pas:{number}"))


def _wrap(history: History, code: ParkCode, wrap: Callable[[Wire], Wire]) -> str | None:
    draft = _spare(history, code)
    if draft is None:
        return None
    draft.wrap = wrap
    return ""


def _twist(history: History, code: ParkCode, twist: Callable[[Json], Any]) -> str | None:
    draft = _spare(history, code)
    if draft is None:
        return None
    draft.twist = twist
    return ""


def _spare(history: History, code: ParkCode) -> Draft | None:
    """A copy of a row that has a start date, to be broken."""
    able = [draft for draft in history.plain() if getattr(draft.data.innhold, "fra_dato", None)]  # type: ignore[union-attr]
    if not able:
        return None
    draft = history.copy(history.rng.choice(able))
    draft.expected = f"parked:{code}"
    return draft
