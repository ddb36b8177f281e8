"""Write the golden files anew: `python -m tests.golden.renew`.

Never run by a test. Read every changed line of `git diff tests/golden` against README.md before keeping it.
"""

import sys
import tempfile
from pathlib import Path

from tests.golden.building import GOLDEN, NAMES, build_in, history


def main() -> None:
    """Build in a passing folder, then replace the three files."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in zip(NAMES, build_in(Path(folder), history()), strict=True):
            (GOLDEN / name).write_bytes(content)
    sys.stdout.write("written; now read the difference line by line: git diff tests/golden\n")


if __name__ == "__main__":
    main()
