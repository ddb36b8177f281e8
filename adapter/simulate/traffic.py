"""What a bus and a living journal do to good events: repeats, delays, corrections, annulments, strangers.

All of it is accepted (or skipped), and none of it changes what the journal says in the end, except a real annulment.
"""

from dataclasses import replace as again

from msgspec import Raw, json
from msgspec.structs import replace

from adapter.domain.records import Diagnose, Dogntilbud, Funksjon, Kind, Personopplysning, Tjeneste
from adapter.ingest.contract import TYPE_PREFIX, Annullert, Registrert
from adapter.simulate.history import History
from adapter.simulate.journal import DAY, EVENT_NAME, Draft, Wire

_STRANGERS = ("1103", "4204", "5401", "3005")


def duplicate(history: History) -> str | None:
    """The producer did not get its receipt and sent the same event again."""
    original = history.rng.choice(history.drafts)
    history.drafts.append(again(original, moment=original.moment + history.rng.choice((0, 2, 3600, 5 * DAY))))
    return ""


def late(history: History) -> str | None:
    """An event waited in an outbox for days."""
    history.rng.choice(history.drafts).moment += history.rng.randint(2, 12) * DAY
    return ""


def out_of_order(history: History) -> str | None:
    """An older version of a row is delivered after the newer one."""
    rows = [row for kind in (Tjeneste, Funksjon) for row in history.rows(kind) if len(row) > 1]
    if not rows:
        return None
    older, newer = history.rng.choice(rows)[-2:]
    older.draft.moment = max(older.draft.moment, newer.draft.moment + history.rng.randint(1, 2 * DAY))
    return ""


def correction(history: History) -> str | None:
    """A mistake, and its correction some days later as the next version."""
    row = history.granted(lambda service: service.timer_per_uke is not None)
    if row is None:
        return None
    newest = row[-1]
    right = replace(newest.data, versjon=newest.data.versjon + 1)
    newest.change(timer_per_uke=(newest.innhold.timer_per_uke or 0) * 4)
    moment = newest.draft.moment + history.rng.randint(1, 6) * DAY
    history.append(newest.draft.key, newest.draft.type, right, moment)
    return newest.data.registrerings_id


def annulled_mistake(history: History) -> str | None:
    """A service is registered on the wrong person and annulled."""
    row = history.granted()
    if row is None:
        return None
    day = history.day_of(row[-1].draft)
    mistaken = history.register(
        day,
        replace(row[-1].innhold, vedtak_id=f"v-{history.rng.getrandbits(48):012x}", vedtak_rad=1),
        beside=row[-1],
    )
    _annul(history, history.drafts[-1], "tjeneste")
    return mistaken


def annulled_row(history: History) -> str | None:
    """A row that was right for a while is annulled: a diagnosis, or a hospital stay that came to nothing."""
    kinds: tuple[tuple[Kind, type[Diagnose | Dogntilbud]], ...] = (("diagnose", Diagnose), ("dogntilbud", Dogntilbud))
    for kind, record_type in kinds:
        for row in history.own_rows(record_type):
            _annul(history, row[-1].draft, kind)
            return row[-1].data.registrerings_id
    return None


def conflict(history: History) -> str | None:
    """Two servers of the journal system give different contents the same version."""
    row = history.some_row(Personopplysning)
    if row is None:
        return None
    newest = row[-1]
    other = 6 if newest.innhold.privat_hjelp != 6 else 5
    data = replace(newest.data, innhold=replace(newest.innhold, privat_hjelp=other))
    history.append(newest.draft.key, newest.draft.type, data, newest.draft.moment + history.rng.randint(1, 60))
    return newest.data.registrerings_id


def unknown_type(history: History) -> str | None:
    """A type from another part of the journal system shares the topic."""
    draft = history.copy(history.rng.choice(history.plain()))
    draft.type = f"{TYPE_PREFIX}.{history.rng.choice(('vedlegg', 'samtykke', 'tiltaksplan'))}.registrert.v1"
    draft.expected = "not-for-us:unknown-type"
    return ""


def other_municipality(history: History) -> str | None:
    """The bus is shared with a neighbour."""
    ours = {unit[0] for unit in history.units}
    draft = history.copy(history.rng.choice(history.plain()))
    if isinstance(draft.data, Registrert):
        neighbour = next(number for number in _STRANGERS if number not in ours)
        draft.data = replace(draft.data, kommunenummer=neighbour)
    draft.expected = "not-for-us:other-municipality"
    return ""


def binary_binding(history: History) -> str | None:
    """The same event with its attributes in headers."""
    history.rng.choice(history.plain()).wrap = _as_binary
    return ""


def _as_binary(wire: Wire) -> Wire:
    event = json.decode(wire.value, type=dict[str, Raw])
    data = bytes(event.pop("data"))
    content_type = ("content-type", json.decode(event.pop("datacontenttype"), type=str).encode())
    attributes = ((f"ce_{name}", json.decode(text, type=str).encode()) for name, text in event.items())
    return Wire(wire.key, data, (content_type, *attributes))


def _annul(history: History, newest: Draft, kind: Kind) -> None:
    data = newest.data
    assert isinstance(data, Registrert)  # noqa: S101  # callers pass the newest version of a row
    annulment = Annullert(
        registrerings_id=data.registrerings_id,
        versjon=data.versjon + 1,
        kommunenummer=data.kommunenummer,
        bydelsnummer=data.bydelsnummer,
    )
    moment = newest.moment + history.rng.randint(1, 9) * DAY
    history.append(newest.key, EVENT_NAME[kind, "annullert"], annulment, moment)
