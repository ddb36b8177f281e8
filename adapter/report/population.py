"""The population: every person in state, arranged so that one unit's persons can be read in any order.

Persons whose keys were merged (`Sammenslaing`) are one here: their lines belong together under the key they continue
as. So do the parts of a person whose events came on two partitions of the bus, because it was made wider, or because
producers choose a key's partition each in its own way: state is a join, and the parts are joined. What is kept in
memory for each person is an index entry; the state itself lies in a `Store`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Protocol, Self, TypeVar, cast

from adapter.domain.enhet import Enhet
from adapter.domain.merged import lines_of
from adapter.domain.overgang import Overgang, uendret
from adapter.domain.records import Person, Sammenslaing
from adapter.domain.tilstand import Linje, Tilstand, split_key
from adapter.report.share import Share
from adapter.report.spool import Place

Ticket = TypeVar("Ticket")

# Rows of these kinds say who somebody is, not what a unit does.
_ABOUT_THE_PERSON = ("person/", "sammenslaing/")


class Store(Protocol[Ticket]):
    """Keeps encoded states; a ticket gets one back."""

    def append(self, block: bytes) -> Ticket:
        """Keep a state."""

    def read(self, place: Ticket) -> bytes:
        """The state behind a ticket."""


class MemoryStore:
    """States in memory: the ticket is the state."""

    def append(self, block: bytes) -> bytes:
        """Nothing to do."""
        return block

    def read(self, place: bytes) -> bytes:
        """Nothing to do."""
        return place


class Population:
    """Index over the states of all persons. Add every state, then ask."""

    def __init__(self, store: Store[Ticket], overgang: Overgang | None = None) -> None:
        self._store = cast("Store[object]", store)
        self._overgang = overgang
        # Key → where the state is (None: erased), whose it is, and the partition it came from.
        self._tickets: dict[str, tuple[object, frozenset[Enhet], int]] = {}
        # Of those who are in several: partition → where that part is.
        self._parts: dict[str, dict[int, object]] = {}
        self._interned: dict[frozenset[Enhet], frozenset[Enhet]] = {}
        self._aliases: dict[str, str] = {}
        self._settled = True
        self._prints: dict[str, frozenset[bytes]] = {}
        self._shared: frozenset[bytes] | None = None

    @classmethod
    def of(cls, states: Mapping[str, bytes], overgang: Overgang | None = None) -> Self:
        """The population of states that are in memory anyway."""
        population = cls(cast("Store[Any]", MemoryStore()), overgang)
        for key, state in states.items():
            population.add(key, state)
        return population

    def add(self, key: str, state: bytes, partition: int = 0) -> bool:
        """Take in a person's newest state in this partition; a later call for the same replaces the earlier one.

        Returns whether the partition held nothing of this person before.
        """
        held, parts = self._tickets.get(key), self._parts.get(key)
        if parts is None and (held is None or held[2] == partition):
            self._index(key, Tilstand.decode(state), state, partition)
            return held is None
        if parts is None and held is not None:
            first = held[0] if held[0] is not None else self._store.append(Tilstand(slettet=True).encode())
            parts = self._parts[key] = {held[2]: first}
        parts = self._parts[key]
        new = partition not in parts
        parts[partition] = self._store.append(state)
        self._index_joined(key)
        return new

    def _index_joined(self, key: str) -> None:
        """What the parts of this person come to together."""
        parts = self._parts[key]
        joined = Tilstand()
        for ticket in parts.values():
            joined = joined.join(Tilstand.decode(self._store.read(ticket)))
        self._index(key, joined, joined.encode(), next(iter(parts)))

    def _index(self, key: str, tilstand: Tilstand, state: bytes, partition: int) -> None:
        self._forget(key)
        if tilstand.slettet:
            # The key stays known as erased, so that whoever was merged into it is left out too.
            self._tickets[key] = (None, frozenset(), partition)
            return
        prints = set()
        for name, linje in tilstand.linjer.items():
            if not name.startswith(_ABOUT_THE_PERSON) or linje.annullert:
                continue
            record = linje.record(split_key(name)[0])
            if isinstance(record, Sammenslaing):
                if record.videre_til and record.videre_til != key:
                    self._aliases[key] = record.videre_til
            elif isinstance(record, Person) and record.ident is not None:
                prints.add(record.ident.avtrykk)
        if prints:
            self._prints[key] = frozenset(prints)
        self._tickets[key] = (self._store.append(state), self._units_of(tilstand.linjer.items()), partition)

    def _units_of(self, linjer: Collection[tuple[str, Linje]]) -> frozenset[Enhet]:
        """Who registered something, in the numbers of the year."""
        oversett = self._overgang.for_person(linjer) if self._overgang else uendret
        registering = {
            (linje.kommunenummer, linje.bydelsnummer)
            for name, linje in linjer
            if not linje.annullert and not name.startswith(_ABOUT_THE_PERSON)
        }
        units = frozenset(Enhet(oversett(number), bydel) for number, bydel in registering)
        return self._interned.setdefault(units, units)

    def remove(self, key: str, partition: int = 0) -> bool:
        """A tombstone came for this key in this partition. Returns whether the partition held anything of it."""
        parts = self._parts.get(key)
        if parts is None:
            held = self._tickets.get(key)
            if held is None or held[2] != partition:
                return False
            self._forget(key)
            return True
        if parts.pop(partition, None) is None:
            return False
        if parts:
            self._index_joined(key)
        else:
            del self._parts[key]
            self._forget(key)
        return True

    @property
    def split(self) -> int:
        """How many persons have their state in more than one partition."""
        return sum(len(parts) > 1 for parts in self._parts.values())

    def _forget(self, key: str) -> None:
        self._settled, self._shared = False, None
        self._tickets.pop(key, None)
        self._aliases.pop(key, None)
        self._prints.pop(key, None)

    def __len__(self) -> int:
        return len(self._tickets)

    def units(self) -> list[Enhet]:
        """Every unit that registered anything, in order."""
        self._settle()
        return sorted({unit for _, units, _ in self._tickets.values() for unit in units})

    def groups(self, enhet: Enhet) -> dict[str, tuple[str, ...]]:
        """The unit's persons: the key each goes by → the keys that are this person, that key first."""
        self._settle()
        members = self._members()
        found: dict[str, tuple[str, ...]] = {}
        for key, (_, units, _) in self._tickets.items():
            if enhet in units:
                canonical = self.canonical(key)
                if not self._erased(canonical):
                    found[canonical] = members.get(canonical, (canonical,))
        return found

    def _members(self) -> dict[str, tuple[str, ...]]:
        """The keys of each person who has several, the one the person goes by first."""
        members: dict[str, set[str]] = defaultdict(set)
        for key in self._aliases:
            members[self.canonical(key)].add(key)
        return {canonical: (canonical, *sorted(keys - {canonical})) for canonical, keys in members.items()}

    def _settle(self) -> None:
        """Which municipality a doubtful number stands for is read from all of a person's records, under every key."""
        if self._settled or self._overgang is None:
            return
        self._settled = True
        for canonical, keys in self._members().items():
            units = self._units_of(lines_of(canonical, list(self.states(keys))))
            for key in keys:
                ticket, own, partition = self._tickets.get(key, (None, frozenset(), 0))
                if ticket is not None:
                    self._tickets[key] = (ticket, units if own else own, partition)

    def shared_prints(self) -> frozenset[bytes]:
        """Prints of identity numbers that more than one person has (rule I2). Every unit asks for the same ones."""
        if self._shared is not None:
            return self._shared
        owners: dict[bytes, str] = {}
        shared: set[bytes] = set()
        for key, prints in self._prints.items():
            canonical = self.canonical(key)
            shared.update(one for one in prints if owners.setdefault(one, canonical) != canonical)
        self._shared = frozenset(shared)
        return self._shared

    def share(self, enhet: Enhet) -> Share:
        """What another process needs to build the unit, of states that lie in a spool."""
        groups = self.groups(enhet)
        tickets = ((key, self._tickets.get(key)) for members in groups.values() for key in members)
        places = {key: cast("Place", found[0]) for key, found in tickets if found is not None and found[0] is not None}
        return Share(enhet, groups, places, self.shared_prints())

    def states(self, keys: Iterable[str]) -> Iterator[tuple[str, Tilstand]]:
        """The states of these keys; a key without state is passed over."""
        for key in keys:
            ticket, *_ = self._tickets.get(key, (None,))
            if ticket is not None:
                yield key, Tilstand.decode(self._store.read(ticket))

    def canonical(self, key: str) -> str:
        """The key a person goes by after all merges. A ring of merges ends at the smallest key of the ring."""
        if key not in self._aliases:
            return key
        path, at = {key: None}, key
        while (following := self._aliases.get(at)) is not None:
            if following in path:
                passed = list(path)
                return min(passed[passed.index(following) :])
            path[following], at = None, following
        return at

    def _erased(self, key: str) -> bool:
        return key in self._tickets and self._tickets[key][0] is None
