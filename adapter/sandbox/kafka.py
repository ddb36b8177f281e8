"""A Kafka cluster that lives as long as a `with` block."""

import base64
import shutil
import tempfile
import time
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from adapter.sandbox.broker import Broker
from adapter.sandbox.error import SandboxError
from adapter.sandbox.jars import ensure_jars, read_lock
from adapter.sandbox.java import find_java
from adapter.sandbox.listeners import Listener, with_listeners
from adapter.sandbox.place import sandbox_folder
from adapter.sandbox.ports import HOST, free_ports
from adapter.sandbox.ready import wait_until_ready
from adapter.sandbox.settings import Detour, Node, broker_settings

STOP_WITHIN = 10.0  # seconds, for all brokers together; one alone takes 0.4


class KafkaSandbox:
    """`with KafkaSandbox.start() as kafka: ... kafka.bootstrap ...`"""

    def __init__(self, folder: Path, brokers: list[Broker]) -> None:
        self.folder = folder
        self.brokers = brokers
        self.bootstrap = ",".join(f"{HOST}:{broker.node.port}" for broker in brokers)

    @classmethod
    def start(  # noqa: PLR0913  # each is one thing a test may want otherwise
        cls,
        *,
        brokers: int = 1,
        extra: Mapping[str, str] | None = None,
        listeners: Sequence[Listener] = (),
        users: Mapping[str, str] | None = None,
        home: Path | None = None,
        ready_within: float = 60.0,
        detours: Sequence[str] = (),
        data: Mapping[int, Path] | None = None,
    ) -> Self:
        """A cluster that is ready. `extra` are broker properties that win over ours; `home` is where jars and data go.

        `listeners` are further ways in, and `users` those who may log in there by SCRAM, with their passwords.
        `detours` are names of more listeners, whose clients are sent to a port where nobody listens yet; `data` says,
        by the broker's number, where its data lies when not beside its log.

        Raises SandboxError with what was tried; then nothing runs, and the log is kept.
        """
        home = home or sandbox_folder()
        java = find_java()
        jars = ensure_jars(home / "jars", read_lock())
        cluster = _nodes(brokers, detours)
        runs = home / "runs"
        runs.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="run-", dir=runs))
        places = data or {}
        kafka = cls(
            folder, [Broker(node, folder / f"broker-{node.id}", java, jars, places.get(node.id)) for node in cluster]
        )
        try:
            cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
            for broker in kafka.brokers:
                settings = broker_settings(broker.node, cluster, broker.data, extra or {})
                broker.format(cluster_id, with_listeners(settings, listeners), users or {})
            for broker in kafka.brokers:
                broker.start()
            kafka.wait_until_ready(within=ready_within)
        except BaseException as error:
            kafka.stop(keep=not isinstance(error, KeyboardInterrupt))
            raise
        return kafka

    def wait_until_ready(self, *, within: float) -> None:
        def someone_ended() -> bool:
            return not all(broker.running for broker in self.brokers)

        try:
            wait_until_ready(self.bootstrap, brokers=len(self.brokers), within=within, gone=someone_ended)
        except SandboxError as error:
            for broker in self.brokers:
                error.add_note(broker.last_words())
            raise

    def stop(self, *, keep: bool = False) -> None:
        """Stops every broker; removes its folder, or with `keep` leaves settings, log and data for whoever looks."""
        # All at once: the last ones of a cluster would wait in vain for those that are gone.
        for broker in self.brokers:
            broker.ask_to_stop()
        deadline = time.monotonic() + STOP_WITHIN
        for broker in self.brokers:
            broker.stop(within=max(0.0, deadline - time.monotonic()))
        if not keep:
            shutil.rmtree(self.folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        failed = error is not None and not isinstance(error, KeyboardInterrupt)
        if error is not None and failed:
            error.add_note(f"Kafka's log and data are kept in {self.folder}")
        self.stop(keep=failed)


def _nodes(brokers: int, detours: Sequence[str]) -> list[Node]:
    each = 2 + 2 * len(detours)
    ports = free_ports(brokers * each)
    nodes = []
    for number in range(brokers):
        port, controller_port, *around = ports[number * each : (number + 1) * each]
        ways = tuple(Detour(name, around[2 * at], around[2 * at + 1]) for at, name in enumerate(detours))
        nodes.append(Node(number + 1, port, controller_port, ways))
    return nodes
