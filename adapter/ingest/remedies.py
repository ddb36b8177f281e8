"""What a producer is to do about an event that was parked, repaired or passed over. Texts may change, codes may not."""

from adapter.domain.outcome import ParkCode, SkipReason
from adapter.ingest.normalise import Repair

PARKED: dict[ParkCode, str] = {
    "empty-value": "annul a registration by an `annullert` event, erase a person by `slettet`; never by an empty value",
    "too-large": "send the record only, no attachments",
    "not-utf8": "set the producer's encoding to UTF-8",
    "not-json": "set the producer's serialiser to plain JSON, without a schema registry's prefix",
    "not-a-cloudevent": "add the attributes of CloudEvents 1.0, or keep the ce_* headers on the way",
    "missing-key": "give the Kafka record a key: the person key",
    "key-not-allowed": "use an opaque person key of letters, digits and ._:/-, 64 at most",
    "key-is-identity": "never use an identity number as key: it stands in clear on the bus",
    "key-differs-from-subject": "put the person key both in the record's key and in `subject`",
    "missing-field": "send whole records, with the field that is named",
    "wrong-type": "follow the event's schema in topics/schemas",
    "out-of-bounds": "follow the event's schema in topics/schemas: a bound, a pattern or a list of codes",
    "impossible-date": "write dates that exist, as YYYY-MM-DD",
    "identity-in-clear": "take the identity number out of the field: it belongs in innhold.ident.nummer alone",
    "state-too-large": "see why one person has so many rows; is one key used for several persons?",
    "internal-error": "report it: this is a fault in the adapter, and the event is kept",
}

SKIPPED: dict[SkipReason, str] = {
    "unknown-type": "nothing on a bus that is shared; else correct the event's type",
    "other-municipality": "nothing on a bus that is shared; else correct kommunenummer, or add it to [[kommuner]]",
}

REPAIRED: dict[Repair, str] = {
    "empty-to-absent": "leave an empty field out",
    "unknown-field": "leave out fields the contract does not have: they are dropped",
    "blanks": "leave out blanks around and within values",
    "text-to-number": "write numbers as numbers",
    "number-to-text": "write numbers of municipalities, organisations and the like as text, with leading zeros",
    "date-form": "write dates as YYYY-MM-DD, months as YYYY-MM",
    "letter-case": "write codes as the contract has them, capital letters included",
}
