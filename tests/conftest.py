"""A real Kafka for every test that asks: one broker a session, topics of its own for every test."""

import os
import uuid
from collections.abc import AsyncIterator, Iterator

import pytest

from adapter.sandbox import KafkaSandbox
from adapter.sandbox.ready import wait_until_ready
from adapter.sandbox.topics import OwnTopics

KEPT = pytest.StashKey[str]()


@pytest.fixture(scope="session")
def kafka_bootstrap(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a Kafka that is ready: the one that KAFKA_BOOTSTRAP names, or one started here.

    Without either the tests that need it fail; none is skipped.
    """
    if given := os.environ.get("KAFKA_BOOTSTRAP"):
        wait_until_ready(given, within=15)
        yield given
        return
    kafka = KafkaSandbox.start()
    try:
        yield kafka.bootstrap
    finally:
        failed = request.session.testsfailed > 0
        kafka.stop(keep=failed)
        if failed:
            request.config.stash[KEPT] = str(kafka.folder)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if kept := terminalreporter.config.stash.get(KEPT, None):
        terminalreporter.write_line(f"Tests failed; Kafka's log and data are kept in {kept}")


@pytest.fixture
def topic_prefix() -> str:
    return f"test-{uuid.uuid4().hex[:12]}"


@pytest.fixture
async def new_topic(kafka_bootstrap: str, topic_prefix: str) -> AsyncIterator[OwnTopics]:
    """`await new_topic("inn", partitions=4)` gives the full name; the topic is removed when the test ends."""
    async with OwnTopics(kafka_bootstrap, topic_prefix) as topics:
        yield topics
