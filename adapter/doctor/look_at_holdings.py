"""What is asked of state, ledger and year packs. The state is read through once, and little of it is kept."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date

from aiokafka.errors import KafkaError

from adapter.doctor.check import Unknown
from adapter.doctor.holdings import PackSeen, StateSeen
from adapter.domain.tilstand import Tilstand
from adapter.ingest.restore import OTHER_KEYS, try_the_keys
from adapter.kafka.offsets import NoSuchTopicError, partitions_of
from adapter.packs import PackError, load_pack
from adapter.report.ledger import read_ledger
from adapter.report.setup import extra_packs
from adapter.sealing import SealBrokenError, Sealer
from adapter.settings.config import Config
from adapter.state_topic import UNDECODABLE, StateTopic, StateUnreadableError

# Corrections for a year are taken until 21 March.
LAST_DAY_OF_A_ROUND = (3, 21)


async def look_at_state(
    config: Config, sealer: Sealer | None, progress: Callable[[int, int], None]
) -> StateSeen | Unknown:
    """Who is in the state, whether that is all of them, and whether the keys open it."""
    topics, kafka = config.topics, config.kafka
    topic = StateTopic(kafka, topics.tilstand, topics.buss, kafka.gruppe)
    try:
        return await _read(topic, sealer, progress)
    except StateUnreadableError as error:
        return StateSeen(0, (), str(error))
    except NoSuchTopicError as error:
        return Unknown(f"there is no state before there is a topic {error.topic}")
    except (KafkaError, OSError, TimeoutError) as error:
        why = f"the state cannot be read from here ({type(error).__name__})"
        return Unknown(why, "run doctor as the service's own principal (adapter)")


async def _read(topic: StateTopic, sealer: Sealer | None, progress: Callable[[int, int], None]) -> StateSeen:
    numbers = await partitions_of(topic.access, topic.name)
    before = await topic.committed(numbers)
    persons: defaultdict[int, set[str]] = defaultdict(set)
    tried = set[str]()
    async for page in topic.read(numbers):
        for one in page.persons:
            if one.state is None:
                persons[one.partition].discard(one.key)
                continue
            persons[one.partition].add(one.key)
            _try(topic, one.partition, one.key, one.state, sealer, tried)
        progress(page.done, page.total)
    lacking = [
        f"partition {one.partition} holds {one.persons} persons, and {one.vouched} are vouched for"
        for one in await topic.lacking({number: len(found) for number, found in persons.items()}, before)
    ]
    everybody = set[str]().union(*persons.values())
    return StateSeen(
        len(everybody),
        tuple(sorted(tried)),
        f"{topic.name} is not whole: {'; '.join(lacking)}" if lacking else "",
        sum(map(len, persons.values())) - len(everybody),
    )


def _try(topic: StateTopic, partition: int, key: str, state: bytes, sealer: Sealer | None, tried: set[str]) -> None:
    try:
        tilstand = Tilstand.decode(state)
        if sealer is not None:
            try_the_keys(key, tilstand, sealer, tried)
    except UNDECODABLE as error:
        raise topic.misread(partition, error) from None
    except SealBrokenError as error:
        raise topic.unusable("other-keys", partition, f"{error}. {OTHER_KEYS}") from None


async def largest_sent(config: Config) -> int | None:
    """Bytes of the largest pair of messages in the ledger; None when none was sent, or it cannot be read."""
    try:
        runs = await read_ledger(config.kafka, config.topics.rapport)
    except (KafkaError, OSError, TimeoutError, NoSuchTopicError):
        return None
    return max((sum(sent.bytes for sent in run.meldinger) for run in runs.values()), default=0) or None


def look_at_pack(config: Config, today: date) -> PackSeen:
    """The pack of the year people work on today, or of the one that is set."""
    year = config.rapport.aar or today.year - ((today.month, today.day) <= LAST_DAY_OF_A_ROUND)
    try:
        pack = load_pack(year, extra_packs(config), config.antakelser.get(str(year), {}))
    except PackError as error:
        return PackSeen(year, error.text, (), None)
    lacks = (pack.mangler or ["its message format"]) if pack.melding is None else []
    return PackSeen(year, "", lacks, (pack.frister.innsending_fra, pack.frister.innsending_til))
