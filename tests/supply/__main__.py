"""`python -m tests.supply [--require-reach]`: pip-audit over every lock, and what its answer is worth.

Its services are asked in turn; the first that audits anything is judged. Exit code 0 when all is clean, and when no
service could be reached, which is said loudly; 1 when something must be done, and, with `--require-reach` or
AUDIT_REQUIRE_REACH=1, when nothing was audited.
"""

import argparse
import os
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import assert_never

import msgspec

from tests.supply.audit import Accepted, Clean, Failed, NotAudited, Reply, Verdict, judge
from tests.supply.locks import REQUIREMENTS, read_lock

SERVICES = ("pypi", "osv")
# An environment of its own, with other versions of some packages: pip-audit takes one version of each.
APART = "bench.lock"
TIMEOUT = 900


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(description="Known vulnerabilities of what is locked.")
    parser.add_argument("--require-reach", action="store_true", default=os.environ.get("AUDIT_REQUIRE_REACH") == "1")
    required = parser.parse_args().require_reach
    together = sorted(lock for lock in REQUIREMENTS.glob("*.lock") if lock.name != APART)
    return max(told(verdict_of(locks), required=required) for locks in (together, [REQUIREMENTS / APART]))


def verdict_of(locks: list[Path]) -> Verdict:
    """What came of auditing these locks, which agree on versions."""
    locked = {one.name for lock in locks for one in read_lock(lock.read_text("utf-8"))}
    accepted = read_exceptions(REQUIREMENTS / "exceptions.toml")
    verdict: Verdict = NotAudited("")
    for service in SERVICES:
        verdict = judge(ask(service, locks), locked, accepted, datetime.now(UTC).date())
        if not isinstance(verdict, NotAudited):
            break
        _say(f"pip-audit, service {service}: {verdict.said}")
    return verdict


def told(verdict: Verdict, *, required: bool) -> int:
    """Say what came of it; the exit code."""
    match verdict:
        case Clean(said):
            _say(f"audit: clean, {said}")
            return 0
        case NotAudited(said):
            _say(f"{said}. What is locked may have known vulnerabilities: run `make audit` where a service answers.")
            return int(required)
        case Failed(faults):
            for fault in faults:
                _say(f"audit: {fault}")
            return 1
        case never:
            assert_never(never)


def ask(service: str, locks: list[Path]) -> Reply:
    """What pip-audit says for these locks together."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes"),
            *(f"--requirement={lock}" for lock in locks),
            *(f"--vulnerability-service={service}", "--format=json", "--progress-spinner=off"),
        ],
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    return Reply(done.stdout, done.stderr)


def read_exceptions(path: Path) -> list[Accepted]:
    """The accepted vulnerabilities. Raises `msgspec.ValidationError` for an entry that is not complete."""
    return msgspec.convert(tomllib.loads(path.read_text("utf-8")).get("exception", []), list[Accepted])


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201  # what the target is for


if __name__ == "__main__":
    sys.exit(main())
