"""What all commands share: the configuration, how errors are told, and the exit codes.

| code | meaning |
|---|---|
| 0 | done |
| 1 | findings, or a check failed |
| 2 | usage or configuration |
| 3 | Kafka cannot be reached or trusted, or did not answer in time |
| 4 | refused, by us or by Kafka |
"""

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from aiokafka.errors import KafkaError
from rich.console import Console

from adapter.domain.identity import without_identities
from adapter.kafka.barrier import BarrierTimeoutError
from adapter.kafka.closed_door import problem_of
from adapter.kafka.offsets import NoSuchTopicError
from adapter.kafka.problem import Knock
from adapter.packs import PackError, load_places
from adapter.report.ledger import LedgerUnreadableError
from adapter.report.setup import RefusedError, unknown_municipalities
from adapter.sealing import KeyFileError, Sealer
from adapter.settings.config import Config, ConfigError, load

T = TypeVar("T")


class Exit(IntEnum):
    """Exit codes; scripts rely on them."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    NO_KAFKA = 3
    REFUSED = 4


ConfigPath = Annotated[
    Path | None,
    typer.Option(
        "--config", envvar="IPLOS_CONFIG", help="Configuration file (TOML); IPLOS_<SECTION>__<NAME> overrides."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]

out = Console()
err = Console(stderr=True)


def settings(path: Path | None) -> Config:
    """The configuration, or one clear message and exit code 2."""
    try:
        return load(path)
    except ConfigError as error:
        fail(str(error), Exit.USAGE)


def checked(config: Config) -> Config:
    """The same configuration, if its municipalities exist; else one clear message and exit code 2."""
    if not config.kommuner:
        fail("kommuner is empty: name at least one municipality under [[kommuner]]", Exit.USAGE)
    if unknown := unknown_municipalities(config, load_places()):
        fail(f"kommuner: {unknown[0]} is no municipality's number, then or now; correct it", Exit.USAGE)
    return config


def sealer_of(config: Config) -> Sealer:
    """The sealing keys, or one clear message and exit code 2."""
    if not config.nokkelfil:
        fail("nokkelfil is not set: name the key file (make one with `iplos-adapter keys new FILE`)", Exit.USAGE)
    try:
        return Sealer.load(Path(config.nokkelfil))
    except KeyFileError as error:
        fail(str(error), Exit.USAGE)


def make_folder(path: Path | None) -> None:
    """The folder to write to, before anything is done that cannot be written down; or one sentence and exit code 2."""
    if path is None:
        return
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fail(f"--out {path}: cannot be used as a folder: {error.strerror}", Exit.USAGE)


def fail(text: str, code: Exit) -> NoReturn:
    """Say what is wrong and what to do, and end. A setting or a file may hold what has no place on a screen."""
    err.print(without_identities(text), style="bold red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)


def run_async(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a command that talks to Kafka; what goes wrong there becomes a sentence and an exit code."""
    # What the client logs on the way is repeated in the sentence at the end.
    client = logging.getLogger("aiokafka")
    client.setLevel(logging.CRITICAL)
    try:
        with sentences():
            return asyncio.run(main())
    finally:
        client.setLevel(logging.NOTSET)


@contextmanager
def sentences() -> Iterator[None]:
    """What goes wrong inside, with Kafka or with what we were told, becomes a sentence and an exit code."""
    try:
        yield
    except (ConfigError, PackError) as error:
        fail(str(error), Exit.USAGE)
    except (NoSuchTopicError, BarrierTimeoutError) as error:
        fail(str(error), Exit.NO_KAFKA)
    except (RefusedError, LedgerUnreadableError) as error:
        fail(str(error), Exit.REFUSED)
    except (KafkaError, OSError) as error:
        problem = problem_of(error, Knock("[kafka] bootstrap"))
        if problem is None:
            fail(f"Kafka cannot be used ({error}): is [kafka] bootstrap right, and the cluster up?", Exit.NO_KAFKA)
        fail(problem.text, Exit.REFUSED if problem.refused else Exit.NO_KAFKA)


def print_json(data: object) -> None:
    """Facts for machines."""
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))
