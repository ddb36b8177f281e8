"""What a rule is: a number, a title, a severity, its ground, and pure checks over a record, a person or a message.

A check returns None when all is well, or a text that begins with what to correct. It never sees an identity number
(state holds none in clear) and never raises.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias, TypeVar

from adapter.domain.records import Record
from adapter.domain.rules.sak import Meldingsfakta, Sak
from adapter.domain.yearview import PersonAar, Rad


class Severity(StrEnum):
    """What a finding does to the message."""

    BLOCK = "block"
    WITHHOLD = "withhold"
    WARN = "warn"


class Funn(NamedTuple):
    """One finding. `record_id` is the row's id in the journal system; the text tells a care worker what to do."""

    rule: str
    severity: Severity
    kind: str
    record_id: str
    text: str
    tjenestetype: int | None = None


T = TypeVar("T", bound=Record)
RecordCheck: TypeAlias = Callable[[Any, Sak], str | None]
PersonCheck: TypeAlias = Callable[[PersonAar, Sak], Iterable[tuple[Rad[Record] | None, str]]]
MessageCheck: TypeAlias = Callable[[Meldingsfakta], Iterable[str]]


@dataclass(slots=True)
class Rule:
    """One rule of the catalogue (domain/iplos.md 7.4). `severity` holds unless a check names another.

    The checks are added by the decorators below when the rule's file is imported.
    """

    id: str
    title: str
    severity: Severity
    ground: str
    from_year: int = 0
    to_year: int = 9999
    record_checks: list[tuple[type[Any], Severity, RecordCheck]] = field(default_factory=list)
    person_checks: list[tuple[Severity, PersonCheck]] = field(default_factory=list)
    message_checks: list[tuple[Severity, MessageCheck]] = field(default_factory=list)

    def for_each(
        self, record_type: type[T], severity: Severity | None = None
    ) -> Callable[[Callable[[T, Sak], str | None]], Callable[[T, Sak], str | None]]:
        """Check every record of this type; a WITHHOLD finding keeps that record out, or the person if it is theirs."""

        def register(check: Callable[[T, Sak], str | None]) -> Callable[[T, Sak], str | None]:
            self.record_checks.append((record_type, self._short_of_block(severity), check))
            return check

        return register

    def for_person(self, severity: Severity | None = None) -> Callable[[PersonCheck], PersonCheck]:
        """Check a person's whole year; it yields (row, text), and no row means the person.

        A WITHHOLD finding keeps that row out, or the person.
        """

        def register(check: PersonCheck) -> PersonCheck:
            self.person_checks.append((self._short_of_block(severity), check))
            return check

        return register

    def for_message(self, severity: Severity | None = None) -> Callable[[MessageCheck], MessageCheck]:
        """Check the message as a whole; a BLOCK finding stops it."""

        def register(check: MessageCheck) -> MessageCheck:
            self.message_checks.append((severity or self.severity, check))
            return check

        return register

    def _short_of_block(self, severity: Severity | None) -> Severity:
        """One person's record never stops the message of all the others."""
        severity = severity or self.severity
        if severity is Severity.BLOCK:
            raise ValueError(f"rule {self.id}: only a check of the message can block it")
        return severity

    def applies_to(self, year: int) -> bool:
        """Whether the rule is in force for a reporting year."""
        return self.from_year <= year <= self.to_year

    def check_message(self, fakta: Meldingsfakta) -> Iterator[Funn]:
        """The findings about the message itself."""
        for severity, check in self.message_checks:
            for text in check(fakta):
                yield Funn(self.id, severity, "melding", "", text)
