"""One person's drafts as the mess functions see them: rows by kind, and ways to add and change events."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Generic, TypeVar

from msgspec.structs import replace

from adapter.domain.records import Innhold, Tjeneste
from adapter.ingest.contract import Annullert, Registrert
from adapter.simulate.chart import Recipient
from adapter.simulate.identities import Unit
from adapter.simulate.journal import DAY, EVENT_NAME, REGISTERED, Draft, moment_of

T = TypeVar("T", bound=Innhold)
_ADDED = "x-"
_STORY = {EVENT_NAME["sammenslaing", "sammenslatt"], EVENT_NAME["person", "slettet"]}


@dataclass(slots=True)
class Version(Generic[T]):
    """One draft that registers a row, with its content typed."""

    draft: Draft
    data: Registrert[T]

    @property
    def innhold(self) -> T:
        return self.data.innhold

    def change(self, **changes: Any) -> None:
        """Another content for this version."""
        self.data = replace(self.data, innhold=replace(self.data.innhold, **changes))
        self.draft.data = self.data


@dataclass(slots=True)
class History:
    """What mess may work on."""

    recipient: Recipient
    drafts: list[Draft]
    units: tuple[Unit, ...]
    new_year: date
    rng: random.Random
    _number: int = field(default=0)

    def __post_init__(self) -> None:
        self._number = len(self.drafts)

    @property
    def year(self) -> int:
        return self.new_year.year

    @property
    def continues(self) -> bool:
        """The person was neither merged nor erased, so what is planted can be found under this key."""
        return all(draft.type not in _STORY for draft in self.drafts)

    def rows(self, kind: type[T]) -> list[list[Version[T]]]:
        """The rows of a kind, each with its versions in order."""
        found: dict[str, list[Version[T]]] = {}
        for draft in self.drafts:
            if isinstance(draft.data, Registrert) and isinstance(draft.data.innhold, kind):
                found.setdefault(draft.data.registrerings_id, []).append(Version(draft, draft.data))
        return list(found.values())

    def own_rows(self, kind: type[T]) -> list[list[Version[T]]]:
        """Rows of the life itself, none that mess has added."""
        return [row for row in self.rows(kind) if not row[0].data.registrerings_id.startswith(_ADDED)]

    def some_row(self, kind: type[T], fits: Callable[[T], bool] = lambda _: True) -> list[Version[T]] | None:
        """Any row whose newest version fits."""
        able = [row for row in self.rows(kind) if fits(row[-1].innhold)]
        return self.rng.choice(able) if able else None

    def granted(self, fits: Callable[[Tjeneste], bool] = lambda _: True) -> list[Version[Tjeneste]] | None:
        """Any granted service row that fits."""
        return self.some_row(Tjeneste, lambda row: row.vedtak == "innvilget" and row.fra_dato is not None and fits(row))

    def plain(self) -> list[Draft]:
        """Registrations nothing has been done to yet."""
        return [
            draft
            for draft in self.drafts
            if draft.expected == "accepted"
            and draft.twist is None
            and draft.wrap is None
            and isinstance(draft.data, Registrert)
            and draft.type not in _STORY
        ]

    def day_of(self, draft: Draft) -> date:
        """The day a draft was registered."""
        return self.new_year + timedelta(days=draft.time // DAY)

    def any_day(self) -> date:
        """Some day the person's journal was written in."""
        return self.day_of(self.rng.choice(self.drafts))

    def register(self, day: date, innhold: Innhold, beside: Version[T] | None = None) -> str:
        """A row the journal system did not have, in the unit of the row it stands `beside`; returns its id."""
        first = beside.draft if beside else self.drafts[0]
        assert isinstance(first.data, Annullert)  # noqa: S101  # a journal begins with a person row
        data = Registrert(
            registrerings_id=f"{_ADDED}{first.key[2:10]}-{self._number}",
            versjon=1,
            kommunenummer=first.data.kommunenummer,
            bydelsnummer=first.data.bydelsnummer,
            innhold=innhold,
        )
        self.append(first.key, REGISTERED[type(innhold)], data, moment_of(day, self.new_year, self.rng))
        return data.registrerings_id

    def append(self, key: str, event_type: str, data: Annullert, moment: int) -> Draft:
        """One more event."""
        draft = Draft(moment, moment, self._number, key, event_type, data)
        self._number += 1
        self.drafts.append(draft)
        return draft

    def copy(self, draft: Draft) -> Draft:
        """The same event once more under an id of its own, delivered just before the original."""
        return self.append(draft.key, draft.type, _record(draft), max(0, draft.moment - self.rng.randint(1, 600)))


def _record(draft: Draft) -> Annullert:
    assert isinstance(draft.data, Annullert)  # noqa: S101  # only registrations are copied
    return draft.data
