"""Where the sandbox keeps its jars and the folders of running brokers."""

import os
from collections.abc import Mapping
from pathlib import Path


def sandbox_folder(environ: Mapping[str, str] = os.environ, start: Path | None = None) -> Path:
    """`IPLOS_SANDBOX_DIR`, or `.sandbox` beside the nearest pyproject.toml upwards, or `.sandbox` here."""
    if chosen := environ.get("IPLOS_SANDBOX_DIR"):
        return Path(chosen).expanduser().resolve()
    here = (start or Path.cwd()).resolve()
    project = next((folder for folder in (here, *here.parents) if (folder / "pyproject.toml").is_file()), here)
    return project / ".sandbox"
