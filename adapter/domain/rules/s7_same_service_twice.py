"""S7: samme tjeneste fra samme enhet i samme periode bør bare stå én gang.

Ground: domain/iplos.md 7.4 [R10]. Periods that merely overlap are let be: the register tolerates them (7.2), and one
unit may well give two parts of one service. Two rows without organisation number count as the same unit.
"""

from collections.abc import Iterator
from datetime import date
from typing import TypeAlias

from adapter.domain.records import Tjeneste
from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Sak
from adapter.domain.rules.wording import period
from adapter.domain.yearview import PersonAar, Rad

RULE = Rule(id="S7", severity=Severity.WARN, title="Samme tjeneste to ganger", ground="domain/iplos.md 7.4 [R10]")

_Same: TypeAlias = tuple[int, str | None, date, date | None]


@RULE.for_person()
def registered_twice(person: PersonAar, _: Sak) -> Iterator[tuple[Rad[Tjeneste], str]]:
    seen: set[_Same] = set()
    for rad in person.tjenester:
        tjeneste = rad.innhold
        if tjeneste.vedtak == "avslag" or tjeneste.fra_dato is None:
            continue
        same = (tjeneste.tjenestetype, tjeneste.orgnummer, tjeneste.fra_dato, tjeneste.til_dato)
        if same in seen:
            when = period(tjeneste.fra_dato, tjeneste.til_dato)
            yield rad, f"Kontroller om tjeneste {tjeneste.tjenestetype} {when} er ført to ganger for samme enhet."
        seen.add(same)
