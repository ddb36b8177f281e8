"""Command lines one after another in one process, each as if it were alone: `many_commands FOLDER < LINES.json`.

What line N writes, a traceback too, goes to FOLDER/N.txt; the exit codes are the last line of standard output.
"""

import json
import os
import sys
from pathlib import Path

from adapter.cli.main import main


def run(line: list[str]) -> int:
    """One command line; its exit code. What nobody caught ends as Python would end it."""
    sys.argv = ["iplos-adapter", *line]
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001  # that it was not caught is what is looked at
        sys.excepthook(*sys.exc_info())
        return 1
    return 0


def redirected(line: list[str], to: Path) -> int:
    """The same, with standard output and standard error in a file."""
    kept = os.dup(1), os.dup(2)
    with to.open("wb") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
        code = run(line)
        sys.stdout.flush()
        sys.stderr.flush()
    for stream, old in zip((1, 2), kept, strict=True):
        os.dup2(old, stream)
        os.close(old)
    return code


if __name__ == "__main__":
    folder, lines = Path(sys.argv[1]), json.load(sys.stdin)
    print(json.dumps([redirected(line, folder / f"{number}.txt") for number, line in enumerate(lines)]))  # noqa: T201
