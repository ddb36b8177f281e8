"""`iplos-adapter ...` read by the program's own parser, without running it."""

import shlex
from functools import cache
from typing import Any, NamedTuple

import typer.main
from typer.exceptions import TyperException

from adapter.cli.main import cli
from tests.docs.commands import Command


class Read(NamedTuple):
    """What the parser says: what is wrong with the words, and what must be said besides."""

    wrong: str = ""
    lacking: str = ""


def read_words(words: list[str]) -> Read:
    """The words after `iplos-adapter`."""
    found = _whole()
    path, rest = ["iplos-adapter"], list(words)
    while rest and hasattr(found, "commands") and not rest[0].startswith("-"):
        if rest[0] not in found.commands:
            return Read(wrong=f"`{' '.join(path)}` has no command `{rest[0]}`.")
        path.append(rest[0])
        found = found.commands[rest.pop(0)]
    name = " ".join(path)
    try:
        given, over, _ = found.make_parser(found.context_class(found, info_name=name)).parse_args(rest)
    except TyperException as error:
        said = f"`{name}`: {error.format_message()}"
        return Read(lacking=said) if "requires an argument" in said else Read(wrong=said)
    if over:
        return Read(wrong=f"`{name}` does not know what to do with `{' '.join(over)}`.")
    lacking = [one.opts[0] for one in found.params if one.required and given.get(one.name) in {None, ()}]
    if hasattr(found, "commands"):
        lacking.append("a command")
    if lacking and not given.get("help") and not any(word in {"--install-completion", "--version"} for word in rest):
        return Read(lacking=f"`{name}` must be told {', '.join(lacking)}.")
    return Read()


@cache
def _whole() -> Any:
    return typer.main.get_command(cli)


def is_name(command: Command) -> bool:
    """Between backticks a command may be no more than its name, without what it must be told."""
    words = shlex.split(command.text)
    return command.inline and words[0] == "iplos-adapter" and bool(read_words(words[1:]).lacking)
