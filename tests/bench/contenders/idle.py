"""Ours with nothing to do: the service as `iplos-adapter run` starts it, ready, an empty bus, watched from outside.

`pieces` is for how many seconds. The settings are those of an installation; only the port is a free one.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from adapter import settings
from tests.bench.contenders.job import Job, answer, job
from tests.bench.sample import Sample, peak_mb

READY_WITHIN = 120.0
# A start has some work behind it that is done a little later: the first polls, the ticks, the live findings.
SETTLE_SECONDS = 15
TICKS = os.sysconf("SC_CLK_TCK")


def environment(told: Job) -> dict[str, str]:
    """The example's configuration with this broker and these topics."""
    return {
        **os.environ,
        "IPLOS_CONFIG": str(Path(settings.__file__).with_name("eksempel.toml")),
        "IPLOS_KAFKA__BOOTSTRAP": told.bootstrap,
        "IPLOS_KAFKA__GRUPPE": told.group,
        "IPLOS_NOKKELFIL": told.keys,
        "IPLOS_HTTP__PORT": "0",
        **{f"IPLOS_TOPICS__{role.upper()}": topic for role, topic in told.topics.items()},
    }


def cpu_of(pid: int) -> float:
    """Seconds of user and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def watched(told: Job) -> Sample:
    """The service for so many seconds."""
    log = Path(told.folder) / "service.log"
    command = [str(Path(sys.executable).with_name("iplos-adapter")), "run"]
    with log.open("wb") as out:
        service = subprocess.Popen(
            command, env=environment(told), cwd=told.folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
    try:
        deadline = time.monotonic() + READY_WITHIN
        while log.read_text(errors="replace").count('"event": "partition restored"') < told.partitions:
            if service.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the service did not become ready:\n{log.read_text(errors='replace')[-1500:]}")
            time.sleep(0.2)
        time.sleep(min(SETTLE_SECONDS, told.pieces))
        begun, used = time.monotonic(), cpu_of(service.pid)
        time.sleep(told.pieces)
        wall, cpu = time.monotonic() - begun, cpu_of(service.pid) - used
        return Sample(told.pieces, wall, cpu, peak_mb(Path(f"/proc/{service.pid}/status")))
    finally:
        service.send_signal(signal.SIGKILL)
        service.wait()


if __name__ == "__main__":
    answer(watched(job()))
