"""What a broker is told: its server.properties, as a value. Made for tests and the demo, never for production."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from adapter.sandbox.ports import HOST


@dataclass(frozen=True)
class Detour:
    """A listener whose clients are sent to another port: whoever stands there may hold up what goes by."""

    name: str
    port: int
    advertised: int


@dataclass(frozen=True)
class Node:
    """One broker that is its own controller too. It keeps its ports when it is started again."""

    id: int
    port: int
    controller_port: int
    detours: tuple[Detour, ...] = ()


def broker_settings(node: Node, cluster: Sequence[Node], data: Path, extra: Mapping[str, str]) -> dict[str, str]:
    """`extra` wins, so that a test can add TLS listeners, an authorizer, shorter timeouts."""
    copies = str(min(3, len(cluster)))
    in_sync = "1" if len(cluster) == 1 else "2"
    own = f"PLAINTEXT://{HOST}:{node.port}"
    around = "".join(f",{one.name}:PLAINTEXT" for one in node.detours)
    return {
        "process.roles": "broker,controller",
        "node.id": str(node.id),
        "controller.quorum.voters": ",".join(f"{one.id}@{HOST}:{one.controller_port}" for one in cluster),
        "controller.listener.names": "CONTROLLER",
        "listeners": ",".join(
            [
                own,
                *(f"{one.name}://{HOST}:{one.port}" for one in node.detours),
                f"CONTROLLER://{HOST}:{node.controller_port}",
            ]
        ),
        "advertised.listeners": ",".join([own, *(f"{one.name}://{HOST}:{one.advertised}" for one in node.detours)]),
        "listener.security.protocol.map": f"PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL{around}",
        "log.dirs": str(data),
        # A topic that nobody created is a mistake we want to see.
        "auto.create.topics.enable": "false",
        "default.replication.factor": copies,
        "min.insync.replicas": in_sync,
        # Kafka's own topics: few partitions, because each costs files and time when first used.
        "offsets.topic.num.partitions": "4",
        "offsets.topic.replication.factor": copies,
        "transaction.state.log.num.partitions": "4",
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": in_sync,
        "share.coordinator.state.topic.num.partitions": "1",
        "share.coordinator.state.topic.replication.factor": copies,
        "share.coordinator.state.topic.min.isr": in_sync,
        # The first member of a group need not wait for others, and a test may let a dead member expire quickly.
        "group.initial.rebalance.delay.ms": "0",
        "group.min.session.timeout.ms": "1000",
        # Of the 512 MB heap; the default takes 128.
        "log.cleaner.dedupe.buffer.size": str(16 * 1024 * 1024),
        **extra,
    }


def as_properties(settings: Mapping[str, str]) -> str:
    # A backslash is Java's escape character: Windows paths and JAAS lines need it doubled.
    return "".join(f"{key}={value}\n".replace("\\", "\\\\") for key, value in settings.items())
