"""`iplos-adapter keys rotate`: a new sealing key in three steps, each safe to repeat, while the service runs."""

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import typer

from adapter.cli.beforehand import must_have
from adapter.cli.console import AsJson, ConfigPath, Exit, err, fail, out, print_json, run_async, settings
from adapter.cli.keys import KeyFilePath, made_up_id, opened
from adapter.ingest.sealed_with import Letters, letters_sealed_with, persons_sealed_with
from adapter.sealing import Key, KeyFile, write_key_file
from adapter.settings.config import Config


def rotate(
    path: KeyFilePath,
    activate: Annotated[bool, typer.Option("--activate", help="Seal with the key that waits from now on.")] = False,
    retire: Annotated[str, typer.Option(metavar="ID", help="Remove a key that nothing is sealed with any more.")] = "",
    force: Annotated[
        bool, typer.Option("--force", help="Retire even if dead letters can never be opened then.")
    ] = False,
    key_id: Annotated[str, typer.Option("--id", help="Name of the new key; made up when not given.")] = "",
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Change the key that identities are sealed with, without stopping the service.

    1. `keys rotate FILE` puts a new key behind the others. Every process of the service reads the file by itself within
    seconds; see that iplos_sealing_key_active names the new key in each of them.

    2. `keys rotate FILE --activate`: each process seals with it, and seals the state anew in the background;
    iplos_state_sealed_persons shows how the old key's number goes to 0.

    3. `keys rotate FILE --retire ID` removes the old key. Refused while state holds anything sealed with it, and while
    dead letters do. A copy of the state topic from before needs it for ever. Run this step as the service itself, which
    may read both.

    The pseudonym key never changes: with another one every person of the year were a new one to the register.

    Example: iplos-adapter keys rotate keys.toml
    """
    if sum((activate, bool(retire), bool(key_id))) > 1 or (force and not retire):
        fail("one step at a time: a new key (with --id), --activate, or --retire ID (with --force)", Exit.USAGE)
    file, today = opened(path), datetime.now(UTC).date()
    if retire:
        step = _retire(path, file, retire, settings(config), force=force)
    elif activate:
        step = _activate(path, file, today)
    else:
        step = _add(path, file, key_id or made_up_id(), today)
    if as_json:
        print_json(step._asdict())
        return
    out.print(step.text, markup=False, soft_wrap=True)
    if step.next:
        out.print(f"when {step.when}:\n  {step.next}", markup=False, soft_wrap=True)


class Step(NamedTuple):
    """What was done, to which key, and what comes next, when."""

    done: Literal["added", "activated", "retired", "nothing"]
    key: str
    text: str
    when: str = ""
    next: str = ""


def _add(path: Path, file: KeyFile, key_id: str, today: date) -> Step:
    done: Literal["added", "nothing"] = "nothing"
    if file.waiting:
        text = f"{file.waiting[0].id} waits already; no other key is made"
    elif file.key(key_id):
        fail(f"{path}: there is a key {key_id} already; give the new one another --id", Exit.USAGE)
    else:
        file = file.with_waiting(key_id, today)
        _write(path, file)
        done, text = "added", f"{key_id} is made and waits; {file.active.id} still seals"
    waiting = file.waiting[0].id
    when = f"iplos_sealing_key_active names {waiting} in every process of the service"
    return Step(done, waiting, text, when, f"iplos-adapter keys rotate {path} --activate")


def _activate(path: Path, file: KeyFile, today: date) -> Step:
    if not file.waiting:
        return Step("nothing", file.active.id, f"no key waits; {file.active.id} seals")
    former, key = file.active, file.waiting[0]
    _write(path, file.with_active(key, today))
    return Step(
        "activated",
        key.id,
        f"{key.id} seals from now on, and what {former.id} sealed is sealed anew",
        f'iplos_state_sealed_persons{{key="{former.id}"}} is 0 in every process of the service',
        f"iplos-adapter keys rotate {path} --retire {former.id}",
    )


def _retire(path: Path, file: KeyFile, key_id: str, config: Config, *, force: bool) -> Step:
    key, letters = _dispensable(file, key_id, config, force=force)
    _write(path, opened(path).without(key))
    lost = f"{letters.number} dead letters can never be opened again\n" if letters.number else ""
    return Step("retired", key_id, f"{lost}{key_id} is removed from {path}")


def _dispensable(file: KeyFile, key_id: str, config: Config, *, force: bool) -> tuple[Key, Letters]:
    """The key, if nothing needs it, and the letters that are given up with it; otherwise this ends in a refusal."""
    key = file.key(key_id)
    if key is None:
        fail(f"there is no key {key_id}; `iplos-adapter keys list` shows which there are", Exit.USAGE)
    if key is file.active:
        fail(f"{key_id} is the key that seals; rotate first, then retire it", Exit.REFUSED)
    must_have(
        config,
        [("read", config.topics.tilstand), ("read", config.topics.avvist)],
        "nothing has changed. What the key has sealed is looked for there; run this as the service itself",
    )
    with err.status("reading state and dead letters"):
        persons, letters = run_async(lambda: _sealed_with(config, key))
    if persons:
        fail(
            f"{key_id} cannot be retired: the state holds {persons} persons sealed with it. The service seals them "
            f'anew by itself; wait until iplos_state_sealed_persons{{key="{key_id}"}} is 0 in every process',
            Exit.REFUSED,
        )
    if letters.number and not force:
        fail(
            f"{key_id} cannot be retired yet: {letters.number} dead letters on {config.topics.avvist} are sealed with "
            f"it, the newest from {letters.newest:%Y-%m-%d}. Wait until the topic has let them go by its retention, or "
            "say --force: they can never be opened then",
            Exit.REFUSED,
        )
    return key, letters


async def _sealed_with(config: Config, key: Key) -> tuple[int, Letters]:
    kafka, topics = config.kafka, config.topics
    return await asyncio.gather(
        persons_sealed_with(kafka, topics.tilstand, key.id), letters_sealed_with(kafka, topics.avvist, key.id)
    )


def _write(path: Path, file: KeyFile) -> None:
    try:
        write_key_file(path, file)
    except OSError as error:
        fail(f"{path}: {error.strerror}; nothing has changed", Exit.USAGE)
