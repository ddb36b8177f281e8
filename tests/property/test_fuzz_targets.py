"""The targets of tests/fuzz in the suite: the same inputs each time, and every one has a named outcome."""

from collections import Counter
from random import Random

import pytest

from tests.fuzz import events, receipts
from tests.fuzz.target import Target, damaged

TARGETS = {"events": events.TARGET, "receipts": receipts.TARGET}
INPUTS = 10_000
# What is longer is tried and not varied further: doublings would add up.
LONGEST_KEPT = 16_384
# So many inputs bring these about; the others have tests of their own.
COMMON = {
    "events": {
        *("applied", "annulled", "not-for-us:unknown-type", "not-for-us:other-municipality"),
        *("parked:empty-value", "parked:too-large", "parked:not-utf8", "parked:not-json", "parked:not-a-cloudevent"),
        *("parked:missing-key", "parked:key-not-allowed", "parked:key-is-identity", "parked:key-differs-from-subject"),
        *("parked:missing-field", "parked:wrong-type", "parked:out-of-bounds", "parked:impossible-date"),
        "parked:identity-in-clear",
    },
    "receipts": {
        *("1.0 ok", "1.0 avvist", "1.1 ok", "1.1 avvist"),
        *("ikke-xml", "ikke-apprec", "ugyldig", "ukjent-status", "ugyldig-tid"),
    },
}


@pytest.mark.parametrize("name", TARGETS)
def test_every_input_ends_in_a_named_outcome(name: str) -> None:
    target, random = TARGETS[name], Random(name)
    counts: Counter[str] = Counter(map(target.outcome, target.seeds))
    kept = [*target.seeds]
    while counts.total() < INPUTS:
        data = varied(target, random.choice(random.choice((kept, target.seeds))), random)
        counts[target.outcome(data)] += 1
        if random.random() < 0.1 and len(data) <= LONGEST_KEPT:
            kept.append(data)
    assert COMMON[name] - set(counts) == set()


def varied(target: Target, data: bytes, random: Random) -> bytes:
    """One change more, and now and then one that does not ask what the bytes are."""
    return damaged(data, random) if random.random() < 0.2 else target.vary(data, random)


def test_a_record_is_the_same_after_being_made_bytes() -> None:
    for seed in events.TARGET.seeds:
        assert events.framed(events.delivered(seed)) == seed
