"""One report command from beginning to end: wait for the state, read it, and run a pair for each unit.

Every step is written to the ledger, which is also where the one who asked looks. A command may come more than once
(the bus delivers at least once): what the ledger has as ended is not done again, what it has as begun is done with the
same ids and the same time, so the same state gives the same bytes.
"""

import asyncio
import contextlib
import time
import uuid

import structlog
from aiokafka.errors import KafkaError
from msgspec.structs import replace

from adapter import __version__
from adapter.domain.enhet import Enhet
from adapter.kafka.barrier import BarrierTimeoutError, wait_for
from adapter.ops.metrics import Metrics
from adapter.packs import load_places
from adapter.report.build_pool import BuildPool
from adapter.report.builder import BuildFailedError
from adapter.report.clock import Clock, utc_now
from adapter.report.command import ReportCommand
from adapter.report.ledger import ENDED, Kjoring, Status, last_sent, last_year, next_lopenr, read_ledger
from adapter.report.ledger_writer import PROGRESS_SECONDS, LedgerWriter
from adapter.report.pair_run import PairRun
from adapter.report.population import Population
from adapter.report.setup import RefusedError, check_emission, check_year_and_unit, make_overgang
from adapter.report.snapshot import read_population
from adapter.report.spool import Spool
from adapter.sealing import Keyring
from adapter.settings.config import Config

log = structlog.get_logger()

_RUNS = uuid.UUID("6f6c1d6e-40f5-5e0b-9a3e-1f1d1c9f2018")

Runs = dict[str, Kjoring]


class Runner:
    """Carries out report commands, one at a time."""

    def __init__(self, config: Config, keys: Keyring, metrics: Metrics, clock: Clock = utc_now) -> None:
        self._config = config
        self._keys = keys
        self._metrics = metrics
        self._clock = clock

    async def run(self, command: ReportCommand) -> None:
        """Do what the command asks; what goes wrong with it ends in the ledger. Raises only what Kafka raises."""
        started = time.monotonic()
        with structlog.contextvars.bound_contextvars(command=command.id):
            runs = await read_ledger(self._config.kafka, self._config.topics.rapport)
            whole = self._record(command, runs, command.id, Enhet(command.kommunenummer, command.bydelsnummer), "")
            if whole.status in ENDED:
                log.info("command was carried out before", status=whole.status)
                return
            async with LedgerWriter(self._config, self._metrics) as writer:
                await self._carry_out(command, runs, whole, writer)
        self._metrics.report_seconds.observe(time.monotonic() - started)

    async def _carry_out(self, command: ReportCommand, runs: Runs, whole: Kjoring, writer: LedgerWriter) -> None:
        enhet = Enhet(command.kommunenummer, command.bydelsnummer)
        status: Status
        try:
            check_year_and_unit(self._config, enhet, command.aar)
            check_emission(self._config, command.emisjon)
            whole = await writer.tell(whole, "planlagt", "venter")
            whole = await self._wait(command, whole, writer)
            with Spool() as spool:
                population, whole = await self._read(command, whole, writer, spool)
                async with BuildPool(self._config, self._keys, population, spool) as pool:
                    ids = await self._pairs(command, runs, _units(enhet, population), pool, writer)
            whole = replace(whole, kjoringer=ids)
            status, why = ("fordelt", "") if ids else ("nektet", f"Ingen registreringer fra {enhet} i tilstanden.")
        except (RefusedError, BarrierTimeoutError) as error:
            status, why = "nektet", str(error)
        except (KafkaError, OSError):
            # Nothing is decided: whoever gave the command tries again, and the ledger tells what was done.
            raise
        except Exception as error:
            log.exception("report failed")
            status, why = "feilet", f"Uventet feil ({type(error).__name__}); se loggen."
        if status != "fordelt":
            log.error("command ended", unit=str(enhet), status=status, why=why)
        await writer.tell(replace(whole, grunn=why or whole.grunn, ferdig=self._clock()), status, "")

    async def _wait(self, command: ReportCommand, whole: Kjoring, writer: LedgerWriter) -> Kjoring:
        """Until everything that was on the bus when the command was given is in the state."""
        kafka, within = self._config.kafka, self._config.rapport.barriere_sekunder
        barrier = {int(partition): offset for partition, offset in command.barriere.items()}
        async for done, total in wait_for(kafka, kafka.gruppe, self._config.topics.buss, barrier, within):
            whole = await writer.progress(whole, "venter", done, total)
        return whole

    async def _read(
        self, command: ReportCommand, whole: Kjoring, writer: LedgerWriter, spool: Spool
    ) -> tuple[Population, Kjoring]:
        """The state of everybody, as of now."""
        seen = [(0, 0)]

        def progress(done: int, total: int) -> None:
            seen[0] = (done, total)

        config = self._config
        overgang = make_overgang(config, load_places(), command.aar)
        reading = asyncio.ensure_future(read_population(config, spool, overgang, progress))
        try:
            while not reading.done():
                await asyncio.wait((reading,), timeout=PROGRESS_SECONDS)
                whole = await writer.progress(whole, "leser", *seen[0])
        finally:
            # Who was fenced meanwhile does not read on into a spool that is closed.
            reading.cancel()
            await asyncio.wait((reading,))
        return reading.result(), whole

    async def _pairs(
        self, command: ReportCommand, runs: Runs, units: list[Enhet], pool: BuildPool, writer: LedgerWriter
    ) -> list[str]:
        """Every unit's run, one after the other; the next ones are being built meanwhile. Returns their ids."""
        ids = []
        for place, unit in enumerate(units):
            expected = dict(runs)
            for one in units[place : place + pool.size + 1]:
                run = self._run_of(command, expected, one, writer)
                expected[run.kjoring.kjoring] = run.kjoring
                if run.kjoring.status not in ENDED:
                    with contextlib.suppress(RefusedError):  # told when it is the run's turn
                        await run.begin(pool)
            ids.append(await self._pair(self._run_of(command, runs, unit, writer), runs, pool))
        return ids

    def _run_of(self, command: ReportCommand, runs: Runs, enhet: Enhet, writer: LedgerWriter) -> PairRun:
        """One unit's run as it stands when these runs are there."""
        kjoring_id = str(uuid.uuid5(_RUNS, f"{command.id}/{enhet}"))
        lopenr = next_lopenr(runs.values(), enhet.kommunenummer, command.aar)
        kjoring = self._record(command, runs, kjoring_id, enhet, lopenr)
        i_fjor = last_year(runs.values(), str(enhet), command.aar)
        return PairRun(self._config, self._metrics, self._clock, writer, enhet, kjoring, i_fjor)

    async def _pair(self, run: PairRun, runs: Runs, pool: BuildPool) -> str:
        """Carry the run through, unless it has ended already. Returns its id."""
        if run.kjoring.status not in ENDED:
            try:
                await run.run(pool)
            except (KafkaError, OSError):
                raise
            except BuildFailedError as error:
                log.error("build failed", unit=str(run.enhet), why=str(error))  # noqa: TRY400  # the sentence says it
                await run.fail(str(error))
            except Exception as error:
                # One unit's misfortune is not the others'.
                log.exception("run failed", unit=str(run.enhet))
                await run.fail(f"Uventet feil ({type(error).__name__}); se loggen.")
            runs[run.kjoring.kjoring] = run.kjoring
            await pool.drop(run.enhet)
        return run.kjoring.kjoring

    def _record(self, command: ReportCommand, runs: Runs, kjoring_id: str, enhet: Enhet, lopenr: str) -> Kjoring:
        """The record under this id: the one the ledger has, or a new one."""
        replaced = last_sent(runs.values(), str(enhet), command.aar, command.emisjon) if lopenr else None
        return runs.get(kjoring_id) or Kjoring(
            kjoring=kjoring_id,
            kommando=command.id,
            bestilt_av=command.bestilt_av,
            enhet=str(enhet),
            aar=command.aar,
            emisjon=command.emisjon,
            slag=command.slag,
            arsak=command.arsak,
            erstatter=replaced.kjoring if replaced else "",
            lopenr=lopenr,
            tidspunkt=command.tidspunkt,
            status="planlagt",
            grunn=command.grunn,
            programversjon=__version__,
            offsets=command.barriere,
        )


def _units(wanted: Enhet, population: Population) -> list[Enhet]:
    """The district that was named, or all units of the municipality that registered anything."""
    if wanted.bydelsnummer:
        return [wanted]
    return [unit for unit in population.units() if unit.kommunenummer == wanted.kommunenummer]
