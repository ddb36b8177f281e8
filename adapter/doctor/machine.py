"""Judgements over the machine: key file, certificates, disk, memory, port. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, assert_never

from adapter.doctor.check import Check, Unknown, size, unknown

# A report spools every person's state and both messages: 2.7 kB and 5.1 kB for a simulated person, and room for
# states that the topic has not compacted yet.
SPOOLED_PER_PERSON = 12_000
# What a process holds of a person, and what it holds before there are any.
HELD_PER_PERSON = 3_500
HELD_BY_ITSELF = 300_000_000
SOON = timedelta(days=30)


class KeyFileSeen(NamedTuple):
    """The key file: what is wrong with it, or who else may read it and which keys it has."""

    path: str
    problem: str = ""
    others_read: bool = False
    key_ids: tuple[str, ...] = ()


def judge_key_file(seen: KeyFileSeen) -> Check:
    """It can be read, and by nobody else who might be there."""
    if seen.problem:
        return Check(
            "key-file", "wrong", seen.problem, "put the key file in its place, or name the right one: nokkelfil"
        )
    if seen.others_read:
        # In a container there may be no other users, and a mounted secret often comes like this.
        text = f"{seen.path} can be read by every user of the machine"
        return Check("key-file", "advice", text, f"chmod o-rwx {seen.path}")
    return Check(
        "key-file", "ok", f"{seen.path} is readable and holds {', '.join(seen.key_ids)}; {seen.key_ids[0]} seals"
    )


class CertificateSeen(NamedTuple):
    """When a certificate file's first certificate ends; None when it cannot be read."""

    path: str
    ends: datetime | None


def judge_certificates(seen: Sequence[CertificateSeen], now: datetime) -> Check:
    """None has ended, and none soon will."""
    if not seen:
        return Check("certificates", "ok", "no certificate file is set")
    for one in seen:
        if one.ends is None:
            return Check(
                "certificates", "wrong", f"{one.path} holds no certificate that can be read", f"replace {one.path}"
            )
    first = min(seen, key=lambda one: one.ends or now)
    ends = first.ends or now
    if ends <= now:
        return Check("certificates", "wrong", f"{first.path} ended on {ends:%Y-%m-%d}", f"renew {first.path}")
    if ends - now < SOON:
        return Check(
            "certificates", "advice", f"{first.path} ends on {ends:%Y-%m-%d}", f"renew {first.path} before then"
        )
    return Check("certificates", "ok", f"the first to end, {first.path}, does so on {ends:%Y-%m-%d}")


class DiskSeen(NamedTuple):
    """The folder for temporary files, and how many bytes are free there."""

    folder: str
    free: int


def judge_disk(seen: DiskSeen | Unknown, persons: int | None, largest_sent: int | None) -> Check:
    """A report fits in the temporary folder. `largest_sent`: bytes of the largest pair of messages so far."""
    if isinstance(seen, Unknown):
        return unknown("disk", seen)
    free = f"{size(seen.free)} are free in {seen.folder}"
    if persons is None and largest_sent is None:
        return unknown("disk", Unknown(f"{free}; how large a report becomes is not known without the state"))
    needed = max((persons or 0) * SPOOLED_PER_PERSON, 2 * (largest_sent or 0))
    text = f"{free}, a report needs about {size(needed)}"
    todo = f"make room in {seen.folder}, or point TMPDIR to where there is"
    if seen.free < needed:
        return Check("disk", "wrong", text, todo)
    return Check("disk", "advice" if seen.free < 2 * needed else "ok", text, todo if seen.free < 2 * needed else "")


class MemorySeen(NamedTuple):
    """Bytes that may still be had, and what says so (`the machine`, or a limit of the container)."""

    left: int
    by: str


def judge_memory(seen: MemorySeen | Unknown, persons: int | None, *, running: bool) -> Check:
    """What the service holds fits; one that runs here holds it already."""
    if isinstance(seen, Unknown):
        return unknown("memory", seen)
    left = f"{seen.by} has {size(seen.left)} left"
    if running:
        return Check("memory", "ok", f"{left}, with the service running here")
    if persons is None:
        return unknown("memory", Unknown(f"{left}; what the service needs is not known without the state"))
    needed = HELD_BY_ITSELF + persons * HELD_PER_PERSON
    text = f"{left}; one process that holds all {persons:,} persons needs about {size(needed)}"
    todo = "give the service more memory, or let several processes share the partitions"
    return Check("memory", "ok", text) if seen.left >= needed else Check("memory", "wrong", text, todo)


class HttpSeen(NamedTuple):
    """The service's port: free, answered by a service that is ready or not (and why), taken, or not to be had."""

    where: str
    who: Literal["nobody", "ready", "not-ready", "another", "not-ours"]
    why: str = ""


def judge_http(seen: HttpSeen) -> Check:
    """The port is free for the service, or the service answers there."""
    match seen.who:
        case "nobody":
            return Check("http", "ok", f"{seen.where} is free: no service runs here")
        case "ready":
            return Check("http", "ok", f"the service answers on {seen.where} and is ready")
        case "not-ready":
            text = f"the service answers on {seen.where} and is not ready: {seen.why}"
            return Check("http", "wrong", text, "wait while it restores; if it stays so, its log says why")
        case "another":
            text = f"{seen.where} is taken by something that is not this service"
            return Check("http", "wrong", text, "set another http.port, or stop what listens there")
        case "not-ours":
            return Check(
                "http", "wrong", f"{seen.where} cannot be listened on: {seen.why}", "correct http.vert or http.port"
            )
        case _:
            assert_never(seen.who)
