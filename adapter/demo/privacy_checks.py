"""Who a person is and what care they get never meet: looked for in everything the run left behind."""

import re
from collections.abc import Iterable, Iterator

from adapter.demo.evidence import Evidence
from adapter.demo.fetched import Fetched

# All there is in an ident message: contacts, the institution, and three values for each person.
IDENT_ELEMENTS = frozenset(("Melding", "Kontaktperson", "Institusjon", "PasientIdent"))
IDENT_VALUES = frozenset(("PasientIdent@pid", "PasientIdent@fid", "PasientIdent@typeID"))
_IDENTITY = re.compile(rb"(?<!\d)\d{11}(?!\d)")


def identities_in(texts: Iterable[bytes]) -> frozenset[bytes]:
    """Everything that looks like an identity number; of made-up people, so it may be held in memory."""
    return frozenset(found for text in texts for found in _IDENTITY.findall(text))


def no_identity(evidence: Evidence) -> Iterator[str]:
    """No number that was on the bus is in a care data message, the log, the metrics or the ledger."""
    if not evidence.identities:
        yield "no identity number is known, so none was looked for"
    for file in evidence.files:
        if file.kind != "KPR_IDE" and (found := len(file.digits & evidence.identities)):
            yield f"{file.path.name} holds {found} identity numbers"
    for name, body in evidence.written.items():
        if found := sum(number in body for number in evidence.identities):
            yield f"{name} holds {found} identity numbers"


def no_care_data(files: Iterable[Fetched]) -> Iterator[str]:
    """An ident message has the elements and attributes named above, and no others."""
    for file in files:
        if file.kind != "KPR_IDE":
            continue
        for name in sorted(file.names):
            element, _, attribute = name.partition("@")
            if element not in IDENT_ELEMENTS:
                yield f"{file.path.name} has the element {element}"
            elif element == "PasientIdent" and attribute and name not in IDENT_VALUES:
                yield f"{file.path.name} has {attribute} for a person"
