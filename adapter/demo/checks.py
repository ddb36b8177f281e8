"""Whether everything adds up. Pure: evidence in, one verdict a promise out, in the order of the flow."""

from collections.abc import Iterable, Iterator

from adapter.demo import message_checks, privacy_checks
from adapter.demo.evidence import Evidence
from adapter.demo.scenario import as_the_simulator_sees
from adapter.demo.service import STOPPED_WITHIN
from adapter.demo.verdict import Verdict, same, same_counts

Promise = tuple[str, Iterable[str]]


def judge(evidence: Evidence) -> list[Verdict]:
    """Every promise the demo shows, and what is off."""
    promises = (*_events(evidence), *_messages(evidence), *_privacy(evidence), *_process(evidence))
    return [Verdict(promise, list(off)) for promise, off in promises]


def _events(evidence: Evidence) -> Iterator[Promise]:
    counted = evidence.counted
    parked = sum(number for name, number in counted.items() if name.startswith("parked"))
    yield "every event has exactly one outcome", same("events", evidence.sent, "outcomes", sum(counted.values()))
    yield "outcomes are what the simulator expected", same_counts(evidence.expected, as_the_simulator_sees(counted))
    yield "outcomes are those of the pure path without Kafka", same_counts(evidence.offline, counted)
    yield "every parked event is a dead letter", same("parked", parked, "dead letters", evidence.dead_letters)


def _messages(evidence: Evidence) -> Iterator[Promise]:
    pairs = message_checks.pairs_of(evidence)
    yield "one pair of messages for each unit", message_checks.one_pair_a_unit(evidence, pairs)
    yield "the files are the bytes the ledger names", message_checks.bytes_of_the_ledger(pairs)
    yield "valid by a second validator (xmlschema)", message_checks.second_opinion(evidence)
    yield "persons and rows counted in the files are the ledger's", message_checks.counts_of_the_ledger(pairs)
    yield "the register (a stand-in) has receipted every pair", message_checks.receipted(evidence)
    yield "all in view was sent or withheld", message_checks.nothing_lost(evidence.runs)
    yield "every bad registration that was planted is found", message_checks.planted_is_found(evidence)
    yield "the same persons in both messages of a pair", message_checks.same_persons(pairs)


def _privacy(evidence: Evidence) -> Iterator[Promise]:
    yield "no identity number outside the ident messages", privacy_checks.no_identity(evidence)
    yield "no care data in the ident messages", privacy_checks.no_care_data(evidence.files)


def _process(evidence: Evidence) -> Iterator[Promise]:
    code, seconds = evidence.stopped
    ended = code == 0 and seconds <= STOPPED_WITHIN
    yield "the service stops when asked", () if ended else (f"exit code {code} after {seconds:.1f} s",)
