"""What the demo is doing, a line for each step with its seconds; a spinner where somebody watches."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.table import Table


class Step:
    """A step under way; `note` is what the finished line says besides the title."""

    def __init__(self) -> None:
        self.note = ""


class Steps:
    """Prints to a terminal with spinner and colour, to a file or a pipe as plain lines."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        """Since the first step began."""
        return time.monotonic() - self._began

    @contextmanager
    def __call__(self, title: str) -> Iterator[Step]:
        """`with steps("Starting Kafka") as step: ...; step.note = "127.0.0.1:20123"`"""
        step, began = Step(), time.monotonic()
        with self._console.status(f"{escape(title)} …"):
            yield step
        line = Table.grid(padding=(0, 1), expand=False)
        line.add_column(width=1)
        line.add_column(width=24, no_wrap=True)
        line.add_column(justify="right", width=7, no_wrap=True)
        line.add_column(overflow="fold")
        line.add_row("[green]✓", escape(title), f"{time.monotonic() - began:.1f} s", f"[dim]{escape(step.note)}")
        self._console.print(line)
