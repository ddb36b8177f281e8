"""The service as a process of its own, and the commands given to it: the demo goes in by the doors everybody uses."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Self

from prometheus_client.parser import text_string_to_metric_families

from adapter.sandbox import leash
from adapter.sandbox.ports import HOST

READY_WITHIN = 60.0
STOPPED_WITHIN = 10.0
COMMAND_WITHIN = 300


class DemoError(Exception):
    """The demo cannot go on; the text says why and where to look."""


def program() -> str:
    """The installed command, from the same environment as this."""
    return str(Path(sys.executable).with_name("iplos-adapter"))


def environment(config: Path) -> dict[str, str]:
    """Ours, without settings of whoever runs the demo."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("IPLOS_")}
    return {**kept, "IPLOS_CONFIG": str(config)}


def command(config: Path, *arguments: str) -> str:
    """Run `iplos-adapter ...` to its end; what it printed. Raises `DemoError` when it does not end well."""
    done = subprocess.run(  # noqa: S603  # our own program
        [program(), *arguments],
        env=environment(config),
        capture_output=True,
        text=True,
        timeout=COMMAND_WITHIN,
        check=False,
    )
    if done.returncode != 0:
        raise DemoError(f"iplos-adapter {' '.join(arguments)} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


class Service:
    """`iplos-adapter run` for the length of a `with` block. It cannot outlive the demo."""

    def __init__(self, config: Path, port: int, log: Path) -> None:
        self._config, self._port, self._log = config, port, log

    def __enter__(self) -> Self:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603  # our own program
                [sys.executable, leash.__file__, str(os.getpid()), program(), "run"],
                env=environment(self._config),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def wait_until_ready(self) -> None:
        """Until `/health/ready` says so: joined, restored and moving."""
        deadline = time.monotonic() + READY_WITHIN
        while self._get("/health/ready")[0] != http.client.OK:
            if self._process.poll() is not None:
                raise DemoError(f"the service ended with {self._process.returncode}; see {self._log}")
            if time.monotonic() > deadline:
                raise DemoError(f"the service was not ready in {READY_WITHIN:.0f} s; see {self._log}")
            time.sleep(0.1)

    def metrics(self) -> str:
        """What Prometheus would read now."""
        status, text = self._get("/metrics")
        if status != http.client.OK:
            raise DemoError(f"/metrics answered {status}; see {self._log}")
        return text

    def stop(self) -> tuple[int, float]:
        """Ask it to stop, as a supervisor does: exit code and seconds. Killed, if it takes far too long."""
        asked = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        try:
            code = self._process.wait(2 * STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        return code, time.monotonic() - asked

    def _get(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection(HOST, self._port, timeout=5)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except OSError:
            return 0, ""
        finally:
            connection.close()


def events_by_outcome(metrics: str) -> dict[str, int]:
    """Events the service counted, by outcome and code, as the offline path names them."""
    found: Counter[str] = Counter()
    for family in text_string_to_metric_families(metrics):
        for sample in family.samples:
            if sample.name == "iplos_events_total":
                found[":".join(filter(None, (sample.labels["outcome"], sample.labels["code"])))] += int(sample.value)
    return dict(sorted(found.items()))
