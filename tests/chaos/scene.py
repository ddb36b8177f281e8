"""Everything the faults happen to."""

from dataclasses import dataclass

from adapter.sandbox import KafkaSandbox
from adapter.sandbox.broker import Broker
from tests.chaos.small_disk import SmallDisk
from tests.chaos.workers import Workers
from tests.integration.house import House

# The broker whose data lies on the small disk, by its place in the cluster.
ON_THE_SMALL_DISK = 2


@dataclass(frozen=True, slots=True)
class Scene:
    """A cluster of three, an installation on it and its workers. `disk` is a reason where there can be none."""

    kafka: KafkaSandbox
    house: House
    workers: Workers
    disk: SmallDisk | str

    def broker(self, number: int) -> Broker:
        return self.kafka.brokers[number]
