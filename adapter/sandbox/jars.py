"""Kafka's jars: what the lock names, in the project's own folder, every byte checked before it is run."""

import hashlib
import importlib
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapter.sandbox.error import EXTRA, SandboxError

LOCK = Path(__file__).with_name("kafka.lock")
AT_A_TIME = 4

# Gets one coordinate into a scratch folder and says where the file is.
Fetch = Callable[[str, Path], Path]


@dataclass(frozen=True)
class Jar:
    coordinate: str  # group:artifact:version
    sha256: str

    @property
    def file_name(self) -> str:
        _, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"


def read_lock(lock: Path = LOCK) -> list[Jar]:
    locked = tomllib.loads(lock.read_text())["jars"]
    return [Jar(coordinate, sha256) for coordinate, sha256 in locked.items()]


def ensure_jars(folder: Path, jars: Sequence[Jar], fetch: Fetch | None = None) -> list[Path]:
    """The paths of all jars in `folder`, missing ones fetched. No network is used when all are there.

    Raises SandboxError when a jar cannot be had, or is not the one that was locked.
    """
    missing = [jar for jar in jars if not (folder / jar.file_name).is_file()]
    if missing:
        fetch_into(folder, missing, fetch or fetch_with_jgo)
    paths = [folder / jar.file_name for jar in jars]
    for jar, path in zip(jars, paths, strict=True):
        refuse_unless_locked(jar, path)
    return paths


def fetch_into(folder: Path, missing: Iterable[Jar], fetch: Fetch) -> None:
    """Each jar appears whole and checked, by one rename: a broken download or a second process does no harm."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fetch-", dir=folder) as scratch, ThreadPoolExecutor(AT_A_TIME) as pool:

        def get(jar: Jar) -> None:
            try:
                fetched = fetch(jar.coordinate, Path(scratch))
            except SandboxError:
                raise
            except Exception as error:
                raise SandboxError(
                    f"Kafka's jar {jar.coordinate} could not be fetched from Maven Central with jgo: {error}\n"
                    f"Jars are kept in {folder}; on a machine without network, copy that folder from one that has it."
                ) from error
            refuse_unless_locked(jar, fetched)
            fetched.replace(folder / jar.file_name)

        list(pool.map(get, missing))


def refuse_unless_locked(jar: Jar, path: Path) -> None:
    found = sha256_of(path)
    if found != jar.sha256:
        raise SandboxError(
            f"{jar.coordinate} is not the file that was locked, and is not used.\n"
            f"  file:   {path}\n  locked: sha256 {jar.sha256}\n  found:  sha256 {found}\n"
            "If the file is damaged, delete it and run again. If not, find out who changed it."
        )


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fetch_with_jgo(coordinate: str, scratch: Path) -> Path:
    group, artifact, version = coordinate.split(":")
    jar = maven_context(scratch).project(group, artifact).at_version(version).artifact().resolve()
    return Path(jar)


def maven_context(scratch: Path) -> Any:
    """Maven as jgo sees it: its own Maven Central, and what the user's jgo settings name (a mirror, say)."""
    try:
        maven, config, constants = (
            importlib.import_module(f"jgo{part}") for part in (".maven", ".config", ".constants")
        )
    except ImportError as error:
        raise SandboxError(f"Kafka's jars are fetched with jgo, which is not installed: {EXTRA}") from error
    repositories = {"central": constants.MAVEN_CENTRAL_URL, **config.GlobalSettings.load().repositories}
    return maven.MavenContext(repo_cache=scratch, remote_repos=repositories, timeout=60)
