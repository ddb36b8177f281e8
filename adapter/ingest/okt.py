"""Events out of OKT, a public prototype of an overview of services, as far as it goes (iplos.md 11.1). Pure.

OKT says which services a person has now. The contract wants the decision behind each, row by row, so nothing of OKT
becomes an event that is taken in: it lacks the row's id and version, and more. Nothing is made up. What is there is
carried over, what is not is named, and the adapter's own reader says what it would do with the result.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple, TypeAlias

import msgspec

from adapter.domain.records import Tjeneste
from adapter.ingest.cloudevent import Delivered
from adapter.ingest.contract import EVENT_TYPES, TYPE_PREFIX
from adapter.ingest.event_lines import STRUCTURED
from adapter.ingest.foresight import Foreseen, foresee
from adapter.ingest.normalise import Repair, normalise
from adapter.ingest.reading import Reader, is_person_key

TYPE = EVENT_TYPES[f"{TYPE_PREFIX}.tjeneste.registrert.v1"].name
SOURCE = "urn:okt"
_EMPTY = ("", None)

Need: TypeAlias = Literal["contract", "report"]


class Lack(NamedTuple):
    """A field of the event that OKT has nothing for. `contract`: parked without; `report`: a finding without."""

    field: str
    need: Need
    why: str


# Where OKT's fields go. The value is carried over as it stands, and put right as ingest would.
CARRIED: dict[str, str] = {
    "startDate": "fraDato",
    "endDate": "tilDato",
    "iplosCode.iplosCodeValue": "tjenestetype",
    "weeklyExtent": "timerPerUke",
}
# What OKT may leave out without anything being amiss: an open period, a service without hours.
OPTIONAL = frozenset({"endDate", "weeklyExtent"})
# What the contract has no field for.
NO_PLACE: dict[str, str] = {
    "iplosCode.iplosCodeDescription": "the code says it",
    "iplosCode.iplosCodeLevel": "whether a level above the service types of list 9151 may stand here is not known",
    "iplosCode.iplosParentCode": "the contract has no groups of codes",
    "serviceDescription": "free text",
    "serviceLevel": "a path of names in the organisation",
    "stayType": "text whose values are not known",
    "temporaryCessation": "the contract has no pause in a service",
    "needsCaption": "the contract has no such field",
}

NEVER_THERE: tuple[Lack, ...] = (
    Lack("registreringsId", "contract", "OKT is a snapshot of services, and its rows have no id"),
    Lack("versjon", "contract", "a snapshot has no version that grows with each change of a row"),
    Lack("innhold.vedtakId", "report", "OKT does not name the decision"),
    Lack("innhold.vedtakRad", "report", "OKT does not number the rows of a decision"),
    Lack(
        "innhold.vedtak", "report", "OKT has only services that are given, and does not say so; refusals are not there"
    ),
    Lack("innhold.soknadDato", "report", "OKT has no date of application"),
    Lack("innhold.vedtakDato", "report", "OKT has no date of decision"),
    Lack("innhold.orgnummer", "report", "serviceLevel is a path of names, not an organisation number"),
)
KOMMUNE = Lack("kommunenummer", "contract", "OKT does not say which municipality registered it: --kommune does")
KEY = Lack(
    "key", "contract", "personIdentifier is an identity number, or no key the contract allows: use the person key"
)


class Mapped(NamedTuple):
    """One service of one person: the event as far as it goes, what it lacks, and what would become of it."""

    record: int
    service: int
    delivered: Delivered
    repairs: tuple[Repair, ...]
    missing: tuple[Lack, ...]
    left_out: tuple[str, ...]
    foreseen: Foreseen


class NotOkt(NamedTuple):
    """A record, or one of its services (from 1; 0 is the record itself), that is not of OKT's form."""

    record: int
    service: int
    why: str


def read_okt(content: bytes) -> list[Any]:
    """Its records: of one JSON document (a record, or a list of them) or of lines. Raises `msgspec.MsgspecError`."""
    try:
        found = msgspec.json.decode(content)
    except msgspec.DecodeError:
        found = [msgspec.json.decode(line) for line in content.splitlines() if line.strip()]
    return found if isinstance(found, list) else [found]


def from_okt(records: Iterable[Any], kommunenummer: str, reader: Reader) -> Iterator[Mapped | NotOkt]:
    """Each service of each person, in order; a person without services gives none."""
    for number, record in enumerate(records, start=1):
        if not isinstance(record, dict) or not isinstance(services := record.get("oktMessages"), list):
            yield NotOkt(number, 0, "a record has personIdentifier and a list oktMessages")
            continue
        for place, service in enumerate(services, start=1):
            if isinstance(service, dict):
                yield _mapped((number, place), record.get("personIdentifier"), service, kommunenummer, reader)
            else:
                yield NotOkt(number, place, "a service is an object")


def _mapped(
    where: tuple[int, int], identifier: object, service: Mapping[str, Any], kommunenummer: str, reader: Reader
) -> Mapped:
    flat = dict(_flat(service))
    key = identifier if isinstance(identifier, str) and is_person_key(identifier) else None
    innhold, repairs, lacking = _content(flat)
    event = {
        "specversion": "1.0",
        # The envelope's own: it says where the event came from, and nothing of the registration.
        "id": f"okt-{where[0]}-{where[1]}",
        "source": SOURCE,
        "type": TYPE,
        **({"subject": key} if key else {}),
        "data": {**({"kommunenummer": kommunenummer} if kommunenummer else {}), "innhold": innhold},
    }
    delivered = Delivered(key.encode() if key else None, msgspec.json.encode(event), STRUCTURED if key else ())
    missing = [*([] if key else [KEY]), *([] if kommunenummer else [KOMMUNE]), *NEVER_THERE, *lacking]
    # A name that is none of OKT's might be anything, and is not repeated.
    named = (name for name, value in flat.items() if name not in CARRIED and value not in _EMPTY)
    left_out = tuple(dict.fromkeys(name if name in NO_PLACE else "(no field of OKT)" for name in named))
    return Mapped(*where, delivered, tuple(repairs), tuple(missing), left_out, foresee(delivered, reader))


def _content(flat: Mapping[str, Any]) -> tuple[dict[str, Any], list[Repair], list[Lack]]:
    """The row as far as OKT has it, what was put right in it, and what is lacking or cannot be read."""
    repairs: list[Repair] = []
    lacking: list[Lack] = []
    innhold: dict[str, Any] = {}
    for name, target in CARRIED.items():
        found = normalise({target: flat[name]} if name in flat else {}, Tjeneste, repairs.append)
        need: Need = "contract" if target == "tjenestetype" else "report"
        if target not in found:
            if name not in OPTIONAL:
                lacking.append(Lack(f"innhold.{target}", need, f"{name} is empty"))
            continue
        try:
            msgspec.convert({"tjenestetype": 1, **found}, Tjeneste)
        except msgspec.ValidationError:
            lacking.append(Lack(f"innhold.{target}", need, f"{name} cannot be read as {target}"))
        else:
            innhold |= found
    return innhold, repairs, lacking


def _flat(service: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in service.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value
