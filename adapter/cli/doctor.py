"""`iplos-adapter doctor`: is everything in place, and if not, what to do first."""

from collections import Counter
from datetime import UTC, datetime
from typing import Annotated, Literal

import typer

from adapter.cli.console import AsJson, ConfigPath, Exit, out, print_json, run_async, settings
from adapter.cli.progress import bar
from adapter.doctor.check import Check, Verdict, todo_list
from adapter.doctor.examine import examine

# Principals of topics/topics.toml that run this program.
Who = Literal["adapter", "drift", "mangelrapport", "revisor"]


def doctor(
    principal: Annotated[
        Who, typer.Option(help="Whose accesses to look for: the principal this configuration logs in as.")
    ] = "adapter",
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Look at configuration, keys, cluster, state, year pack and machine, and say what to do, in order.

    Changes nothing. `unknown` is what cannot be seen from here, or with these accesses. Exit code 1 when something is
    wrong, Kafka that is not reached included.

    Example: iplos-adapter doctor
    """
    loaded = settings(config)
    with bar("reading the state") as progress:
        checks = run_async(lambda: examine(loaded, principal, datetime.now(UTC), progress))
    verdicts = Counter(one.verdict for one in checks)
    if as_json:
        print_json({"checks": [one._asdict() for one in checks], "todo": todo_list(checks), "counts": verdicts})
    else:
        _print(checks, verdicts)
    if verdicts["wrong"]:
        raise typer.Exit(Exit.FINDINGS)


def _print(checks: list[Check], verdicts: Counter[Verdict]) -> None:
    for one in checks:
        _line(f"{one.verdict:<8} {one.code:<18} {one.text}")
    for number, todo in enumerate(todo_list(checks), start=1):
        if number == 1:
            _line("\nTo do, in this order:")
        _line(f"{number:>3}. {todo}")
    _line(f"\n{len(checks)} checks: " + ", ".join(f"{number} {verdict}" for verdict, number in verdicts.items()))


def _line(text: str) -> None:
    out.print(text, markup=False, highlight=False, soft_wrap=True)
