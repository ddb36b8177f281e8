"""The limit of building: the same bytes rendered from ready templates, and validated by libxml2's SAX side alone.

What is built is taken apart first, outside the clock: a template for each person with a hole for each value. Rendering
is then filling the holes, joining and encoding; validating is one pass over each whole message, no tree, nothing told.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from lxml import etree

from adapter.packs import load_pack, pack_folder
from tests.bench.contenders.build import YEAR, Kept, pairs, population_of, read_states
from tests.bench.contenders.job import Job, answer, job
from tests.bench.sample import Sample, Stopwatch, cpu_seconds

_VALUE = re.compile(r'(?<=>)[^<\n]+(?=<)|(?<=")[^"]*(?=")')
# Lines filled at a time, as many as the builder has persons in one look.
TOGETHER = 200


class Template(NamedTuple):
    """Text with holes, and what goes into them."""

    text: str
    values: tuple[str, ...]


def taken_apart(message: bytes) -> list[Template]:
    """The message as templates, one for each person: in both formats a line ends where a person does."""
    pieces = re.split(r"(?<=</PERSON>\n)|(?<=/>\n)", message.decode())
    return [Template(_VALUE.sub("%s", one.replace("%", "%%")), tuple(_VALUE.findall(one))) for one in pieces]


def rendered(templates: Sequence[Template]) -> list[bytes]:
    """The message again."""
    return [
        "".join([one.text % one.values for one in templates[start : start + TOGETHER]]).encode()
        for start in range(0, len(templates), TOGETHER)
    ]


class Silent:
    """A target that wants to hear of nothing."""

    def close(self) -> None: ...


def validate(message: Sequence[bytes], schema: etree.XMLSchema) -> None:
    """One pass. Raises when libxml2 refuses anything: such a parser never does so by itself."""
    parser = etree.XMLParser(schema=schema, target=Silent())  # type: ignore[arg-type]  # none of the methods is a must
    for block in message:
        parser.feed(block)
    parser.close()
    if len(parser.error_log):
        raise RuntimeError("the limit was measured over a message that is not valid")


def limit(told: Job) -> Sample:
    """Both messages of every unit."""
    population = population_of(told.config(), read_states(told))
    fmt, folder = load_pack(YEAR).melding, pack_folder(YEAR)
    if fmt is None:
        raise RuntimeError("the reference year has a format")
    schemas = [etree.XMLSchema(file=str(folder / one)) for one in (fmt.xsd_sending_fag, fmt.xsd_sending_ident)]
    messages: list[tuple[bytes, list[Template], etree.XMLSchema]] = []
    sent = 0
    for builder in pairs(told, population):
        sinks = Kept(), Kept()
        for _ in builder.run(*sinks):
            pass
        sent += builder.resultat.personer_sendt
        whole = [b"".join(sink.blocks) for sink in sinks]
        messages += [(one, taken_apart(one), schema) for one, schema in zip(whole, schemas, strict=True)]
    if any(b"".join(rendered(templates)) != message for message, templates, _ in messages):
        raise RuntimeError("the templates do not give the message back")
    watch, begun = Stopwatch(), cpu_seconds()
    ready = [(rendered(templates), schema) for _, templates, schema in messages]
    rendering = cpu_seconds() - begun
    for message, schema in ready:
        validate(message, schema)
    return watch.sample(sent, {"rendering": rendering, "validating": cpu_seconds() - begun - rendering})


if __name__ == "__main__":
    answer(limit(job()))
