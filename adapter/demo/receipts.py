"""Wait until the ledger has the register's answers."""

import time
from pathlib import Path

import msgspec

from adapter.demo.service import DemoError, command

ANSWERED_WITHIN = 30.0
BETWEEN_LOOKS = 0.5


def wait_for_receipts(config: Path, sent: int) -> dict[str, str]:
    """How each sent run stands, by its id, once all of them are answered."""
    deadline = time.monotonic() + ANSWERED_WITHIN
    while True:
        listed = msgspec.json.decode(command(config, "runs", "list", "--json"))
        stands = {run["kjoring"]: run["tilstand"] for run in listed if run["status"] == "sendt"}
        if len(stands) == sent and "sendt" not in stands.values():
            return stands
        if time.monotonic() > deadline:
            raise DemoError(f"not all runs were receipted within {ANSWERED_WITHIN:.0f} s: {stands}")
        time.sleep(BETWEEN_LOOKS)
