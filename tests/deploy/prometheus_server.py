"""A real Prometheus with the shipped rules, on a port of its own, gone with the test.

The rules are the shipped ones with their waiting times shortened, and nothing else: nobody waits ten minutes in a test.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp
import yaml

from adapter.sandbox import leash
from adapter.sandbox.ports import free_ports
from tests.deploy.place import RULES, program, promtool, read

_MILLISECONDS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
WAITS = ("for", "keep_firing_for")


class Alert(NamedTuple):
    """An alert that fires."""

    name: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]


def shortened(rules: Mapping[str, Any], times: int) -> dict[str, Any]:
    """The same rules with every wait so many times shorter."""
    short = deepcopy(dict(rules))
    for group in short["groups"]:
        for rule in group["rules"]:
            for name in WAITS:
                if name in rule:
                    number, unit = re.fullmatch(r"(\d+)(ms|s|m|h|d)", rule[name]).groups()  # type: ignore[union-attr]
                    rule[name] = f"{int(number) * _MILLISECONDS[unit] // times}ms"
    return short


class PrometheusServer:
    """What it knows, asked over HTTP."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}"

    async def ready(self) -> bool:
        try:
            async with aiohttp.ClientSession() as session, session.get(f"{self._url}/-/ready") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    async def firing(self) -> list[Alert]:
        """Every alert that fires now."""
        found = (await self._get("alerts"))["alerts"]
        return [Alert(one["labels"]["alertname"], one["labels"], one["annotations"]) for one in found if _fires(one)]

    async def troubles(self) -> list[str]:
        """The rules whose last evaluation failed, with the error."""
        groups = (await self._get("rules"))["groups"]
        return [
            f"{rule['name']}: {rule['lastError']}" for one in groups for rule in one["rules"] if rule.get("lastError")
        ]

    async def query(self, expression: str) -> list[Mapping[str, str]]:
        """The labels of every series that the expression gives now."""
        return [one["metric"] for one in (await self._get("query", query=expression))["result"]]

    async def _get(self, what: str, **parameters: str) -> Any:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{self._url}/api/v1/{what}", params=parameters) as answer,
        ):
            return (await answer.json())["data"]


def _fires(alert: Mapping[str, Any]) -> bool:
    return bool(alert["state"] == "firing")


@contextmanager
def prometheus(folder: Path, job: str, targets: Sequence[str], times: int) -> Iterator[PrometheusServer]:
    """A server that looks at the targets every second and ends with the block."""
    (folder / "rules").mkdir()
    for path in RULES:
        (folder / "rules" / path.name).write_text(yaml.safe_dump(shortened(read(path), times)), "utf-8")
    config = folder / "prometheus.yml"
    scrape = {"job_name": job, "static_configs": [{"targets": list(targets)}]}
    pace = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    whole = {"global": pace, "rule_files": [f"{folder}/rules/*.yaml"], "scrape_configs": [scrape]}
    config.write_text(yaml.safe_dump(whole), "utf-8")
    promtool("check", "config", config)
    [port] = free_ports(1)
    command = [
        str(program("prometheus")),
        f"--config.file={config}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    held = [sys.executable, "-I", "-S", leash.__file__, str(os.getpid())]
    with (folder / "prometheus.log").open("wb") as log:
        process = subprocess.Popen([*held, *command], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder)
    try:
        yield PrometheusServer(port)
    finally:
        process.kill()
        process.wait()
