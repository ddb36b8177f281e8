"""Letters put back on the bus, or discarded, on a real Kafka: the state is right, and nothing is done twice."""

import random
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapter.audit_trail import read_trail
from adapter.domain.outcome import Parked
from adapter.ingest.cloudevent import Delivered
from adapter.ingest.dead_letter import PART_BYTES
from adapter.kafka.offsets import end_offsets
from adapter.letters.box import Box
from adapter.letters.dealing import Dealing, FencedError
from adapter.letters.letter import Origin
from adapter.letters.mark import Marked
from adapter.letters.selection import Selection
from adapter.letters.verdict import Terms, Verdict
from adapter.report.gaps.parked import read_dead_letters
from adapter.sealing import Sealer
from adapter.simulate import SimulatedRecord
from tests.integration.dead_letters import (
    ALL,
    WHO,
    discarded,
    drain,
    lying,
    park,
    parts_of,
    replayed,
    smaller,
    take_in,
    tried,
    verdicts,
)
from tests.integration.house import LARGEST_EVENT, House, events

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(240)]

BROKEN = SimulatedRecord(b"p-1", b"{broken", (("h", b"kept"), ("none", None)), "parked:not-json")


@pytest.fixture
async def house(kafka_bootstrap: str, tmp_path: Path) -> AsyncIterator[House]:
    async with House(kafka_bootstrap, tmp_path, partitions=2) as one:
        yield one


async def test_what_was_parked_under_another_setting_is_replayed_and_the_state_is_right(house: House) -> None:
    sound = [one for one in events(20) if one.expected == "accepted"]
    await house.produce(sound)
    await take_in(house, smaller(house, 600))
    parked = await house.letters()
    assert 0 < len(parked) < len(sound)
    assert await house.state() != house.model(sound).states
    before = await end_offsets(house.kafka, house.bus)

    assert verdicts(await tried(house)) == {"accepted": len(parked)}
    assert (await end_offsets(house.kafka, house.bus), await house.marks()) == (before, [])

    assert verdicts(await replayed(house)) == {"accepted": len(parked)}
    assert Counter(await house.marks()) == Counter(Marked("replayed", one.origin) for one in parked)
    await take_in(house)
    assert await house.state() == house.model(sound).states
    assert (await lying(house), await replayed(house)) == ([], [])


async def test_a_record_goes_back_as_it_came_to_the_partition_it_came_from(house: House) -> None:
    await house.produce([BROKEN])
    await take_in(house)
    (came,) = await house.records(house.bus)
    await replayed(house, terms=Terms(also_broken=True))
    _, back = await house.records(house.bus)
    assert (back.key, back.value, back.partition) == (came.key, came.value, came.partition)
    origin = f"{house.bus}/{came.partition}/{came.offset}".encode()
    replay_headers = [("iplos-replay-of", origin), ("iplos-replay-count", b"1")]
    assert list(back.headers) == [*BROKEN.headers, *replay_headers]


async def test_what_would_be_parked_again_stays_unless_told_otherwise(house: House) -> None:
    await house.produce([BROKEN])
    await take_in(house)
    before = await end_offsets(house.kafka, house.bus)
    (one,) = await replayed(house)
    assert one.verdict == Verdict("parked-again", "not-json")
    assert (await end_offsets(house.kafka, house.bus), await house.marks()) == (before, [])


async def test_a_letter_parked_again_is_a_new_one_that_keeps_its_count_until_it_is_enough(house: House) -> None:
    await house.produce([BROKEN])
    await take_in(house)
    origins = set()
    for count in range(1, 4):
        (one,) = await replayed(house, terms=Terms(also_broken=True))
        origins.add(one.head.origin)
        assert one.verdict == Verdict("parked-again", "not-json")
        await take_in(house)
        newest = (await house.letters())[-1]
        assert dict(newest.letter.headers)["iplos-replay-count"] == str(count).encode()
        assert dict(newest.letter.headers)["iplos-replay-of"] == str(one.head.origin).encode()
    assert len(origins) == 3
    (one,) = await replayed(house, terms=Terms(also_broken=True))
    assert one.verdict == Verdict("replayed-enough")
    assert len(await house.marks()) == 3
    await replayed(house, terms=Terms(also_broken=True, force=True))
    assert len(await house.marks()) == 4


async def test_a_discarded_letter_stays_on_the_topic_and_is_passed_over(house: House) -> None:
    other = SimulatedRecord(b"p-2", b"[]", (), "parked:not-a-cloudevent")
    await house.produce([BROKEN, other])
    await take_in(house)
    (gone,) = await discarded(house, Selection(codes=("not-json",)))
    assert await house.marks() == [Marked("discarded", gone.head.origin)]
    assert len(await house.letters()) == 2
    (left,) = await lying(house)
    assert left.head.code == "not-a-cloudevent"
    assert verdicts(await replayed(house, terms=Terms(also_broken=True))) == {"parked-again": 1}
    box = Box(house.kafka, house.config.topics.avvist)
    assert await drain(box.letters()) == []
    assert box.dealt_with == {"discarded": 1, "replayed": 1}


async def test_the_gap_report_leaves_out_what_is_dealt_with_and_counts_a_copy_once(house: House) -> None:
    mine = Delivered(b"p", b'{"data":{"kommunenummer":"5001"}}')
    made = [parts_of(Origin("bus", 0, n, 1_515_000_000_000), mine, Parked("not-json"), house.sealer) for n in range(3)]
    giant = parts_of(
        Origin("bus", 0, 9, 1_515_000_000_000),
        Delivered(b"p", bytes(2 * PART_BYTES)),
        Parked("too-large"),
        house.sealer,
    )
    assert len(giant) == 3
    await park(house, [part for one in (*made, *made, giant) for part in one])
    await discarded(house, Selection(origin="bus/0/1"))
    door = await read_dead_letters(house.kafka, house.config.topics.avvist)
    assert {one.kode: (one.enhet, one.antall) for one in door.of({"5001"})} == {
        "not-json": ("5001", 2),
        "too-large": ("", 1),
    }


async def test_the_audit_has_each_letter_before_it_is_dealt_with(house: House) -> None:
    await house.produce([BROKEN])
    await take_in(house)
    (letter,) = await house.letters()
    await replayed(house, terms=Terms(also_broken=True))
    await take_in(house)
    await discarded(house, ALL)
    newest = (await house.letters())[-1]
    entries, unreadable = await read_trail(house.kafka, house.config.topics.revisjon)
    assert [(one.handling, one.hvem, one.gjelder, one.grunn) for one in entries] == [
        ("dlq-replay", WHO.hvem, [str(letter.origin)], WHO.grunn),
        ("dlq-discard", WHO.hvem, [str(newest.origin)], WHO.grunn),
    ]
    assert unreadable == []


async def test_whoever_begins_stops_whoever_has_not_ended(house: House) -> None:
    await house.produce([BROKEN])
    await take_in(house)
    (found,) = await lying(house)

    async def another_begins_meanwhile() -> None:
        async with Dealing(house.config, "discarded", WHO) as first:
            await first.take(found.head)
            async with Dealing(house.config, "discarded", WHO) as second:
                await second.take(found.head)

    with pytest.raises(FencedError, match="dlq list"):
        await another_begins_meanwhile()
    assert await house.marks() == [Marked("discarded", found.head.origin)]


async def test_letters_that_cannot_go_are_left_with_the_reason(house: House) -> None:
    here, there = Origin(house.bus, 0, 1, 1), Delivered(b"p", b"{}")
    parked, stranger = Parked("not-json"), Sealer({"n1": bytes(32)}, bytes(32))
    giant = Delivered(b"p", bytes(2 * PART_BYTES))
    await park(house, parts_of(here, there, parked, stranger))
    await park(house, parts_of(here._replace(offset=2), there, parked, Sealer({"n0": bytes(32)}, bytes(32))))
    await park(house, parts_of(here._replace(topic="another"), there, parked, house.sealer))
    await park(house, parts_of(here._replace(partition=2), there, parked, house.sealer))
    await park(house, parts_of(here._replace(offset=3), giant, parked, house.sealer)[1:])
    before = await end_offsets(house.kafka, house.bus)
    found = await replayed(house, terms=Terms(also_broken=True, force=True))
    assert verdicts(found) == {"cannot-open": 2, "other-bus": 2, "incomplete": 1}
    assert (await end_offsets(house.kafka, house.bus), await house.marks()) == (before, [])


async def test_large_letters_whose_parts_lie_among_each_other_come_back_whole(house: House) -> None:
    sizes = (2 * PART_BYTES, 30 * 1024 * 1024, 5 * PART_BYTES + 7)
    made = [
        parts_of(Origin(house.bus, 1, n, 1), Delivered(b"p", bytes([65 + n]) * size), Parked("too-large"), house.sealer)
        for n, size in enumerate(sizes)
    ]
    most = max(map(len, made))
    await park(house, [one[number] for number in range(most) for one in made if number < len(one)])
    assert verdicts(await replayed(house, terms=Terms(also_broken=True))) == {"parked-again": 3}
    back = await house.records(house.bus)
    assert [(one.partition, one.value) for one in back] == [(1, bytes([65 + n]) * size) for n, size in enumerate(sizes)]
    assert len(await house.marks()) == 3


async def test_a_letter_larger_than_the_bus_takes_holds_up_no_other(house: House) -> None:
    chance = random.Random(1)
    for n, size in enumerate((LARGEST_EVENT + 1, 1_000_000, 10)):
        delivered = Delivered(b"p", chance.randbytes(size))  # nothing that could be compressed
        await park(house, parts_of(Origin(house.bus, 0, n, 1), delivered, Parked("too-large"), house.sealer))
    found = await replayed(house, terms=Terms(also_broken=True))
    assert {one.head.origin.offset: one.verdict.name for one in found} == {
        0: "too-large",
        1: "parked-again",
        2: "parked-again",
    }
    assert sorted(len(one.value or b"") for one in await house.records(house.bus)) == [10, 1_000_000]
    assert {one.origin.offset for one in await house.marks()} == {1, 2}


async def test_hundreds_of_letters_go_in_several_transactions_each_once(house: House) -> None:
    made = [
        parts_of(Origin(house.bus, n % 2, n, 1), Delivered(b"p", b"%d{" % n), Parked("not-json"), house.sealer)
        for n in range(1_200)
    ]
    await park(house, [part for one in made for part in one])
    assert verdicts(await replayed(house, terms=Terms(also_broken=True))) == {"parked-again": 1_200}
    assert sorted(int((one.value or b"")[:-1]) for one in await house.records(house.bus)) == [*range(1_200)]
    assert len(set(await house.marks())) == 1_200
    entries, _ = await read_trail(house.kafka, house.config.topics.revisjon)
    assert [len(one.gjelder) for one in entries] == [500, 500, 200]
