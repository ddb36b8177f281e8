"""What a run of pip-audit is worth. Pure: what it printed, the exceptions and the day come in, a verdict goes out.

pip-audit calls it a success when it has looked at nothing ("No known vulnerabilities found", every package skipped).
Here an audit that audited nothing says so, and one that audited some of the packages has failed.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, NamedTuple, TypeAlias

import msgspec
from msgspec import Meta

from tests.supply.locks import normalized


class Vulnerability(msgspec.Struct, frozen=True):
    """One that is known of a package."""

    id: str
    fix_versions: list[str] = []
    aliases: list[str] = []


class Dependency(msgspec.Struct, frozen=True):
    """A package as pip-audit answers for it; without `vulns` it was skipped."""

    name: str
    version: str = ""
    vulns: list[Vulnerability] | None = None
    skip_reason: str = ""


class Answer(msgspec.Struct, frozen=True):
    """pip-audit's whole answer in JSON."""

    dependencies: list[Dependency]


class Accepted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A vulnerability that is accepted until a day."""

    id: str
    package: str
    why: Annotated[str, Meta(min_length=10)]
    until: date


@dataclass(frozen=True, slots=True)
class Clean:
    """Every package was audited, and nothing is wrong."""

    said: str


@dataclass(frozen=True, slots=True)
class NotAudited:
    """No package was audited: the service was not reached, or knew nobody."""

    said: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Something must be done; a sentence for each."""

    faults: tuple[str, ...]


Verdict: TypeAlias = Clean | NotAudited | Failed


class Reply(NamedTuple):
    """What pip-audit printed."""

    out: str
    err: str


def judge(reply: Reply, locked: Collection[str], accepted: Sequence[Accepted], today: date) -> Verdict:
    """`locked` are the names of all packages that must have been audited."""
    wanted = {normalized(name) for name in locked}
    faults = [*_past(accepted, today)]
    try:
        answered = msgspec.json.decode(reply.out, type=Answer).dependencies
    except msgspec.MsgspecError:
        if not _UNREACHABLE.search(reply.err):
            return Failed((*faults, f"pip-audit gave no answer: {_last_line(reply.err)}"))
        answered = []
    audited = {normalized(one.name): one for one in answered if one.vulns is not None}
    if not wanted & set(audited):
        why = _some(sorted({one.skip_reason.partition(":")[0] for one in answered})) or _last_line(reply.err)
        return Failed(tuple(faults)) if faults else NotAudited(f"NOT AUDITED: 0 of {len(wanted)} packages ({why})")
    if missing := sorted(wanted - set(audited)):
        faults.append(f"only {len(wanted) - len(missing)} of {len(wanted)} packages were audited, not {_some(missing)}")
    faults += _vulnerable(audited.values(), accepted)
    faults += _needless(audited.values(), accepted)
    return Failed(tuple(faults)) if faults else Clean(f"{len(wanted)} of {len(wanted)} packages audited")


def _past(accepted: Sequence[Accepted], today: date) -> Iterator[str]:
    for one in accepted:
        if one.until < today:
            yield f"the exception for {one.id} of {one.package} ended {one.until}: mend it, or argue anew"


def _vulnerable(audited: Collection[Dependency], accepted: Sequence[Accepted]) -> Iterator[str]:
    for package in audited:
        for found in package.vulns or ():
            if not any(_is(one, package, found) for one in accepted):
                remedy = (
                    f"upgrade to {' or '.join(found.fix_versions)}" if found.fix_versions else "no fixed version yet"
                )
                yield f"{package.name} {package.version}: {found.id}: {remedy}"


def _needless(audited: Collection[Dependency], accepted: Sequence[Accepted]) -> Iterator[str]:
    for one in accepted:
        if not any(_is(one, package, found) for package in audited for found in package.vulns or ()):
            yield f"the exception for {one.id} of {one.package} is not needed any more: take it out"


def _is(accepted: Accepted, package: Dependency, found: Vulnerability) -> bool:
    return normalized(accepted.package) == normalized(package.name) and accepted.id in {found.id, *found.aliases}


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (" …" if len(names) > 5 else "")


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1].partition(" (Caused by")[0][:200] if lines else "no word"


# How pip-audit's client ends when a service is not there; any other end is a fault of the audit itself.
_UNREACHABLE = re.compile(r"(?:ConnectionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|HTTPError)\b")
