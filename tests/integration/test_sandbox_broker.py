"""The sandbox is a real Kafka, keeps to itself, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from adapter.sandbox import KafkaSandbox, SandboxError
from adapter.sandbox.place import sandbox_folder
from adapter.sandbox.ports import is_open
from adapter.sandbox.ready import wait_until_ready
from adapter.sandbox.topics import OwnTopics

pytestmark = pytest.mark.kafka

# The jars of the session, so that a broker of our own needs no download.
HOME = sandbox_folder()
LOOPBACK = {"0100007F", "0000000000000000FFFF00000100007F"}
LISTEN = "0A"


def becomes_true(condition: Callable[[], bool], within: float = 15.0) -> bool:
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def is_alive(pid: int) -> bool:
    """A zombie, which nobody has waited for yet, is dead."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return status != "Z"


def listening(pid: int) -> list[tuple[str, int]]:
    """Address (hex, as the kernel writes it) and port of every socket that this process listens on."""
    sockets = {str(file.readlink()) for file in Path(f"/proc/{pid}/fd").iterdir() if file.is_symlink()}
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            _, local, _, state, *_, inode = line.split()[:10]
            if state == LISTEN and f"socket:[{inode}]" in sockets:
                address, port = local.split(":")
                found.append((address, int(port, 16)))
    return found


@pytest.mark.parametrize("compression", [None, "gzip", "lz4", "snappy", "zstd"])
async def test_only_what_a_transaction_committed_is_read_back(
    kafka_bootstrap: str, topic_prefix: str, new_topic: OwnTopics, compression: str | None
) -> None:
    topic = await new_topic("inn")
    producer = AIOKafkaProducer(
        bootstrap_servers=kafka_bootstrap, transactional_id=topic_prefix, compression_type=compression
    )
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=kafka_bootstrap,
        group_id=topic_prefix,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
    )
    async with producer, consumer:
        await producer.begin_transaction()
        await producer.send_and_wait(topic, b"aborted" * 100)
        await producer.abort_transaction()
        async with producer.transaction():
            await producer.send_and_wait(topic, b"committed" * 100)

        first = await consumer.getone()

    assert first.value == b"committed" * 100
    # Before it stand the aborted record and the mark that it is aborted.
    assert first.offset == 2


def test_a_broker_listens_on_the_loopback_only_and_leaves_nothing_when_stopped() -> None:
    with KafkaSandbox.start(home=HOME, extra={"num.network.threads": "1"}) as kafka:
        broker = kafka.brokers[0]
        pid, ports = broker.pid, [broker.node.port, broker.node.controller_port]
        assert pid is not None
        assert kafka.bootstrap == f"127.0.0.1:{ports[0]}"
        sockets = listening(pid)
        assert sorted(port for _, port in sockets) == sorted(ports)
        assert {address for address, _ in sockets} <= LOOPBACK

    assert not any(is_open(port) for port in ports)
    assert not is_alive(pid)
    assert not kafka.folder.exists()


def test_a_broker_killed_and_started_again_has_its_address_and_cluster() -> None:
    # A broker that was killed may come back only when the cluster has given its former self up.
    soon_given_up = {"broker.session.timeout.ms": "1500", "broker.heartbeat.interval.ms": "200"}
    with KafkaSandbox.start(home=HOME, extra=soon_given_up) as kafka:
        broker = kafka.brokers[0]
        before = (broker.data / "meta.properties").read_text()
        broker.kill()
        assert not broker.running

        broker.start()
        kafka.wait_until_ready(within=30)

        assert (broker.data / "meta.properties").read_text() == before


def test_an_exception_stops_the_broker_and_says_where_the_log_is(tmp_path: Path) -> None:
    (tmp_path / "jars").symlink_to(HOME / "jars")

    def fail() -> None:
        with KafkaSandbox.start(home=tmp_path) as kafka:
            pids.append(kafka.brokers[0].pid)
            raise ValueError("the test went wrong")

    pids: list[int | None] = []
    with pytest.raises(ValueError, match="went wrong") as failure:
        fail()

    assert pids[0] is not None
    assert not is_alive(pids[0])
    [log] = tmp_path.glob("runs/*/broker-1/kafka.log")
    assert log.stat().st_size > 0
    assert any(str(log.parent.parent) in note for note in failure.value.__notes__)


def test_a_broker_that_cannot_start_tells_its_last_words(tmp_path: Path) -> None:
    (tmp_path / "jars").symlink_to(HOME / "jars")

    with pytest.raises(SandboxError) as failure:
        KafkaSandbox.start(home=tmp_path, extra={"log.segment.bytes": "nonsense"})

    told = "\n".join([str(failure.value), *getattr(failure.value, "__notes__", [])])
    for word in ("kafka.log", "log.segment.bytes", "KAFKA_BOOTSTRAP"):
        assert word in told


def test_an_address_where_nobody_answers_is_refused() -> None:
    with pytest.raises(SandboxError, match=r"127\.0\.0\.1:1 gave no answer"):
        wait_until_ready("127.0.0.1:1", within=0.2)


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_broker_outlives_the_program_that_started_it(tmp_path: Path, ending: signal.Signals) -> None:
    (tmp_path / "jars").symlink_to(HOME / "jars")
    environ = {**os.environ, "IPLOS_SANDBOX_DIR": str(tmp_path)}
    program = subprocess.Popen(
        [sys.executable, "-m", "adapter.sandbox"], env=environ, stdout=subprocess.PIPE, text=True
    )
    try:
        assert program.stdout is not None
        port = int(program.stdout.readline().rpartition(":")[2])
        [pid] = Path(f"/proc/{program.pid}/task/{program.pid}/children").read_text().split()
        assert is_alive(int(pid))
        program.send_signal(ending)
        returned = program.wait(15)
    finally:
        program.kill()
        program.communicate()

    # After -9 the threads of a process end one by one, the socket with the last.
    assert becomes_true(lambda: not is_alive(int(pid)))
    assert becomes_true(lambda: not is_open(port))
    if ending != signal.SIGKILL:
        assert returned == 0
        assert list((tmp_path / "runs").iterdir()) == []
