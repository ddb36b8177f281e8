"""Where the scenarios play: one house on a broker of its own, and what they leave behind that is no file or topic."""

import asyncio
import json
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from adapter.sandbox import KafkaSandbox
from tests.integration.house import House, Service

PROGRAM = str(Path(sys.executable).with_name("iplos-adapter"))
PATHS = ("/metrics", "/health/live", "/health/ready")


@dataclass(slots=True)
class Stage:
    """`given` holds files that tests wrote, `left` what programs wrote; only the second is searched."""

    house: House
    kafka: KafkaSandbox
    given: Path
    left: Path
    services: list[Service] = field(default_factory=list)
    answers: dict[str, bytes] = field(default_factory=dict)
    echoes: dict[str, bytes] = field(default_factory=dict)
    said: dict[str, bytes] = field(default_factory=dict)
    shown: dict[str, bytes] = field(default_factory=dict)
    spools: dict[str, bytes] = field(default_factory=dict)

    def start(self, *command: str) -> Service:
        """A process of the service, or of another program."""
        self.services.append(self.house.start(*command))
        return self.services[-1]

    async def listen(self, service: Service, when: str, more: Iterable[str] = ()) -> None:
        """Keep what the service answers over HTTP now, headers included."""
        async with aiohttp.ClientSession(f"http://127.0.0.1:{service.port}") as session:
            for path in (*PATHS, *more):
                async with session.get(path) as answer:
                    head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
                    # Named by its number: a path of the test may hold what is looked for.
                    self.answers[f"{when}, answer {len(self.answers)}"] = head.encode() + b"\n\n" + await answer.read()

    async def run(self, *lines: Sequence[str], to: dict[str, bytes] | None = None) -> list[int]:
        """Command lines one after another; their exit codes. What they say is kept by number, in `said` or `to`."""
        folder = self.given / f"said-{len(self.said) + len(self.shown)}"
        folder.mkdir()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.security.canary.many_commands", str(folder)),
            env={**os.environ, "IPLOS_CONFIG": str(self.house.file), "COLUMNS": "300"},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        answer, _ = await process.communicate(json.dumps(lines).encode())
        kept = self.said if to is None else to
        kept |= {f"{folder.name}/{path.name}": path.read_bytes() for path in folder.iterdir()}
        codes: list[int] = json.loads(answer)
        return codes

    async def service_ends(self, **environ: str) -> int:
        """Start the service where it cannot run; its exit code."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environ.items():
                patch.setenv(name, value)
            return await self.start().ended(within=120)
