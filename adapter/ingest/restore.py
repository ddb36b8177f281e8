"""A partition's state, read back and looked at before anything is built on it.

Three questions: is it ours to read, was it sealed with our keys, and is it whole? For the last the group's commit
vouches (`domain/vouching.py`): a topic that was emptied, cut or made anew would otherwise give an empty year.
"""

import asyncio
from typing import cast

import structlog
from aiokafka.errors import ProducerFenced

from adapter.domain.records import Person
from adapter.domain.segl import key_ids
from adapter.domain.tilstand import SEALED, Tilstand
from adapter.domain.vouching import vouched
from adapter.ingest.batch import Census
from adapter.kafka.log_reader import Progress
from adapter.kafka.offsets import Committed
from adapter.sealing import SealBrokenError, Sealer
from adapter.state_topic import UNDECODABLE, StateTopic

log = structlog.get_logger()

# Persons counted between two looks at what else is to be done: 30 ms, far below a heartbeat.
CENSUS_STEP = 2_000
OTHER_KEYS = "Another key file than the one nokkelfil names sealed it: use that file, or add its keys to this one"
# An offset may be seen some moments after the state it was committed with.
LOOKS = 25
BETWEEN_LOOKS_SECONDS = 0.2


async def read_back(topic: StateTopic, number: int, progress: Progress) -> dict[str, bytes]:
    """The newest state of each person. Raises `StateUnreadableError`."""
    states: dict[str, bytes] = {}
    async for page in topic.read([number]):
        for person in page.persons:
            if person.state is None:
                states.pop(person.key, None)
            else:
                states[person.key] = person.state
        progress(page.done, page.total)
    return states


async def census_of(topic: StateTopic, number: int, states: dict[str, bytes], sealer: Sealer) -> Census:
    """Count every state, having opened one identity for each sealing key. Raises `StateUnreadableError`."""
    census, tried = Census(), set[str]()
    for count, (key, state) in enumerate(states.items()):
        try:
            tilstand = Tilstand.decode(state)
            sealed_with = try_the_keys(key, tilstand, sealer, tried)
        except UNDECODABLE as error:
            raise topic.misread(number, error) from None
        except SealBrokenError as error:
            raise topic.unusable("other-keys", number, f"{error}. {OTHER_KEYS}") from None
        census.count_records(tilstand, 1)
        census.count_seals(sealed_with, 1)
        if count % CENSUS_STEP == 0:
            await asyncio.sleep(0)
    return census


def try_the_keys(key: str, tilstand: Tilstand, sealer: Sealer, tried: set[str]) -> set[str]:
    """The keys that sealed the person's identities, as `Tilstand.key_ids` has them, each tried when it is a new one.

    With another installation's keys no report could be written. Raises `SealBrokenError`.
    """
    sealed = [linje for name, linje in tilstand.linjer.items() if name.startswith(SEALED)]
    for linje in sealed:
        ident = None if linje.annullert else cast("Person", linje.record("person")).ident
        if ident is not None and ident.nokkel_id not in tried:
            tried.add(ident.nokkel_id)
            sealer.verify(ident, key)
    return key_ids(linje.innhold for linje in sealed)


async def check_whole(topic: StateTopic, number: int, persons: int, before: Committed) -> Committed:
    """The commit that vouches for so many persons, and where to go on; `before` is the one seen before they were read.

    Raises `StateUnreadableError`, and `ProducerFenced` when somebody has committed meanwhile: a process that slept
    while it read holds an old state against a new commit, and nothing is wrong with either.
    """
    for look in range(LOOKS):
        commit = (await topic.committed([number]))[number]
        promised = vouched(commit.text)
        if promised is None or promised == persons:
            _say_if_begun_anew(commit, number, persons)
            return commit
        if look + 1 < LOOKS:
            await asyncio.sleep(BETWEEN_LOOKS_SECONDS)
    if commit.offset != before.offset:
        raise ProducerFenced
    raise topic.unusable(
        "not-whole",
        number,
        f"holds the state of {persons} persons, and with its last commit the group {topic.group} had {promised}. The "
        "topic was emptied, cut, made anew or put back from another moment, so nothing is built on it. Either put it "
        "back as it was (`iplos-adapter state import`, if there is a snapshot), or have the bus read again from its "
        f"start: {topic.read_again}. What the bus holds no more must then be sent anew by the journal system",
    )


def _say_if_begun_anew(commit: Committed, number: int, persons: int) -> None:
    if commit.offset < 0 and persons:
        log.warning(
            "nothing is committed though there is state: the bus is read from its start",
            partition=number,
            persons=persons,
            todo="Nothing is lost or counted twice in the state; broken events become dead letters once more, with the "
            "same origin. If nobody moved the offsets, set offsets.retention.minutes of the brokers above the longest "
            "time the service may be away",
        )
