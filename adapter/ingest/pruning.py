"""Closing a year in this process's partitions: each writes what remains and the proof of it in one transaction."""

from collections.abc import Callable, Collection
from datetime import datetime

import structlog

from adapter.domain.closing import LukkingBestilt, Proof, prune
from adapter.ingest.partition import Partition
from adapter.ingest.worker import Worker

log = structlog.get_logger()


async def close_year(
    worker: Worker, bestilt: LukkingBestilt, now: datetime, is_done: Callable[[int], bool], proof: Proof
) -> None:
    """Close a year in every partition that runs here and is not done; `proof` says how it is recorded."""

    async def one(partition: Partition) -> Collection[str]:
        number = partition.number
        if is_done(number):
            return ()
        pruned = prune(partition.states, bestilt, number, now)
        await partition.prune(pruned, proof.topic, proof.record(pruned.proof))
        removed = pruned.proof.personer_fjernet
        log.info("year closed in partition", year=bestilt.aar, partition=number, removed=removed)
        return pruned.states

    await worker.between_batches(one)
