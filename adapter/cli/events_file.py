"""A file of events, one a line, read with a bar that tells how much of it is left."""

from collections.abc import Iterator
from pathlib import Path

from adapter.cli.progress import bar
from adapter.ingest.cloudevent import Delivered
from adapter.ingest.event_lines import read_line


def delivered(path: Path) -> Iterator[Delivered]:
    """Every event of the file, as the bus would deliver it. Raises `OSError`."""
    with path.open("rb") as file, bar(f"reading {path.name}, bytes") as progress:
        total, done = path.stat().st_size, 0
        for line in file:
            done += len(line)
            progress(done, total)
            yield read_line(line)
