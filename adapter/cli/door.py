"""What stands before and behind every command: no identity number comes in, and no error's text goes out."""

import traceback
from types import TracebackType
from typing import Any

from typer.core import TyperGroup

from adapter.cli.console import Exit, err, fail
from adapter.domain.identity import looks_like_identity


class Door(TyperGroup):
    """Turns identity numbers away before any command sees them: a command line stands in histories and process lists,
    and an error about it would repeat it.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The arguments, if none holds an identity number; else one sentence and exit code 2."""
        if any(map(looks_like_identity, args)):
            text = "An identity number has no place on a command line: say it without; a file may need another name."
            fail(text, Exit.USAGE)
        return super().parse_args(ctx, args)


def last_word(kind: type[BaseException], _: BaseException, trace: TracebackType | None) -> None:
    """A defect of ours: its place and type, without the error's text, which quotes what could not be read."""
    err.print("".join(traceback.format_tb(trace)) + kind.__name__, markup=False, highlight=False, soft_wrap=True)
