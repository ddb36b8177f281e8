"""The fetched messages against the ledger: are they there, whole, valid, and do they hold what it says?"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from adapter.demo.evidence import Evidence
from adapter.demo.fetched import Fetched
from adapter.demo.scenario import UNITS
from adapter.demo.verdict import same
from adapter.domain.enhet import Enhet
from adapter.report.ledger import Kjoring


class Pair(NamedTuple):
    """A run with the files that carry its two message ids; None where there is no such file."""

    run: Kjoring
    care: Fetched | None
    ident: Fetched | None


def pairs_of(evidence: Evidence) -> list[Pair]:
    """Runs and their files, put together by message id alone."""
    by_id = {file.message_id: file for file in evidence.files}
    pairs = []
    for run in evidence.runs:
        found = {one.type: by_id.get(one.melding_id) for one in run.meldinger}
        pairs.append(Pair(run, found.get("KPR_IPL"), found.get("KPR_IDE")))
    return pairs


def one_pair_a_unit(evidence: Evidence, pairs: list[Pair]) -> Iterator[str]:
    """Each unit was sent once, and nothing else was."""
    wanted = sorted(str(Enhet(*unit)) for unit in UNITS)
    yield from same("units", wanted, "sent", sorted(run.enhet for run in evidence.runs if run.status == "sendt"))
    for run, care, ident in pairs:
        if care is None or ident is None or (care.kind, ident.kind) != ("KPR_IPL", "KPR_IDE"):
            yield f"{run.enhet}: the fetched files hold no whole pair"
    yield from same("messages in the ledger", 2 * len(pairs), "files", len(evidence.files))


def bytes_of_the_ledger(pairs: list[Pair]) -> Iterator[str]:
    """Size and hash."""
    for run, *files in pairs:
        promised = {one.melding_id: (one.bytes, one.sha256) for one in run.meldinger}
        for file in files:
            if file is not None and promised[file.message_id] != (file.bytes, file.sha256):
                yield f"{file.path.name} is not what was sent"


def second_opinion(evidence: Evidence) -> Iterator[str]:
    """Every file was judged, and none was refused."""
    for file in evidence.files:
        found = [file.fault] if file.fault else evidence.faults.get(file.path, ["was not validated"])
        yield from (f"{file.path.name}: {fault}" for fault in found)


def counts_of_the_ledger(pairs: list[Pair]) -> Iterator[str]:
    """What a receiver can count."""
    for run, care, ident in pairs:
        if care is None or ident is None:
            continue
        said = run.resultat
        for name, counted, written in (
            ("persons", len(care.pids), said["personer_sendt"]),
            ("identities", len(ident.identities), said["personer_sendt"]),
            ("rows", dict(sorted(care.rows.items())), said["rader_sendt"]),
            ("refusals", care.refusals, said["avslag_sendt"]),
            ("rows that name another person", care.strays, 0),
        ):
            yield from same(f"{run.enhet}: {name} in the file", counted, "in the ledger", written)


def nothing_lost(runs: Iterable[Kjoring]) -> Iterator[str]:
    """In view = sent + withheld, for persons and for rows of each kind."""
    for run in runs:
        said = run.resultat
        persons = said["personer_sendt"] + said["personer_holdt"]
        yield from same(f"{run.enhet}: persons in view", said["personer_i_visningen"], "accounted for", persons)
        for kind, number in said["rader_i_visningen"].items():
            rows = said["rader_sendt"].get(kind, 0) + said["rader_holdt"].get(kind, 0)
            yield from same(f"{run.enhet}: {kind} in view", number, "accounted for", rows)


def planted_is_found(evidence: Evidence) -> Iterator[str]:
    """For each rule at least as many findings as the simulator planted; a person in two units has them in both."""
    found: Counter[str] = Counter()
    for run in evidence.runs:
        found.update(run.resultat["funn"])
    for rule, planted in sorted(evidence.planted.items()):
        if found[rule] < planted:
            yield f"{rule}: {planted} bad registrations were planted, {found[rule]} found"


def same_persons(pairs: list[Pair]) -> Iterator[str]:
    """The keys that tie care data to identities: each once, and the same on both sides."""
    for run, care, ident in pairs:
        if care is None or ident is None:
            continue
        for file in (care, ident):
            yield from same(f"{file.path.name}: persons", len(file.pids), "different keys", len(set(file.pids)))
        if apart := len(set(care.pids) ^ set(ident.pids)):
            yield f"{run.enhet}: {apart} person keys stand in one of the two messages only"


def receipted(evidence: Evidence) -> Iterator[str]:
    """Runs that went out and were not receipted as readable."""
    for run in evidence.runs:
        stands = evidence.answered.get(run.kjoring, "unknown")
        if run.status == "sendt" and stands != "kvittert":
            yield f"{run.enhet}: {stands}"
