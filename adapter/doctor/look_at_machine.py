"""What the machine is asked: files, disk, memory, the port. Nothing is changed."""

import shutil
import socket
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import aiohttp

from adapter.doctor.check import Unknown
from adapter.doctor.machine import CertificateSeen, DiskSeen, HttpSeen, KeyFileSeen, MemorySeen
from adapter.kafka.certificates import ends
from adapter.sealing import KeyFile, KeyFileError, read_key_file
from adapter.settings.config import Config

PATIENCE_SECONDS = 5.0
_CGROUPS = Path("/sys/fs/cgroup")
_MEMINFO = Path("/proc/meminfo")


def read_keys(path: str) -> KeyFile | KeyFileSeen:
    """The key file, or what is wrong with it."""
    if not path:
        return KeyFileSeen("", "nokkelfil is not set; `iplos-adapter keys new FILE` makes one")
    try:
        return read_key_file(Path(path))
    except KeyFileError as error:
        return KeyFileSeen(path, str(error))


def look_at_key_file(path: str, found: KeyFile | KeyFileSeen) -> KeyFileSeen:
    """Who may read it, and which keys it has."""
    if isinstance(found, KeyFileSeen):
        return found
    mode = Path(path).stat().st_mode
    return KeyFileSeen(path, "", bool(mode & (stat.S_IROTH | stat.S_IWOTH)), tuple(key.id for key in found.nokler))


def look_at_certificates(config: Config) -> list[CertificateSeen]:
    """The files that are set."""
    given = config.kafka.sikkerhet
    return [CertificateSeen(path, ends(path)) for path in (given.ca_fil, given.sertifikat_fil) if path]


def look_at_disk() -> DiskSeen | Unknown:
    """The folder where a report is spooled."""
    try:
        folder = tempfile.gettempdir()
        return DiskSeen(folder, shutil.disk_usage(folder).free)
    except OSError as error:
        return Unknown(f"no folder for temporary files can be used ({error.strerror})", "point TMPDIR to one")


def look_at_memory() -> MemorySeen | Unknown:
    """What the machine has left, or the container, whichever is less."""
    try:
        lines = dict(line.split(":", 1) for line in _MEMINFO.read_text("ascii").splitlines())
        machine = MemorySeen(int(lines["MemAvailable"].split()[0]) * 1024, "the machine")
    except (OSError, KeyError, ValueError):
        return Unknown("this system does not tell how much memory is left")
    return min([machine, *_container()])


def _container() -> Iterator[MemorySeen]:
    try:
        limit, used = ((_CGROUPS / name).read_text("ascii").strip() for name in ("memory.max", "memory.current"))
    except OSError:
        return
    if limit != "max":
        yield MemorySeen(int(limit) - int(used), "the container")


async def look_at_port(host: str, port: int) -> HttpSeen:
    """Whether the port is free, and who answers there when it is not."""
    where = f"{host}:{port}"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return await _answered(where) or HttpSeen(where, "not-ours", error.strerror or "")
    return HttpSeen(where, "nobody")


async def _answered(where: str) -> HttpSeen | None:
    """Who answers, if anybody does."""
    patience = aiohttp.ClientTimeout(total=PATIENCE_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=patience) as session,
            session.get(f"http://{where}/health/ready") as answer,
        ):
            told = await answer.json(content_type=None)
            return HttpSeen(where, "ready" if answer.status == 200 else "not-ready", str(told["why"]))
    except aiohttp.ClientConnectorError:
        return None
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError):
        return HttpSeen(where, "another")
