"""The gap report of the running service: from the state, the dead letters and the ledger, all read to their ends.

Reading disturbs nobody, and nothing is opened: identities and dead letters stay sealed, so no key is needed.
"""

from collections.abc import Callable

from adapter.domain.enhet import Enhet
from adapter.domain.overgang import numbers_of
from adapter.report.gaps.collect import collect
from adapter.report.gaps.grunnlag import Grunnlag
from adapter.report.gaps.mangelrapport import Mangelrapport
from adapter.report.gaps.parked import read_dead_letters
from adapter.report.ledger import read_ledger
from adapter.report.snapshot import read_population
from adapter.report.spool import Spool
from adapter.settings.config import Config


async def read_and_collect(
    config: Config, grunnlag: Grunnlag, enhet: Enhet, progress: Callable[[int, int], None]
) -> Mangelrapport:
    """The report as of now. `progress` is told how much of the state is read, in offsets done and in all."""
    door = await read_dead_letters(config.kafka, config.topics.avvist)
    runs = await read_ledger(config.kafka, config.topics.rapport)
    with Spool() as spool:
        population = await read_population(config, spool, grunnlag.overgang, progress)
        return collect(
            grunnlag,
            population,
            enhet,
            "tjenesten",
            i_dora=door.of(numbers_of(grunnlag.places, enhet.kommunenummer), enhet.bydelsnummer),
            sendt=runs,
        )
