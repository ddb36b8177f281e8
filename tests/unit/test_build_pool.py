"""Building in other processes gives what building here gives, and nothing at all when a process comes to grief."""

import asyncio
import base64
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from msgspec.structs import replace

from adapter.domain.enhet import Enhet
from adapter.kafka.sikkerhet import Sikkerhet
from adapter.packs import load_places
from adapter.report.build import Bestilling, PairBuilder
from adapter.report.build_frames import Beginning, frame
from adapter.report.build_pool import Build, BuildPool
from adapter.report.builder import BuildFailedError
from adapter.report.population import Population
from adapter.report.setup import make_oppsett, make_overgang
from adapter.report.spool import Spool
from adapter.sealing import Keyring
from adapter.settings.config import Config, Kafka
from adapter.settings.example import example_of
from adapter.settings.secret import Secret
from tests.unit.pair import MOMENT, PACK, ordinary

DISTRICTS = [Enhet("0301", f"{number:02}") for number in (1, 2, 3, 4)]
# Most live in the first, which is more than two looks of the gate: a build of it has a middle.
STATES = dict(ordinary(serial, enhet=DISTRICTS[max(0, serial % 8 - 4)]) for serial in range(700))


class Here(NamedTuple):
    """A city in a spool, and processes that build it."""

    config: Config
    keys: Keyring
    spool: Spool
    pool: BuildPool

    async def begun(self, enhet: Enhet, lopenr: str = "1") -> Build:
        return await self.pool.begin(order(enhet, lopenr), PACK)

    async def built(self, enhet: Enhet) -> Build:
        build = await self.begun(enhet)
        await build.task
        return build

    @property
    def process(self) -> asyncio.subprocess.Process:
        """The one that has nothing to do."""
        (builder,) = self.pool._idle
        return builder._process


def order(enhet: Enhet, lopenr: str = "1") -> Bestilling:
    ids = "b3a6c1a0-0000-4000-8000-000000000001", "b3a6c1a0-0000-4000-8000-000000000002"
    return Bestilling(enhet, lopenr, MOMENT, *ids, modus="test")


def key_file(folder: Path) -> Path:
    """The keys the tests' persons are sealed with."""
    file = folder / "keys.toml"
    pseudonym, secret = (base64.b64encode(bytes(one)).decode() for one in (range(32, 64), range(32)))
    file.write_text(f'pseudonym = "{pseudonym}"\n[[nokler]]\nid = "k1"\nhemmelighet = "{secret}"\n')
    return file


@asynccontextmanager
async def city(folder: Path, processes: int = 1) -> AsyncIterator[Here]:
    example, keys = example_of("0301"), Keyring(key_file(folder))
    config = replace(example, rapport=replace(example.rapport, prosesser=processes))
    with Spool() as spool:
        population = Population(spool, make_overgang(config, load_places(), 2018))
        for key, state in STATES.items():
            population.add(key, state)
        async with BuildPool(config, keys, population, spool) as pool:
            yield Here(config, keys, spool, pool)


def content(build: Build) -> tuple[bytes, bytes, dict[str, Any]]:
    ipl, ide = (b"".join(one.message.blocks()) for one in (build.ipl, build.ide))
    return ipl, ide, build.resultat.as_dict()


def seen_from_outside(pid: int) -> bytes:
    """What a process shows to everybody on the machine, and to whoever is the same user."""
    return b"".join(Path(f"/proc/{pid}/{one}").read_bytes() for one in ("cmdline", "environ"))


@pytest.mark.parametrize("processes", [1, 4])
async def test_any_number_of_processes_builds_what_is_built_here_to_the_last_byte(
    tmp_path: Path, processes: int
) -> None:
    async with city(tmp_path, processes) as here:
        builds = [await here.begun(enhet) for enhet in DISTRICTS]
        await asyncio.gather(*(build.task for build in builds))
        for enhet, build in zip(DISTRICTS, builds, strict=True):
            oppsett = make_oppsett(here.config, here.keys.sealer, enhet, 2018)
            builder = PairBuilder(order(enhet), oppsett, Population.of(STATES, oppsett.overgang))
            ipl, ide = BytesIO(), BytesIO()
            for _ in builder.run(ipl, ide):
                pass
            assert content(build) == (ipl.getvalue(), ide.getvalue(), builder.resultat.as_dict())
            assert builder.resultat.personer_sendt > 50


async def test_a_build_is_begun_once_and_begun_anew_for_another_order(tmp_path: Path) -> None:
    async with city(tmp_path) as here:
        first = await here.begun(DISTRICTS[1], "1")
        assert await here.begun(DISTRICTS[1], "1") is first
        other = await here.begun(DISTRICTS[1], "2")
        await other.task
        assert first.task.cancelled()
        assert b"<iiLopenr>2</iiLopenr>" in content(other)[0]


async def test_a_process_killed_between_two_builds_fails_the_next_and_is_replaced(tmp_path: Path) -> None:
    async with city(tmp_path) as here:
        await here.built(DISTRICTS[1])
        here.process.kill()
        with pytest.raises(BuildFailedError, match=r"0301-03 ble avsluttet .*\(kode -9\)"):
            await here.built(DISTRICTS[2])
        assert (await here.built(DISTRICTS[3])).resultat.personer_sendt > 50


async def test_a_process_killed_in_the_middle_of_a_build_fails_it(tmp_path: Path) -> None:
    async with city(tmp_path) as here:
        await here.built(DISTRICTS[1])
        process = here.process
        os.kill(process.pid, signal.SIGSTOP)
        build = await here.begun(DISTRICTS[0])
        await asyncio.sleep(0)  # the build has the process now
        os.kill(process.pid, signal.SIGKILL)
        with pytest.raises(BuildFailedError, match=r"0301-01 ble avsluttet .*\(kode -9\)"):
            await build.task


async def test_what_goes_wrong_in_a_process_is_told_by_its_kind_alone(tmp_path: Path) -> None:
    async with city(tmp_path) as here:
        os.pwrite(here.spool.descriptor, bytes(100_000), 0)
        with pytest.raises(BuildFailedError, match=r"^Uventet feil \(InvalidTag\); se loggen\.$"):
            await here.built(DISTRICTS[0])


async def test_a_service_that_is_asked_to_stop_keeps_its_builds_until_it_stops(tmp_path: Path) -> None:
    async with city(tmp_path) as here:
        await here.built(DISTRICTS[1])
        for asked in (signal.SIGTERM, signal.SIGINT):
            here.process.send_signal(asked)
        assert (await here.built(DISTRICTS[2])).resultat.personer_sendt > 50


async def test_a_process_ends_when_the_service_is_no_more(tmp_path: Path) -> None:
    async with city(tmp_path) as here:
        await here.built(DISTRICTS[1])
        assert here.process.stdin is not None
        here.process.stdin.close()
        assert await here.process.wait() == 0


async def test_no_secret_is_seen_from_outside_or_said_to_a_process_that_does_not_need_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IPLOS_KAFKA__SIKKERHET__PASSORD", "hemmelig")
    async with city(tmp_path) as here:
        await here.built(DISTRICTS[1])
        seen = seen_from_outside(here.process.pid)
        assert b"adapter.report.build_process" in seen
        for secret in (here.spool.key, *here.keys.known.values()):
            assert secret not in seen
            assert base64.b64encode(secret) not in seen
        assert b"hemmelig" not in seen
    kafka = Kafka(sikkerhet=Sikkerhet(bruker="adapter", passord=Secret("hemmelig")))
    said = frame(Beginning(replace(here.config, kafka=kafka), here.keys.file, here.keys.known, 3, b""))
    assert b"hemmelig" not in said.replace(b"hemmelighet", b"")
