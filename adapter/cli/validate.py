"""`iplos-adapter validate`: check XML files of any of the kinds this program knows."""

from pathlib import Path
from typing import Annotated, Any

import typer
from lxml import etree

from adapter.cli.console import AsJson, Exit, out, print_json
from adapter.cli.progress import bar
from adapter.message.explain import explain
from adapter.message.gate import Gate
from adapter.message.kinds import DoctypeError, kind_of, schema_path
from adapter.shipped import shipped


def validate(
    paths: Annotated[list[Path], typer.Argument(help="XML files: KPR_IPL, KPR_IDE (with or without MsgHead), AppRec.")],
    as_json: AsJson = False,
) -> None:
    """Say whether each file is valid, by two independent validators, and explain what is wrong.

    Exit code 0 when all are valid, else 1. Example: iplos-adapter validate built/*.xml
    """
    results = []
    with bar("checking files") as progress:
        for number, path in enumerate(paths):
            progress(number, len(paths))
            results.append(_check(path))
    if as_json:
        print_json(results)
    else:
        for one in results:
            verdict = "valid" if one["valid"] else "NOT valid"
            out.print(f"{one['file']}: {verdict} ({one['kind']})", markup=False, highlight=False, soft_wrap=True)
            for fault in one["faults"]:
                where = f"  line {fault['line']}, {fault['element']}: " if fault["line"] else "  "
                out.print(f"{where}{fault['reason']}", markup=False, highlight=False, soft_wrap=True)
    if not all(one["valid"] for one in results):
        raise typer.Exit(Exit.FINDINGS)


def _check(path: Path) -> dict[str, Any]:
    try:
        document = path.read_bytes()
        kind = kind_of(document)
    except OSError as error:
        return _result(path, "unreadable", [(0, "", error.strerror or "cannot be read")])
    except DoctypeError as error:
        return _result(path, "refused", [(0, "", str(error))])
    except etree.XMLSyntaxError as error:
        return _result(path, "not XML", [(error.lineno or 0, "", str(error.msg))])
    if kind is None:
        return _result(path, "unknown", [(0, "", "the root element is of no kind this program knows")])
    schema = schema_path(kind, shipped("schemas"))
    problems = Gate(schema).problems(document)
    faults = [(one.line, one.element, one.reason) for one in explain(document, schema)] if problems else []
    if problems and not faults:
        faults = [(0, one.element, f"refused by libxml2 alone: {one.type}") for one in problems]
    return _result(path, kind.name, faults)


def _result(path: Path, kind: str, faults: list[tuple[int, str, str]]) -> dict[str, Any]:
    described = [{"line": line, "element": element, "reason": reason} for line, element, reason in faults]
    return {"file": str(path), "kind": kind, "valid": not described, "faults": described}
