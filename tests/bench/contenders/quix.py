"""Quix Streams with its state store (RocksDB and a changelog topic) doing the same fold.

`variant` is its processing guarantee, `at-least-once` (its default) or `exactly-once`. Its checkpoints commit state and
offsets; the run ends with one, so everything it counted is durable, as with ours.
"""

import logging
import warnings

warnings.filterwarnings("ignore")

from quixstreams import Application, State  # noqa: E402
from quixstreams.models import TopicConfig  # noqa: E402

from adapter.domain.fold import changed, fold  # noqa: E402
from adapter.domain.outcome import NotForUs, Parked  # noqa: E402
from adapter.domain.tilstand import Tilstand  # noqa: E402
from adapter.ingest.cloudevent import Delivered  # noqa: E402
from tests.bench.contenders.job import answer, job  # noqa: E402
from tests.bench.sample import Stopwatch  # noqa: E402

told = job()
reader = told.reader()
watches: list[Stopwatch] = []


def take(value: bytes, key: bytes, _timestamp: int, _headers: object, state: State) -> None:
    if not watches:
        watches.append(Stopwatch())
    reading = reader.read(Delivered(key, value))
    if isinstance(reading.result, NotForUs | Parked):
        return
    tilstand = Tilstand.decode(state.get_bytes("tilstand", b""))
    if changed(fold(tilstand, reading.result)):
        state.set_bytes("tilstand", tilstand.encode())


def main() -> None:
    logging.disable(logging.INFO)
    app = Application(
        broker_address=told.bootstrap,
        consumer_group=told.group,
        auto_offset_reset="earliest",
        processing_guarantee=told.variant,
        state_dir=told.folder,
        loglevel="ERROR",
    )
    topic = app.topic(
        told.topics["buss"],
        key_deserializer="bytes",
        value_deserializer="bytes",
        config=TopicConfig(num_partitions=told.partitions, replication_factor=1),
    )
    app.dataframe(topic).apply(take, stateful=True, metadata=True)
    app.run(count=told.pieces)
    answer(watches[0].sample(told.pieces))


if __name__ == "__main__":
    main()
