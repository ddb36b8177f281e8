"""Whole fetched files through a validator that is not the one that gated them.

The gate is libxml2, in batches of persons. This is xmlschema on Python's own parser (expat): 35 times slower, and with
no line of code in common. Files are judged whole, so that what only shows in the whole (a pid twice) shows here.
"""

import multiprocessing
import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import xmlschema
from xmlschema import limits

from adapter.shipped import shipped

_SCHEMAS = {"KPR_IPL": "2018/xsd/sending-ipl.xsd", "KPR_IDE": "2018/xsd/sending-ide.xsd"}
# xmlschema refuses documents of more than a million elements, a guard against strangers. A municipality's message may
# be larger (65 elements a person), and these files are our own.
_MOST_ELEMENTS = 100_000_000
_MOST_FAULTS = 5


def faults_of(path: Path, kind: str) -> list[str]:
    """The first faults of a file, by element and without values; empty for a valid one."""
    limits.MAX_XML_ELEMENTS = _MOST_ELEMENTS
    schema = xmlschema.XMLSchema10(str(shipped("schemas") / _SCHEMAS[kind]), defuse="always", allow="local")
    found: list[str] = []
    try:
        for error in schema.iter_errors(path.read_bytes()):
            found.append(f"{error.path}: {type(error.validator).__name__} refuses it")
            if len(found) >= _MOST_FAULTS:
                break
    except (xmlschema.XMLSchemaException, SyntaxError) as error:
        found.append(f"cannot be read: {type(error).__name__}")
    return found


def second_opinion(files: Iterable[tuple[Path, str]]) -> dict[Path, list[str]]:
    """Faults of each (file, kind), several files at a time; the largest first, since it takes longest."""
    by_size = sorted(files, key=lambda file: -file[0].stat().st_size)
    workers = min(len(by_size), os.cpu_count() or 1)
    if workers < 1:
        return {}
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        return dict(
            zip(
                (path for path, _ in by_size),
                pool.map(faults_of, *zip(*by_size, strict=True)),
                strict=True,
            )
        )
