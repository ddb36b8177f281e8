"""A snapshot of the state topic: every person's newest state as of now, arranged for building.

The whole topic is read, whichever process owns which partition; the states go into a spool, so memory holds an index.
What was read is held against what the group's commits vouch for, so that no report is built of a part of the state.
"""

from collections import Counter
from collections.abc import Callable, Mapping

import structlog

from adapter.domain.overgang import Overgang
from adapter.kafka.offsets import Committed, partitions_of
from adapter.report.population import Population
from adapter.report.setup import RefusedError
from adapter.report.spool import Spool
from adapter.settings.config import Config
from adapter.state_topic import UNDECODABLE, StateTopic, StateUnreadableError

log = structlog.get_logger()


async def read_population(
    config: Config, spool: Spool, overgang: Overgang, progress: Callable[[int, int], None]
) -> Population:
    """Read to the end of the topic. `progress` is told offsets done and in all. Raises `RefusedError`."""
    kafka, topics = config.kafka, config.topics
    topic = StateTopic(kafka, topics.tilstand, topics.buss, kafka.gruppe)
    numbers = await partitions_of(kafka, topic.name)
    before = await topic.committed(numbers)
    population, persons = Population(spool, overgang), Counter[int]()
    try:
        async for page in topic.read(numbers):
            for partition, key, state in page.persons:
                if state is None:
                    persons[partition] -= population.remove(key, partition)
                else:
                    persons[partition] += _add(population, topic, partition, key, state)
            progress(page.done, page.total)
    except StateUnreadableError as error:
        log.error("the state cannot be read", fault=error.fault, why=str(error))  # noqa: TRY400  # the sentence says it
        raise RefusedError(
            "state-unreadable",
            f"Tilstanden i {topic.name} kan ikke brukes ({error.fault}), og ingen rapport bygges. Tjenesten sier ved "
            "oppstart, i loggen, hva som er galt og hva som må gjøres.",
        ) from None
    await _check_whole(topic, persons, before)
    if population.split:
        log.warning(
            "persons have their state in more than one partition: it was joined",
            persons=population.split,
            todo="all who publish on the bus must choose a key's partition in the same way: see topics/README.md",
        )
    return population


def _add(population: Population, topic: StateTopic, partition: int, key: str, state: bytes) -> bool:
    try:
        return population.add(key, state, partition)
    except UNDECODABLE as error:
        raise topic.misread(partition, error) from None


async def _check_whole(topic: StateTopic, persons: Mapping[int, int], before: Mapping[int, Committed]) -> None:
    """Refuse a state that is not whole: as many persons as were vouched for before or after, or between the two."""
    lacking = [
        f"partisjon {one.partition} har {one.persons} personer, bokført er {one.vouched}"
        for one in await topic.lacking(persons, before)
    ]
    if not lacking:
        return
    raise RefusedError(
        "state-incomplete",
        f"Tilstanden i {topic.name} er ikke hel, og ingen rapport bygges: {'; '.join(lacking)}. Emnet er tømt, kuttet "
        "eller lagt tilbake fra et annet tidspunkt. Start tjenesten på nytt: den sier i loggen hva som må gjøres.",
    )
