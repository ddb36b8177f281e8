"""When a snapshot is not put back: a pure judgement over what the file says and what the cluster has."""

from collections.abc import Sequence
from typing import NamedTuple

from adapter.custody.snapshot import Hode


class CustodyRefusedError(RuntimeError):
    """It is not done; the sentence says why, and what to do."""


class Seen(NamedTuple):
    """The cluster: members of the group, persons in the state topic, partitions of both topics, ends of the bus."""

    group: str
    members: int
    tilstand: str
    persons: int
    state_partitions: int
    bus: str
    bus_ends: Sequence[int]


def refusal(hode: Hode, seen: Seen, *, from_start: bool) -> str | None:
    """Why this snapshot may not be put back here, if so. `from_start`: the bus is read anew whatever the file says."""
    if seen.members:
        return (
            f"group {seen.group} has {seen.members} members: stop every process of the service first, and see with "
            "`iplos-adapter doctor` that the group is empty"
        )
    if seen.persons:
        return (
            f"{seen.tilstand} holds {seen.persons} persons, and a snapshot is only put back into an empty topic: "
            "delete the topic, make it with `iplos-adapter topics apply`, and import again"
        )
    wanted = len(hode.deler)
    if seen.state_partitions != wanted or len(seen.bus_ends) != wanted:
        return (
            f"the snapshot is of {wanted} partitions, {seen.tilstand} has {seen.state_partitions} and {seen.bus} "
            f"{len(seen.bus_ends)}: a person's state must lie in the partition of the person's events, so all three "
            "must be the same"
        )
    beyond = [number for number, one in enumerate(hode.deler) if one.offset > seen.bus_ends[number]]
    if beyond and not from_start:
        return (
            f"the snapshot goes on from offset {hode.deler[beyond[0]].offset} of {seen.bus}, partition {beyond[0]}, "
            f"which ends at {seen.bus_ends[beyond[0]]}: it is another bus, or was made anew; say --bus-from-start to "
            "have all of it read"
        )
    return None


def deleted_unread(hode: Hode, firsts: Sequence[int], *, from_start: bool) -> int:
    """Events that came after the snapshot and that the bus holds no more: the journal system must send them anew."""
    if from_start:
        return 0
    return sum(max(first - one.offset, 0) for first, one in zip(firsts, hode.deler, strict=True))
