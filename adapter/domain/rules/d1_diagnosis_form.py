"""D1: diagnosekoden bør ha den formen kodeverket bruker.

Ground: domain/iplos.md 3.7, 7.4 [X1]: the message takes any text of ten characters. Only the form is looked at; the
code lists themselves are not part of a pack.

ICPC-2: one of its seventeen chapter letters and two digits. INFERRED: a point and up to four digits after that, for the
enriched Norwegian edition. ICD-10: a letter, two digits, and up to two more; printed with a point after the third
place, but in KITH's data files without it, so both will do. INFERRED: a dagger or star at the end (+ or *) is no fault.

The code is not repeated in the text: whatever was written in the field would be.
"""

import re

from adapter.domain.records import Diagnose
from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Sak

RULE = Rule(
    id="D1", severity=Severity.WARN, title="Diagnosekoden har feil form", ground="domain/iplos.md 3.7, 7.4 [X1]"
)

_FORMS = {
    "ICPC-2": (re.compile(r"[ABDFHKLNPR-UW-Z][0-9]{2}(?:\.[0-9]{1,4})?"), "en kapittelbokstav og to sifre"),
    "ICD-10": (re.compile(r"[A-Z][0-9]{2}(?:\.?[0-9]{1,2})?[+*]?"), "en bokstav, to sifre og inntil to til"),
}


@RULE.for_each(Diagnose)
def code_is_malformed(diagnose: Diagnose, _: Sak) -> str | None:
    form, words = _FORMS[diagnose.kodeverk]
    if form.fullmatch(diagnose.kode) is None:
        return f"Rett diagnosekoden: en kode i {diagnose.kodeverk} er {words}."
    return None
