"""A whole installation for one test: topics, keys and configuration of its own on a real broker, and real processes.

What a killed process had counted is gone with it, so tests go by what lasts: committed offsets, state, dead letters.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import aiohttp
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import RecordsToDelete
from aiokafka.errors import KafkaError
from prometheus_client.parser import text_string_to_metric_families

from adapter.ingest.offline import Hendelser, fold_all
from adapter.ingest.partition import Partition, TopicNames
from adapter.ingest.reading import Reader
from adapter.kafka.clients import admin
from adapter.kafka.log_reader import Record, read_to_end
from adapter.kafka.offsets import NoSuchTopicError, committed_offsets, end_offsets
from adapter.kafka.topic_plan import load as load_plan
from adapter.letters.head import read_record
from adapter.letters.letter import Letter, Origin, open_letter
from adapter.letters.mark import Marked
from adapter.packs import load_places
from adapter.report.setup import our_numbers
from adapter.sandbox import leash
from adapter.sandbox.topics import OwnTopics
from adapter.sealing import Sealer, new_key_file
from adapter.settings.config import Config, load
from adapter.settings.example import example_text
from adapter.shipped import shipped
from adapter.simulate import SimulatedRecord, simulate

UNITS = [("5001", ""), ("0301", "03"), ("0301", "12")]
MUNICIPALITIES = ("5001", "0301")
SERVICE = (str(Path(sys.executable).with_name("iplos-adapter")), "run")
# The host's own group, in seconds: who starts after a crash waits until it has given the dead member up.
HOST = {"BROKER_SESSION_TIMEOUT": "1", "BROKER_HEARTBEAT_INTERVAL": "0.2", "BROKER_REBALANCE_TIMEOUT": "1"}
LARGEST_EVENT = 64 * 1024 * 1024
BETWEEN_LOOKS = 0.02


async def wait_until(condition: Callable[[], Awaitable[bool]], within: float, what: str) -> None:
    """Look until it holds; AssertionError with `what` when it does not in time. A broker that is away is waited for."""

    async def holds() -> bool:
        try:
            return await condition()
        except (KafkaError, NoSuchTopicError):
            return False

    deadline = time.monotonic() + within
    while not await holds():
        assert time.monotonic() < deadline, f"not within {within:.0f} s: {what}"
        await asyncio.sleep(BETWEEN_LOOKS)


def events(persons: int, seed: int = 7) -> list[SimulatedRecord]:
    """A messy year, in the order the bus delivers it."""
    return list(simulate(persons, 2018, seed, UNITS, mess=True))


class DeadLetter(NamedTuple):
    """A letter put together from its parts and opened, and the headers that all its parts share."""

    origin: Origin
    headers: dict[str, str]
    letter: Letter


class Service:
    """One process of the service. It ends with the test program at the latest."""

    def __init__(
        self, command: Sequence[str], config: Path, log: Path, environ: Mapping[str, str] | None = None
    ) -> None:
        self.log = log
        held = [sys.executable, "-I", "-S", leash.__file__, str(os.getpid())]
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                [*held, *command],
                env={**os.environ, **HOST, **(environ or {}), "IPLOS_CONFIG": str(config)},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.pid = self._process.pid
        self.port = 0

    def said(self, event: str) -> list[dict[str, object]]:
        """The log lines of that event."""
        lines = self.log.read_text(errors="replace").splitlines()
        found = [json.loads(line[line.index("{") :]) for line in lines if f'"event": "{event}"' in line]
        return [line for line in found if line["event"] == event]

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    async def ended(self, within: float) -> int:
        """The exit code; minus the signal's number if one ended it."""

        async def gone() -> bool:
            return not self.running

        await wait_until(gone, within, f"process {self.pid} ends")
        return self._process.returncode

    async def killed(self) -> None:
        """kill -9, and it is gone."""
        self.signal(signal.SIGKILL)
        assert await self.ended(within=10) == -signal.SIGKILL

    async def stopped(self, within: float = 10) -> int:
        """SIGTERM; the exit code."""
        self.signal(signal.SIGTERM)
        return await self.ended(within)

    def end(self) -> None:
        """Whatever state it is in, a stopped one too."""
        self._process.kill()
        self._process.wait()

    async def get(self, path: str) -> tuple[int, str]:
        url = f"http://127.0.0.1:{self.port}{path}"
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            return answer.status, await answer.text()

    async def listening(self, within: float = 20) -> None:
        """Wait for the HTTP side, and learn its port."""

        async def told() -> bool:
            assert self.running, self.log.read_text(errors="replace")[-2000:]
            for line in self.said("listening"):
                self.port = int(str(line["port"]))
            return bool(self.port)

        await wait_until(told, within, f"process {self.pid} listens")

    async def ready(self, within: float = 30) -> Self:
        await self.listening(within)

        async def answers() -> bool:
            assert self.running, self.log.read_text(errors="replace")[-2000:]
            return (await self.get("/health/ready"))[0] == 200

        await wait_until(answers, within, f"process {self.pid} is ready")
        return self

    async def samples(self, name: str) -> list[tuple[dict[str, str], float]]:
        """What /metrics has under this name: labels and value."""
        _, text = await self.get("/metrics")
        families = text_string_to_metric_families(text)
        return [(one.labels, one.value) for family in families for one in family.samples if one.name == name]

    async def outcomes(self) -> dict[str, int]:
        """Events this process counted, by outcome and code as `Hendelser.etter_utfall` names them."""
        found: Counter[str] = Counter()
        for labels, value in await self.samples("iplos_events_total"):
            found[":".join(filter(None, (labels["outcome"], labels["code"])))] += int(value)
        return dict(sorted(found.items()))


async def persons_by_key(*services: Service) -> dict[str, int]:
    """Persons in these processes' states by the key that sealed their identities."""
    found: Counter[str] = Counter()
    for service in services:
        for labels, held in await service.samples("iplos_state_sealed_persons"):
            found[labels["key"]] += int(held)
    return dict(found)


async def sealed_with(key_id: str, *services: Service, within: float = 60) -> None:
    """Wait until every identity in these processes' states is sealed with this key."""

    async def so() -> bool:
        held = {key for key, persons in (await persons_by_key(*services)).items() if persons}
        return held == {key_id}

    await wait_until(so, within, f"all is sealed with {key_id}")


class House:
    """`async with House(bootstrap, folder) as house:`. `settings` go into the configuration, section by section."""

    def __init__(
        self,
        bootstrap: str,
        folder: Path,
        *,
        partitions: int = 4,
        state_partitions: int | None = None,
        without: Sequence[str] = (),
        settings: Mapping[str, Mapping[str, object]] | None = None,
    ) -> None:
        self.name = f"house-{uuid.uuid4().hex[:12]}"
        self.file = folder / "config.toml"
        self._folder = folder
        self._partitions = {"buss": partitions, "tilstand": state_partitions or partitions}
        self._without = without
        self._services: list[Service] = []
        self._topics = OwnTopics(bootstrap, self.name)
        self.keys = folder / "keys.toml"
        self.keys.write_text(new_key_file("n1"))
        self.file.write_text(self._configuration(bootstrap, self.keys, settings or {}))
        self.config: Config = load(self.file, {})
        self.kafka, self.group = self.config.kafka, self.config.kafka.gruppe
        self.bus, self.state_topic = self.config.topics.buss, self.config.topics.tilstand
        self.follow_the_keys()

    def follow_the_keys(self) -> None:
        """The model and what is read here go by the key file as it is now."""
        self.sealer = Sealer.load(self.keys)
        self.reader = Reader(self.sealer, our_numbers(self.config, load_places()), self.config.ingest.maks_hendelse)

    def _configuration(self, bootstrap: str, keys: Path, settings: Mapping[str, Mapping[str, object]]) -> str:
        """The shipped example's municipality twice, and short times so that a test need not wait."""
        _, _, municipality = example_text().partition("\n[[kommuner]]\n")
        sections: dict[str, dict[str, object]] = {
            "kafka": {"bootstrap": bootstrap, "gruppe": self.name, "sesjon_ms": 6_000, "transaksjon_ms": 10_000},
            "topics": {role: f"{self.name}.{role}" for role in Config().topics.__struct_fields__},
            "ingest": {"batch": 200, "vent_ms": 50},
            "http": {"port": 0},
            "mottaker": {"navn": "Registeret", "orgnr": "123456785"},
            "kalender": {"pa": False},
            "rapport": {},
        }
        assert not set(settings) - set(sections), "sections this house does not know"
        text = f"nokkelfil = {json.dumps(str(keys))}\n"
        for section, values in sections.items():
            text += f"[{section}]\n"
            for name, value in {**values, **settings.get(section, {})}.items():
                text += f"{name} = {json.dumps(value)}\n"
        return text + "".join(f"[[kommuner]]\n{municipality}\n".replace('"5001"', f'"{one}"') for one in MUNICIPALITIES)

    async def __aenter__(self) -> Self:
        await self._topics.__aenter__()
        planned = load_plan((shipped("topics") / "topics.toml").read_text("utf-8")).for_cluster(1).topics
        config: dict[str, dict[str, str]] = {role: topic.config for role, topic in planned.items()}
        config["buss"] = {"max.message.bytes": str(LARGEST_EVENT)}
        for role in self.config.topics.__struct_fields__:
            if role not in self._without:
                await self._topics(role, self._partitions.get(role, 1), config[role])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for service in self._services:
            service.end()
            if error is not None:
                error.add_note(f"{service.log}:\n{service.log.read_text(errors='replace')[-3000:]}")
        if error is None:
            await self._clear_away()

    async def _clear_away(self) -> None:
        """After a failure all is left to be looked at; the broker may be gone, too."""
        await self._topics.__aexit__(None, None, None)
        # The host has made topics of its own.
        client = admin(self.kafka)
        await client.start()
        try:
            if left := [topic for topic in await client.list_topics() if topic.startswith(f"{self.name}.styring")]:
                await client.delete_topics(left)
        finally:
            await client.close()

    def start(self, *command: str, environ: Mapping[str, str] | None = None) -> Service:
        """A process of the service, or of another program with the same configuration."""
        log = self._folder / f"service-{len(self._services)}.log"
        service = Service(command or SERVICE, self.file, log, environ or {})
        self._services.append(service)
        return service

    async def another_topic(self, role: str, partitions: int = 1) -> str:
        """One more topic of this house; its name."""
        return await self._topics(role, partitions)

    async def produce(self, records: Iterable[SimulatedRecord], *, carelessly: bool = False) -> None:
        """Put them on the bus. `carelessly`: in turn on every partition, whatever their keys."""
        producer = AIOKafkaProducer(
            bootstrap_servers=self.kafka.bootstrap,
            enable_idempotence=True,
            linger_ms=5,
            max_batch_size=262_144,
            max_request_size=LARGEST_EVENT,
        )
        async with producer:
            sent = [
                await producer.send(
                    self.bus,
                    one.value,
                    one.key,
                    partition=at % self._partitions["buss"] if carelessly else None,
                    headers=list(one.headers),
                )
                for at, one in enumerate(records)
            ]
            await asyncio.gather(*sent)

    async def committed(self) -> dict[int, int]:
        """How far the group has come."""
        return await committed_offsets(self.kafka, self.group, self.bus, range(self._partitions["buss"]))

    async def done(self, within: float = 40) -> None:
        """Wait until the group has committed the end of every partition."""
        ends = await end_offsets(self.kafka, self.bus)

        async def caught_up() -> bool:
            return await self.committed() == ends

        await wait_until(caught_up, within, "the group reaches the end of the bus")

    async def forget_the_bus(self) -> None:
        """The bus deletes all it holds, as it does when its retention is over."""
        client = admin(self.kafka)
        await client.start()
        try:
            ends = await end_offsets(self.kafka, self.bus)
            wanted = {TopicPartition(self.bus, one): RecordsToDelete(offset) for one, offset in ends.items()}
            await client.delete_records(wanted)
        finally:
            await client.close()

    async def answers(self, within: float = 40) -> None:
        """Wait until the broker, started again, knows the topics and their leaders."""

        async def told() -> bool:
            return bool(await end_offsets(self.kafka, self.bus)) and bool(await self.committed())

        await wait_until(told, within, "the broker answers")

    async def under_way(self, events_done: int, within: float = 30) -> None:
        """Wait until at least so many events are committed."""

        async def enough() -> bool:
            return sum((await self.committed()).values()) >= events_done

        await wait_until(enough, within, f"{events_done} events are committed")

    async def records(self, topic: str) -> list[Record]:
        """Everything a reader of committed records sees."""
        return [record async for chunk in read_to_end(self.kafka, topic) for record in chunk.records]

    async def state(self) -> dict[str, bytes]:
        """The newest state of every person. A person stands in one partition only."""
        found: dict[str, bytes] = {}
        places: defaultdict[str, set[int]] = defaultdict(set)
        for record in await self.records(self.state_topic):
            assert record.key is not None
            key = record.key.decode()
            if record.value is None:
                found.pop(key, None)
            else:
                found[key] = record.value
            places[key].add(record.partition)
        assert all(len(partitions) == 1 for partitions in places.values())
        return found

    async def letters(self) -> list[DeadLetter]:
        """The dead letters, dealt with too, opened. Every part of every letter is there once, and no letter twice."""
        parts: defaultdict[Origin, list[tuple[dict[str, str], bytes]]] = defaultdict(list)
        for record in await self.records(self.config.topics.avvist):
            if isinstance(read_record(record), Marked):
                continue
            headers = {name: text.decode() for name, text in record.headers}
            partition, offset, timestamp = (int(headers[f"origin-{it}"]) for it in ("partition", "offset", "timestamp"))
            origin = Origin(headers["origin-topic"], partition, offset, timestamp)
            parts[origin].append((headers, record.value or b""))
        found = []
        for origin, pieces in parts.items():
            assert [int(headers.pop("part")) for headers, _ in pieces] == [*range(1, int(pieces[0][0]["parts"]) + 1)]
            assert all(headers == pieces[0][0] for headers, _ in pieces)
            sealed = b"".join(piece for _, piece in pieces)
            headers = pieces[0][0]
            found.append(DeadLetter(origin, headers, open_letter(origin, headers["key-id"], sealed, self.sealer)))
        return found

    async def marks(self) -> list[Marked]:
        """What is said of letters to be dealt with, in the order it was said."""
        read = [read_record(record) for record in await self.records(self.config.topics.avvist)]
        return [one for one in read if isinstance(one, Marked)]

    def partition(self, number: int) -> Partition:
        """One partition as the service would open it, in this process."""
        topics = self.config.topics
        names = TopicNames(topics.buss, topics.tilstand, topics.avvist)
        return Partition(self.kafka, self.group, names, number, self.reader)

    def model(self, records: Iterable[SimulatedRecord]) -> Hendelser:
        """What the same events come to without Kafka."""
        return fold_all((record.delivered for record in records), self.reader)

    async def agrees_with_the_model(self, records: Sequence[SimulatedRecord]) -> None:
        """Nothing lost, nothing twice: offsets at the end, the model's state, one letter for each broken event."""
        expected = self.model(records)
        assert await self.committed() == await end_offsets(self.kafka, self.bus)
        assert await self.state() == expected.states
        broken = Counter(
            (record.key, record.value, tuple(record.headers)) for record in records if record.expected[:6] == "parked"
        )
        letters = [one.letter for one in await self.letters()]
        assert Counter((one.key, one.value or b"", tuple(one.headers)) for one in letters) == broken
