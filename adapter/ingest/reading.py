"""One delivered record → what it asks of the state, or why it asks nothing. Never raises, never awaits.

The fast path is two strict decodes (envelope, data). Only what they refuse goes through `normalise`; what that cannot
put right is parked with a code and the path of the field, never with a value.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import msgspec

from adapter.domain.fold import Change, Erase, Put
from adapter.domain.identity import looks_like_identity
from adapter.domain.outcome import NotForUs, ParkCode, Parked
from adapter.domain.records import Innhold, Person, PersonInn, Record, Sammenslaing, Tjeneste
from adapter.domain.tilstand import NOTHING, Linje, encode_record, record_key
from adapter.ingest.cloudevent import CloudEvent, Incoming, is_binary, read_binary, read_structured
from adapter.ingest.contract import EVENT_TYPES, Annullert, EventType, Registrert, Slettet
from adapter.ingest.normalise import Repair, normalise
from adapter.sealing import Sealer

UNKNOWN_TYPE = "unknown"
MAX_KEY_LENGTH = 64
# A person's events come again and again; 10 MB of keys at most.
KEYS_REMEMBERED = 32_768
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]*")


class Reading(msgspec.Struct, frozen=True, gc=False):
    """What was read: the event type (`UNKNOWN_TYPE` if it is none of ours), the person key, the change or refusal."""

    type: str
    person_key: str
    result: Change | NotForUs | Parked
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads events for one installation.

    `municipalities` are the numbers this installation reports for (empty: all). A value longer than `max_bytes` is
    parked unread.
    """

    sealer: Sealer
    municipalities: Collection[str] = ()
    max_bytes: int = 1_048_576

    def read(self, delivered: Incoming) -> Reading:
        """The reading of one record. Total: every input has one."""
        try:
            return self._read(delivered)
        except Exception:  # noqa: BLE001  # a defect of ours must not stop a partition; the record is kept and counted
            return Reading(UNKNOWN_TYPE, "", Parked("internal-error"))

    def _read(self, delivered: Incoming) -> Reading:
        value = delivered.value
        if not value:
            return Reading(UNKNOWN_TYPE, "", Parked("empty-value"))
        if len(value) > self.max_bytes:
            return Reading(UNKNOWN_TYPE, "", Parked("too-large"))
        try:
            headers = delivered.headers
            event = read_binary(value, headers) if headers and is_binary(headers) else read_structured(value)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            return Reading(UNKNOWN_TYPE, "", _not_an_event(value, error))
        event_type = EVENT_TYPES.get(event.type)
        if event_type is None:
            return Reading(UNKNOWN_TYPE, "", NotForUs("unknown-type"))
        key = _person_key(delivered.key, event)
        if isinstance(key, Parked):
            return Reading(event_type.name, "", key)
        return self._read_data(event_type, key, event.data)

    def _read_data(self, event_type: EventType, key: str, raw: msgspec.Raw) -> Reading:
        repairs: tuple[Repair, ...] = ()
        try:
            data = event_type.decoder.decode(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            noted: list[Repair] = []
            try:
                data = _read_sloppy(event_type, raw, noted)
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
                return Reading(event_type.name, key, _broken(bytes(raw), error))
            repairs = tuple(noted)
        if self.municipalities and data.kommunenummer not in self.municipalities:
            return Reading(event_type.name, key, NotForUs("other-municipality"), repairs)
        return Reading(event_type.name, key, self._change(event_type, key, data), repairs)

    def _change(self, event_type: EventType, key: str, data: Annullert | Slettet) -> Change | Parked:
        if isinstance(data, Slettet):
            return Erase()
        if field := _strayed(data):
            return Parked("identity-in-clear", field)
        if isinstance(data, Registrert):
            innhold, annulled = encode_record(self._sealed(data.innhold, key)), False
        else:
            innhold, annulled = NOTHING, True
        linje = Linje(data.versjon, annulled, data.kommunenummer, data.bydelsnummer or "", innhold)
        return Put(record_key(event_type.kind, data.registrerings_id), linje)

    def _sealed(self, innhold: Innhold, key: str) -> Record:
        if not isinstance(innhold, PersonInn):
            return cast("Record", innhold)
        fields = {name: getattr(innhold, name) for name in innhold.__struct_fields__ if name != "ident"}
        return Person(**fields, ident=self.sealer.seal_ident(innhold.ident, key) if innhold.ident else None)


def _person_key(key: bytes | None, event: CloudEvent) -> str | Parked:
    if not key:
        return Parked("missing-key")
    text = _known_key(key) if len(key) <= MAX_KEY_LENGTH else _checked_key(key)
    if isinstance(text, str) and event.subject != text:
        return Parked("key-differs-from-subject")
    return text


def _checked_key(key: bytes) -> str | Parked:
    try:
        text = key.decode("ascii")
    except UnicodeDecodeError:
        return Parked("key-not-allowed")
    if looks_like_identity(text):
        return Parked("key-is-identity")
    if len(text) > MAX_KEY_LENGTH or not _KEY.fullmatch(text):
        return Parked("key-not-allowed")
    return text


_known_key = lru_cache(KEYS_REMEMBERED)(_checked_key)


def is_person_key(text: str) -> bool:
    """Whether this may be a person key at all: opaque, short, and no identity number."""
    return isinstance(_checked_key(text.encode("utf-8", "surrogatepass")), str)


def _strayed(data: Annullert) -> str:
    """The field an identity number has strayed to: what reaches state and findings in clear, and is wide enough.

    The version too, when it has eleven digits. Ten are not taken for a number that lost its zero: seconds since 1970
    have ten, and one in thirty of them would look like one.
    """
    if looks_like_identity(data.registrerings_id):
        return "registreringsId"
    if data.versjon > 9_999_999_999 and looks_like_identity(str(data.versjon)):
        return "versjon"
    if isinstance(data, Registrert):
        innhold = data.innhold
        if isinstance(innhold, Tjeneste) and innhold.vedtak_id and looks_like_identity(innhold.vedtak_id):
            return "innhold.vedtakId"
        if isinstance(innhold, Sammenslaing) and innhold.videre_til and looks_like_identity(innhold.videre_til):
            return "innhold.videreTil"
    return ""


def _read_sloppy(event_type: EventType, raw: msgspec.Raw, noted: list[Repair]) -> Annullert | Slettet:
    if not bytes(raw):
        raise msgspec.ValidationError("Object missing required field `data`")
    loose: Any = msgspec.json.decode(raw)
    if not isinstance(loose, dict):
        raise msgspec.ValidationError("Expected `object`")
    shape = event_type.data
    return msgspec.convert(normalise(loose, shape, noted.append), shape)


def _not_an_event(value: bytes, error: Exception) -> Parked:
    """Why the envelope could not be read: the bytes, the JSON, or the CloudEvent."""
    if isinstance(error, msgspec.ValidationError):
        return Parked("not-a-cloudevent", _field_of(str(error)))
    return Parked("not-json" if _is_utf8(value) else "not-utf8")


def _broken(raw: bytes, error: Exception) -> Parked:
    if not isinstance(error, msgspec.ValidationError):
        return Parked("not-json" if _is_utf8(raw) else "not-utf8")
    text = str(error)
    return Parked(_code_of(text), _field_of(text))


def _code_of(text: str) -> ParkCode:
    """The code behind one of msgspec's sentences; its sentences may hold values and go no further than here."""
    if text.startswith("Object missing required field"):
        return "missing-field"
    if text.startswith("Invalid RFC3339 encoded date"):
        return "impossible-date"
    if _WRONG_TYPE.match(text):
        return "wrong-type"
    return "out-of-bounds"


def _field_of(text: str) -> str:
    """The path of the field: names of the contract only, since unknown fields are gone before this is asked."""
    path = _PATH.search(text)
    missing = _MISSING.match(text)
    return ".".join(part for part in (path and path[1].removeprefix("."), missing and missing[1]) if part)


_WRONG_TYPE = re.compile(r"Expected `[\w| ]+`(?:, got `|$)")
_PATH = re.compile(r" - at `\$([\w.]*)`$")
_MISSING = re.compile(r"Object missing required field `(\w+)`")


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
