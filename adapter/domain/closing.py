"""Closing a year: the order, and each partition's proof of what was removed. Counts and hashes, no keys, no identities.

The proof's hashes are over the states of all persons of the partition in the order of their keys, before and after:
whoever has a copy of the topic can check them.
"""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec

from adapter.domain.retention import still_needed
from adapter.domain.tilstand import Tilstand


class LukkingBestilt(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody ordered that a reporting year be closed. A new order (another id) has it looked through again."""

    id: str
    aar: int
    bestilt_av: str
    tidspunkt: datetime


class LukketDel(msgspec.Struct, frozen=True, kw_only=True):
    """One partition is done. `personer_fjernet` are gone whole, `personer_beskaret` lost some records."""

    bestilling: str
    aar: int
    partisjon: int
    tidspunkt: datetime
    personer_for: int
    personer_fjernet: int
    personer_beskaret: int
    rader_fjernet: int
    sha256_for: str
    sha256_etter: str


class Pruned(msgspec.Struct, frozen=True):
    """What closing does to a partition: the new state of each person it changes, None for a person to be removed."""

    states: dict[str, bytes | None]
    proof: LukketDel


class Proof(NamedTuple):
    """Where the proof of a closed year goes, and the key and value it is written as."""

    topic: str
    record: Callable[[LukketDel], tuple[bytes, bytes]]


def prune(states: Mapping[str, bytes], bestilt: LukkingBestilt, partisjon: int, now: datetime) -> Pruned:
    """What is to be written so that only what the years after need remains. Doing it again changes nothing."""
    changed: dict[str, bytes | None] = {}
    rows = 0
    for key, state in states.items():
        before = Tilstand.decode(state)
        after = still_needed(before, bestilt.aar + 1)
        gone = len(before.linjer) - len(after.linjer)
        if gone:
            rows += gone
            changed[key] = after.encode() if after.linjer else None
    removed = sum(state is None for state in changed.values())
    left = {key: changed.get(key, state) for key, state in states.items()}
    proof = LukketDel(
        bestilling=bestilt.id,
        aar=bestilt.aar,
        partisjon=partisjon,
        tidspunkt=now,
        personer_for=len(states),
        personer_fjernet=removed,
        personer_beskaret=len(changed) - removed,
        rader_fjernet=rows,
        sha256_for=_digest(states),
        sha256_etter=_digest({key: state for key, state in left.items() if state is not None}),
    )
    return Pruned(changed, proof)


def _digest(states: Mapping[str, bytes]) -> str:
    whole = hashlib.sha256()
    for key in sorted(states):
        whole.update(hashlib.sha256(states[key]).digest())
    return whole.hexdigest()
