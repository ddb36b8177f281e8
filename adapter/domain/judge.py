"""Judge one person's year by the rules: what is sent, what is held back and why, what is only remarked on.

Conservation: every record of the view is either in `sendes` or in `holdt`, never both and never neither.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from adapter.domain.records import RECORD_TYPES, Record, Tjeneste
from adapter.domain.rules.rule import Funn, PersonCheck, RecordCheck, Rule, Severity
from adapter.domain.rules.sak import Sak
from adapter.domain.yearview import PersonAar, Rad


class Holdt(NamedTuple):
    """A record that is kept out of the message, and the rule that did it."""

    kind: str
    record_id: str
    rule: str


@dataclass(slots=True)
class Vurdering:
    """The judgement of one person. `sendes` is None when the whole person is held back."""

    sendes: PersonAar | None
    funn: list[Funn] = field(default_factory=list)
    holdt: list[Holdt] = field(default_factory=list)
    sjekker: int = 0


class Judge:
    """The rules in force for one year, arranged by what they check."""

    def __init__(self, rules: Iterable[Rule], year: int) -> None:
        in_force = [rule for rule in rules if rule.applies_to(year)]
        self._person: list[tuple[str, Severity, PersonCheck]] = [
            (rule.id, severity, check) for rule in in_force for severity, check in rule.person_checks
        ]
        self._record: dict[type[Record], list[tuple[str, Severity, RecordCheck]]] = {
            record_type: [
                (rule.id, severity, check)
                for rule in in_force
                for wanted, severity, check in rule.record_checks
                if wanted is record_type
            ]
            for record_type in RECORD_TYPES.values()
        }

    def judge(self, sak: Sak) -> Vurdering:
        """Run every rule over `sak.person`, which is left as it is."""
        person = sak.person
        result = Vurdering(person)
        held: dict[tuple[str, str], str] = {}
        person_held_by: str | None = None
        if person.person is not None:
            person_held_by = next((rule for _, rule in self._check([person.person], sak, result)), None)
        for _, rows in person.etter_slag():
            if rows:
                held.update(((rad.kind, rad.id), rule) for rad, rule in self._check(rows, sak, result))
        for rule_id, severity, check in self._person:
            result.sjekker += 1
            for found, text in check(person, sak):
                result.funn.append(_finding(rule_id, severity, found or person.person, text))
                if severity is not Severity.WITHHOLD:
                    continue
                if found is None or found.kind == "person":
                    person_held_by = person_held_by or rule_id
                else:
                    held.setdefault((found.kind, found.id), rule_id)
        _settle(result, person, held, person_held_by)
        return result

    def _check(self, rows: Sequence[Rad[Any]], sak: Sak, result: Vurdering) -> Iterator[tuple[Rad[Any], str]]:
        """Run the record checks over rows of one kind; each row that is held back, and the first rule that does it."""
        checks = self._record[type(rows[0].innhold)]
        result.sjekker += len(checks) * len(rows)
        for rad in rows:
            innhold, held_by = rad.innhold, None
            for rule_id, severity, check in checks:
                text = check(innhold, sak)
                if text is not None:
                    result.funn.append(_finding(rule_id, severity, rad, text))
                    if severity is Severity.WITHHOLD:
                        held_by = held_by or rule_id
            if held_by is not None:
                yield rad, held_by


def _finding(rule_id: str, severity: Severity, rad: Rad[Any] | None, text: str) -> Funn:
    if rad is None:
        return Funn(rule_id, severity, "person", "", text)
    tjenestetype = rad.innhold.tjenestetype if isinstance(rad.innhold, Tjeneste) else None
    return Funn(rule_id, severity, rad.kind, rad.id, text, tjenestetype)


def _settle(result: Vurdering, person: PersonAar, held: dict[tuple[str, str], str], person_held_by: str | None) -> None:
    if person_held_by is not None:
        result.sendes = None
        result.holdt = [Holdt(rad.kind, rad.id, held.get((rad.kind, rad.id), person_held_by)) for rad in person.rader()]
    elif held:
        result.sendes = PersonAar(
            person.nokkel,
            person.person,
            *(
                _without(rows, held)
                for rows in (
                    person.opplysninger,
                    person.funksjoner,
                    person.tjenester,
                    person.diagnoser,
                    person.dogntilbud,
                )
            ),
        )
        result.holdt = [Holdt(kind, record_id, rule) for (kind, record_id), rule in held.items()]


def _without(rows: Sequence[Rad[Any]], held: dict[tuple[str, str], str]) -> list[Any]:
    return [rad for rad in rows if (rad.kind, rad.id) not in held]
