"""A command held against what is there, without running it: its names, its options, the files it wants."""

import re
import shlex
from collections.abc import Iterator
from itertools import pairwise

from tests.docs.commands import PROJECT, Command
from tests.docs.ours import read_words
from tests.docs.table import PROGRAMS

_MAKEFILE = (PROJECT / "Makefile").read_text("utf-8")
# Options of other programs that name a file or a folder of the project.
_OF_THE_PROJECT = {"-r", "-f", "--kustomize"}


def faults(command: Command) -> list[str]:
    """Sentences that say where and what is wrong, as far as it can be seen from outside; none when all is well."""
    found: list[str] = []
    for part in re.split(r" && | \| | -- ", command.text):
        words = shlex.split(re.sub(r" >\s?\S+", "", part))
        while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
            words.pop(0)
        found += _of(words, whole=not command.inline)
    return [f"{command.where}: {fault}" for fault in found]


def _of(words: list[str], *, whole: bool) -> Iterator[str]:
    match words:
        case ["iplos-adapter", *rest]:
            read = read_words(rest)
            if told := read.wrong or (read.lacking if whole else ""):
                yield f"{told} Correct the document; --help tells what there is."
        case ["make", *rest]:
            yield from _of_make(rest)
        case ["python", "-m", module, *rest]:
            yield from _of_module(module, rest)
        case [program, *rest] if program in PROGRAMS:
            for option, value in pairwise(rest):
                if option in _OF_THE_PROJECT and not (PROJECT / value).exists():
                    yield f"there is no {value} in the project. Correct the document."
        case _:
            yield (
                "no class of commands has it. Correct the document; or add the program to PROGRAMS in "
                "tests/docs/table.py, and to NOT_RUN with the reason if the tests cannot run it."
            )


def _of_make(words: list[str]) -> Iterator[str]:
    for word in words:
        name, setting, _ = word.partition("=")
        if setting and f"$({name})" not in _MAKEFILE:
            yield f"the Makefile has no setting {name}. Correct the document."
        if not setting and not re.search(rf"^{re.escape(name)}:", _MAKEFILE, re.MULTILINE):
            yield f"the Makefile has no target {name}. Correct the document."


def _of_module(module: str, words: list[str]) -> Iterator[str]:
    source = _source(module)
    if not source:
        yield f"there is no {module} that Python could run. Correct the document."
    elif unknown := [one for one in words if one.startswith("--") and one != "--help" and f'"{one}"' not in source]:
        yield f"it has no option {', '.join(unknown)}. Correct the document; --help tells what there is."


def _source(module: str) -> str:
    """What `python -m` would run. Read, not asked: it might do its work, or lack packages."""
    path = PROJECT / module.replace(".", "/")
    found = [one for one in (path / "__main__.py", path.with_suffix(".py")) if one.is_file()]
    return found[0].read_text("utf-8") if found else ""
