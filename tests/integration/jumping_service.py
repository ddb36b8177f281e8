"""The service on a machine whose wall clock jumps: whatever any library asks the time of goes by CLOCK_FILE as well.

The clock runs on from the moment that the file holds. Monotonic clocks are as ever, as on a real machine.
"""

import os
import runpy
import time
from datetime import datetime
from pathlib import Path

_real = time.time


def moved_time() -> float:
    """Seconds since 1970 by the clock that was set."""
    file = Path(os.environ["CLOCK_FILE"])
    return datetime.fromisoformat(file.read_text("utf-8")).timestamp() + _real() - file.stat().st_mtime


if __name__ == "__main__":
    # Before anything else is imported: some keep the function they find, and the Kafka client's compiled parts would
    # ask the machine itself.
    time.time = moved_time
    os.environ["AIOKAFKA_NO_EXTENSIONS"] = "1"
    runpy.run_module("tests.integration.clocked_service", run_name="__main__")
