"""Every command in every document: where it stands, and what one would type.

A command is a line of an indented block or of a block marked `sh`, or stands between backticks and begins with a
program. Blocks without a mark are pictures and printouts.
"""

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt

from tests.docs.table import GROUPS, NO_COMMANDS, PROGRAMS

PROJECT = Path(__file__).parents[2]
# What a line says of the command: behind two blanks, or behind a hash.
_REMARK = re.compile(r"\s+#\s.*$|\s{2,}\S.*$")
_SETTING = re.compile(r"[A-Z_]+=\S*")


class Command(NamedTuple):
    """One command of a document. In the text between backticks it may be no more than a name."""

    document: str
    line: int
    text: str
    inline: bool = False

    @property
    def where(self) -> str:
        return f"{self.document}:{self.line}: `{self.text}`"


@cache
def documents() -> tuple[str, ...]:
    """Every Markdown file of the project, and the alert rules, by its path from the top."""
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md", "deploy/prometheus/rules/*.yaml"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(sorted(tracked.stdout.split()))


@cache
def commands(document: str) -> tuple[Command, ...]:
    """The commands of a document, in its order."""
    text = (PROJECT / document).read_text("utf-8")
    return tuple((read if document.endswith(".md") else read_plain)(document, text))


def files(document: str) -> dict[str, str]:
    """What a document says to save: blocks that have a file name behind their language."""
    text = (PROJECT / document).read_text("utf-8")
    fences = [token for token in MarkdownIt("commonmark").parse(text) if token.type == "fence" and " " in token.info]
    return {token.info.split()[1]: token.content for token in fences}


def read(document: str, text: str) -> Iterator[Command]:
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        first = token.map[0] + 1 if token.map else 0
        match token.type:
            case "code_block":
                yield from _typed(document, first, token.content)
            case "fence" if token.info == "sh":
                yield from _typed(document, first + 1, token.content)
            case "inline":
                for child in token.children or ():
                    if child.type == "code_inline":
                        yield from (Command(document, first, one, inline=True) for one in _named(child.content))


def read_plain(document: str, text: str) -> Iterator[Command]:
    """A file in another format, whose sentences have commands between backticks."""
    for number, line in enumerate(text.splitlines(), start=1):
        for quoted in re.findall(r"`([^`]+)`", line):
            yield from (Command(document, number, one, inline=True) for one in _named(quoted))


def _typed(document: str, first: int, block: str) -> Iterator[Command]:
    if block.startswith(NO_COMMANDS):
        return
    for lines in re.finditer(r"(?:.*\\\n)*.*", block):
        text = " ".join(line.removesuffix("\\").strip() for line in lines[0].splitlines())
        if typed := _REMARK.sub("", text):
            yield Command(document, first + block.count("\n", 0, lines.start()), typed)


def _named(text: str) -> Iterator[str]:
    """`dlq list | show` names two commands; what stands in brackets may be left out, and is kept."""
    first, *others = re.sub(r"(?<!\S)\[(.+?)\](?!\S)", r"\1", text).split(" | ")
    words = first.split()
    program = next((word for word in words if not _SETTING.fullmatch(word)), "")
    if len(words) > 1 and words[0] in GROUPS and words[1].isalpha():
        words.insert(0, "iplos-adapter")
    elif len(words) < 2 or program not in PROGRAMS:  # a program's name alone is no command
        return
    for last in (words[-1], *others):
        yield " ".join((*words[:-1], last))
