"""A snapshot of the state topic: every person's newest state as of now, arranged for building.

The whole topic is read, whichever process owns which partition; the states go into a spool, so memory holds an index.
"""

from collections.abc import Callable

from adapter.domain.overgang import Overgang
from adapter.kafka.clients import Access
from adapter.kafka.log_reader import read_to_end
from adapter.report.population import Population
from adapter.report.spool import Spool


async def read_population(
    access: Access, topic: str, spool: Spool, overgang: Overgang, progress: Callable[[int, int], None]
) -> Population:
    """Read to the end of the topic. `progress` is told offsets done and in all."""
    population = Population(spool, overgang)
    async for chunk in read_to_end(access, topic):
        for record in chunk.records:
            key = (record.key or b"").decode()
            if record.value:
                population.add(key, record.value)
            else:
                population.remove(key)
        progress(chunk.done, chunk.total)
    return population
