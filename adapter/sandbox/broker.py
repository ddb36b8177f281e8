"""One broker process: its folder, its log, its birth and its end."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from adapter.sandbox import leash
from adapter.sandbox.error import SandboxError
from adapter.sandbox.settings import Node, as_properties

# Small heap, the simplest collector and only the quick compiler: ready in three seconds instead of four and a half,
# format included.
JVM = ("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Djava.net.preferIPv4Stack=true")
LOGGING = (
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
)
TAIL = 15


class Broker:
    """Started again after `kill` or `stop`, it has the same ports and the same data."""

    def __init__(self, node: Node, folder: Path, java: Path, jars: Sequence[Path], data: Path | None = None) -> None:
        self.node = node
        self.log = folder / "kafka.log"
        self.data = data or folder / "data"
        self._properties = folder / "server.properties"
        self._scratch = folder / "tmp"
        classpath = os.pathsep.join(map(str, jars))
        self._java = [str(java), *JVM, *LOGGING, f"-Djava.io.tmpdir={self._scratch}", "-cp", classpath]
        self._process: subprocess.Popen[bytes] | None = None

    def format(self, cluster_id: str, settings: Mapping[str, str], users: Mapping[str, str]) -> None:
        self._scratch.mkdir(parents=True)
        self._properties.write_text(as_properties(settings))
        # With "=", because one id in 64 begins with "-" and would be taken for an option.
        arguments = ["kafka.tools.StorageTool", "format", f"--cluster-id={cluster_id}", "-c", str(self._properties)]
        for user, password in users.items():
            for mechanism in ("SCRAM-SHA-512", "SCRAM-SHA-256"):
                arguments += ["--add-scram", f"{mechanism}=[name={user},password={password}]"]
        with self.log.open("ab") as log:
            done = subprocess.run(  # noqa: S603 - our own command, no shell
                [*self._java, *arguments], stdout=log, stderr=log, stdin=subprocess.DEVNULL, check=False, timeout=60
            )
        if done.returncode != 0:
            raise SandboxError(f"Kafka could not prepare its data folder.\n{self.last_words()}")

    def start(self) -> None:
        """Ask from a thread that lives as long as the broker shall: on Linux the broker ends with it."""
        held = [sys.executable, "-I", "-S", leash.__file__, str(os.getpid())]
        with self.log.open("ab") as log:
            # A session of its own: Ctrl-C reaches us, and we stop the broker in order.
            self._process = subprocess.Popen(  # noqa: S603 - our own command, no shell
                [*held, *self._java, "kafka.Kafka", str(self._properties)],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def wait(self) -> None:
        if self._process:
            self._process.wait()

    def ask_to_stop(self) -> None:
        if self._process:
            self._process.terminate()

    def stop(self, within: float) -> None:
        """SIGTERM, and after `within` seconds SIGKILL."""
        if self._process is None:
            return
        self.ask_to_stop()
        try:
            self._process.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()

    def last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines() if self.log.is_file() else []
        return "\n".join([f"Its log: {self.log}, ending with:", *(f"  {line}" for line in lines[-TAIL:])])
