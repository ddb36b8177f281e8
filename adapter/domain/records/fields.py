r"""Building blocks of the record types: bounded texts, codes and dates.

Every text and number is bounded so that nothing as long as an identity number (11 digits) fits in a field that is not
meant for one. What breaks a bound is parked at the door; what is within bounds but wrong in content is kept and
becomes a finding.

Patterns end in `\Z`: in Python `$` also matches before a last line break, which would then stand in the message.
"""

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta


class Innhold(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True, forbid_unknown_fields=True
):
    """Base of every record: camelCase in JSON and in state, absent fields left out, unknown fields refused.

    Refusing unknown fields keeps the fast path honest: the sloppy path then drops and counts them.
    """


Kommunenummer = Annotated[
    str, Meta(max_length=4, pattern=r"^[0-9]{4}\Z", description="Kommunenummer, fire sifre med ledende null.")
]
Bydelsnummer = Annotated[
    str, Meta(max_length=2, pattern=r"^[0-9]{2}\Z", description="Bydelsnummer, to sifre med ledende null.")
]

# Text of one line that XML can carry: printable, no blanks at the ends.
LINE = r"^[!-~\u00a1-\u017f](?:[ -~\u00a0-\u017f]*[!-~\u00a1-\u017f])?\Z"

# A name the journal system gives to a row, a decision or a person; it shows up in findings.
SYSTEM_ID = r"^[A-Za-z0-9][A-Za-z0-9._:/-]*\Z"

Orgnummer = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=9,
        pattern=LINE,
        description="Organisasjonsnummer for utførende underenhet, ni sifre.",
    ),
]

# xs:short is the widest code of the message; an identity number cannot fit.
Kode = Annotated[int, Meta(ge=0, le=32767)]
Maned = Annotated[str, Meta(max_length=7, pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])\Z")]

RegistreringsId = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=64,
        pattern=SYSTEM_ID,
        description="Radens id i fagsystemet; den samme gjennom alle versjoner. Aldri et identitetsnummer.",
    ),
]

FraDato = Annotated[date, Meta(description="Gjelder fra og med denne datoen.")]
TilDato = Annotated[date, Meta(description="Gjelder til og med denne datoen; utelates når perioden er åpen.")]
