"""Alive, and ready: what whoever watches the process is told."""

import time

from adapter.host.doorkeeper import Doorkeeper
from adapter.ingest.worker import Worker
from adapter.ops.http import Health

# A loop that has not come round for this long is stuck, not slow: the longest step it takes is one batch.
STUCK_SECONDS = 60.0


def live(worker: Worker, doors: Doorkeeper) -> Health:
    """Slow is alive, and so is waiting for Kafka; a loop that does not come round is not."""
    if not doors.opened:
        return Health(ok=True, why="waiting for Kafka")
    silent = time.monotonic() - worker.last_progress
    if silent > STUCK_SECONDS:
        return Health(ok=False, why=f"ingest has not moved for {silent:.0f} seconds")
    return Health(ok=True, why="running")


def ready(worker: Worker, doors: Doorkeeper) -> Health:
    """Let in, joined, restored and moving."""
    if doors.problem is not None:
        return Health(ok=False, why=doors.problem.text)
    if not worker.ready:
        return Health(ok=False, why="restoring state, or waiting for partitions")
    return live(worker, doors)
