"""One person's state as somebody may see it: every record with its fields, and of an identity only what is known of it.

Neither the number nor what it is sealed into, nor its print; nor the date and sex that can be read from it.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from adapter.domain.records import ForsegletIdent, Person
from adapter.domain.state_versions import SCHEMA_VERSION
from adapter.domain.tilstand import NOTHING, Tilstand, split_key
from adapter.report.gaps.masking import shown

# Facts about an identity that are not parts of it.
IDENT_FACTS = ("type", "gyldig", "problem", "syntetisk", "tvetydig", "fra_2032", "nokkel_id")


def described(tilstand: Tilstand, partitions: Sequence[int]) -> dict[str, Any]:
    """The person, without the key: whoever asks has it. Long rows of digits are cut down to their last four."""
    return {
        "partitions": [*partitions],
        "schema": SCHEMA_VERSION,
        "erased": tilstand.slettet,
        "records": [_record(tilstand, key) for key in sorted(tilstand.linjer)],
    }


def _record(tilstand: Tilstand, key: str) -> dict[str, Any]:
    linje, (kind, registrerings_id) = tilstand.linjer[key], split_key(key)
    fields: dict[str, Any] = {}
    if linje.innhold != NOTHING:
        record = linje.record(kind)
        fields = msgspec.to_builtins(record)
        if isinstance(record, Person) and record.ident is not None:
            fields["ident"] = _facts(record.ident)
    return {
        "kind": kind,
        "id": shown(registrerings_id),
        "version": linje.versjon,
        "annulled": linje.annullert,
        "unit": "-".join(filter(None, (linje.kommunenummer, linje.bydelsnummer))),
        "fields": {name: shown(value) if isinstance(value, str) else value for name, value in fields.items()},
    }


def _facts(ident: ForsegletIdent) -> dict[str, Any]:
    return {name: getattr(ident, name) for name in IDENT_FACTS}
