"""S9: en hjemmetjeneste bør ikke løpe under et langtidsopphold.

Ground: domain/iplos.md 7.4 [R5]: nothing is excluded by the register, so it is only remarked on. One may end on the day
the other begins. Which codes are home services is the pack's group.
"""

from collections.abc import Iterator
from datetime import date

from adapter.domain.records import Tjeneste
from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Sak
from adapter.domain.rules.wording import period
from adapter.domain.yearview import PersonAar, Rad

RULE = Rule(
    id="S9", severity=Severity.WARN, title="Hjemmetjeneste under langtidsopphold", ground="domain/iplos.md 7.4 [R5]"
)

LONG_STAY = 21
HOME = "hjemme"


@RULE.for_person()
def runs_at_the_same_time(person: PersonAar, sak: Sak) -> Iterator[tuple[Rad[Tjeneste], str]]:
    running = [rad for rad in person.tjenester if rad.innhold.vedtak != "avslag" and rad.innhold.fra_dato]
    stays = [rad.innhold for rad in running if rad.innhold.tjenestetype == LONG_STAY]
    if not stays:
        return
    home = {kind.kode for kind in sak.pack.tjenestetyper if kind.gruppe == HOME}
    for rad in running:
        if rad.innhold.tjenestetype not in home:
            continue
        stay = next((stay for stay in stays if _overlap(rad.innhold, stay)), None)
        if stay is not None:
            when = period(stay.fra_dato, stay.til_dato)
            yield rad, f"Kontroller om tjeneste {rad.innhold.tjenestetype} skal løpe under langtidsoppholdet {when}."


def _overlap(one: Tjeneste, other: Tjeneste) -> bool:
    return _starts_inside(one, other) and _starts_inside(other, one)


def _starts_inside(one: Tjeneste, other: Tjeneste) -> bool:
    return (one.fra_dato or date.min) < (other.til_dato or date.max)
