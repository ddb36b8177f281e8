"""The service with a clock that the test moves: the moment stands in the file that CLOCK_FILE names."""

import os
from datetime import datetime
from pathlib import Path

from adapter.host import app
from adapter.ops import logs
from adapter.settings.config import load


def moved_clock() -> datetime:
    """The moment the test has set."""
    return datetime.fromisoformat(Path(os.environ["CLOCK_FILE"]).read_text("utf-8"))


if __name__ == "__main__":
    logs.configure()
    app.host(app.make_app(load(Path(os.environ["IPLOS_CONFIG"])), moved_clock))
