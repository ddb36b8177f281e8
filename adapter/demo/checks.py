"""Whether everything adds up. Pure: evidence in, one verdict a promise out, each with what is off."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from adapter.demo.evidence import Evidence
from adapter.demo.fetched import Fetched
from adapter.demo.scenario import UNITS, as_the_simulator_sees
from adapter.demo.service import STOPPED_WITHIN
from adapter.domain.enhet import Enhet
from adapter.report.ledger import Kjoring


class Verdict(NamedTuple):
    """One promise, and what is against it: nothing, when it is kept."""

    promise: str
    off: list[str]


class Pair(NamedTuple):
    """A run with the files that carry its two message ids; None where there is no such file."""

    run: Kjoring
    care: Fetched | None
    ident: Fetched | None


def judge(evidence: Evidence) -> list[Verdict]:
    """Every promise the demo shows, in the order of the flow."""
    return [Verdict(promise, list(found)) for promise, found in (*_events(evidence), *_messages(evidence))]


def pairs(evidence: Evidence) -> list[Pair]:
    """Runs and their files, put together by message id alone."""
    by_id = {file.message_id: file for file in evidence.files}
    found = []
    for run in evidence.runs:
        sent = {one.type: by_id.get(one.melding_id) for one in run.meldinger}
        found.append(Pair(run, sent.get("KPR_IPL"), sent.get("KPR_IDE")))
    return found


def _events(evidence: Evidence) -> Iterator[tuple[str, Iterable[str]]]:
    counted, parked = evidence.counted, sum(n for name, n in evidence.counted.items() if name.startswith("parked"))
    yield "every event has exactly one outcome", _same("events", evidence.sent, "outcomes", sum(counted.values()))
    yield "the service did what the simulator expected", _same_counts(evidence.expected, as_the_simulator_sees(counted))
    yield "the same as the pure path without Kafka", _same_counts(evidence.offline, counted)
    yield "every parked event is a dead letter", _same("parked", parked, "dead letters", evidence.dead_letters)


def _messages(evidence: Evidence) -> Iterator[tuple[str, Iterable[str]]]:
    both = pairs(evidence)
    yield "one pair of messages for each unit", _one_pair_a_unit(evidence, both)
    yield "the files are the bytes the ledger says", _bytes(both)
    yield "valid by a second validator (xmlschema)", _second_opinion(evidence)
    yield "persons and rows in the files are the ledger's", _counts(both)
    yield "what was in view was sent or withheld", _conservation(evidence.runs)
    yield "the same persons in both messages of a pair", _same_persons(both)
    yield "no identity number outside the ident message", _no_identity(evidence)
    yield "no care data in the ident message", _no_care_data(evidence.files)
    code, seconds = evidence.stopped
    ended = code == 0 and seconds <= STOPPED_WITHIN
    yield "the service stops when asked", () if ended else (f"exit code {code} after {seconds:.1f} s",)


def _one_pair_a_unit(evidence: Evidence, both: list[Pair]) -> Iterator[str]:
    wanted = sorted(str(Enhet(*unit)) for unit in UNITS)
    yield from _same("units", wanted, "sent", sorted(run.enhet for run in evidence.runs if run.status == "sendt"))
    for run, care, ident in both:
        if care is None or ident is None or (care.kind, ident.kind) != ("KPR_IPL", "KPR_IDE"):
            yield f"{run.enhet}: the fetched files hold no whole pair"
    yield from _same("files", len(evidence.files), "messages", 2 * len(both))


def _bytes(both: list[Pair]) -> Iterator[str]:
    for run, *files in both:
        promised = {one.melding_id: (one.bytes, one.sha256) for one in run.meldinger}
        for file in files:
            if file is not None and promised[file.message_id] != (file.bytes, file.sha256):
                yield f"{file.path.name} is not what the ledger says was sent"


def _second_opinion(evidence: Evidence) -> Iterator[str]:
    for file in evidence.files:
        found = [file.fault] if file.fault else evidence.faults.get(file.path, ["was not validated"])
        yield from (f"{file.path.name}: {fault}" for fault in found)


def _counts(both: list[Pair]) -> Iterator[str]:
    for run, care, ident in both:
        if care is None or ident is None:
            continue
        said = run.resultat
        for name, ours, theirs in (
            ("persons", len(care.pids), said["personer_sendt"]),
            ("identities", len(ident.identities), said["personer_sendt"]),
            ("rows", dict(sorted(care.rows.items())), said["rader_sendt"]),
            ("refusals", care.refusals, said["avslag_sendt"]),
            ("rows under another person", care.strays, 0),
        ):
            yield from _same(f"{run.enhet} {name} in the file", ours, "in the ledger", theirs)


def _conservation(runs: list[Kjoring]) -> Iterator[str]:
    for run in runs:
        said = run.resultat
        persons = said["personer_sendt"] + said["personer_holdt"]
        yield from _same(f"{run.enhet} persons in view", said["personer_i_visningen"], "accounted for", persons)
        for kind, number in said["rader_i_visningen"].items():
            rows = said["rader_sendt"].get(kind, 0) + said["rader_holdt"].get(kind, 0)
            yield from _same(f"{run.enhet} {kind} in view", number, "accounted for", rows)


def _same_persons(both: list[Pair]) -> Iterator[str]:
    for run, care, ident in both:
        if care is None or ident is None:
            continue
        if len(set(care.pids)) != len(care.pids) or len(set(ident.pids)) != len(ident.pids):
            yield f"{run.enhet}: a person key stands twice in one message"
        if apart := len(set(care.pids) ^ set(ident.pids)):
            yield f"{run.enhet}: {apart} person keys stand in one of the two messages only"


def _no_identity(evidence: Evidence) -> Iterator[str]:
    if not evidence.identities:
        yield "no identity number is known, so nothing was looked for"
    for file in evidence.files:
        if file.kind != "KPR_IDE" and (found := len(file.digits & evidence.identities)):
            yield f"{file.path.name} holds {found} identity numbers"
    for name, body in evidence.written.items():
        if found := sum(number in body for number in evidence.identities):
            yield f"{name} holds {found} identity numbers"


# All there is in an ident message: contacts, the institution, and three values for each person.
_IDENT_ELEMENTS = frozenset(("Melding", "Kontaktperson", "Institusjon", "PasientIdent"))
_IDENT_VALUES = frozenset(("PasientIdent@pid", "PasientIdent@fid", "PasientIdent@typeID"))


def _no_care_data(files: list[Fetched]) -> Iterator[str]:
    for file in files:
        if file.kind != "KPR_IDE":
            continue
        for name in sorted(file.names):
            element, _, attribute = name.partition("@")
            if element not in _IDENT_ELEMENTS | _AROUND or (element == "PasientIdent" and attribute and name not in _IDENT_VALUES):
                yield f"{file.path.name} holds {name}"


def _same(what: str, one: object, where: str, other: object) -> Iterator[str]:
    if one != other:
        yield f"{what}: {one}, {where}: {other}"


def _same_counts(wanted: dict[str, int], found: dict[str, int]) -> Iterator[str]:
    for name in sorted(wanted | found):
        yield from _same(f"{name} expected", wanted.get(name, 0), "counted", found.get(name, 0))
