"""How far something has come, on standard error: a bar on a terminal, else a plain line now and then.

Nothing is said of what takes less than two seconds where there is no terminal, so that a log has what it needs.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from adapter.cli.console import err

SILENT_SECONDS = 2.0
BETWEEN_LINES_SECONDS = 10.0
# A bar is drawn ten times a second; to be told of every event in between would cost more than reading it.
BETWEEN_LOOKS_SECONDS = 0.1

# Done, and in all (None: nobody knows).
Progress: TypeAlias = Callable[[int, int | None], None]
Say: TypeAlias = Callable[[str], None]


@contextmanager
def bar(text: str) -> Iterator[Progress]:
    """The progress of one thing."""
    with stages(text) as tell:
        yield lambda done, total: tell(text, done, total)


@contextmanager
def stages(text: str) -> Iterator[Callable[[str, int, int | None], None]]:
    """The progress of something that goes by several names on its way."""
    if not err.is_terminal:
        yield PlainLines(_print).tell
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    # What is printed meanwhile goes where it was to go, which may be a file.
    with Bar(*columns, console=err, transient=True, redirect_stdout=False) as shown:
        task = shown.add_task(text, total=None)
        due = 0.0

        def tell(name: str, done: int, total: int | None) -> None:
            nonlocal due
            now = time.monotonic()
            if now >= due:
                due = now + BETWEEN_LOOKS_SECONDS
                shown.update(task, description=name, completed=done, total=total)

        yield tell


class PlainLines:
    """Says how far it is, at most every ten seconds, and not before two have gone."""

    def __init__(self, say: Say, clock: Callable[[], float] = time.monotonic) -> None:
        self._say = say
        self._clock = clock
        self._next = clock() + SILENT_SECONDS

    def tell(self, name: str, done: int, total: int | None) -> None:
        """Take note, and say it if it is time."""
        now = self._clock()
        if now >= self._next:
            self._next = now + BETWEEN_LINES_SECONDS
            self._say(f"{name}: {done:,} of {total:,}" if total else f"{name}: {done:,}")


def _print(line: str) -> None:
    err.print(line, markup=False, highlight=False, soft_wrap=True)
