"""`python -m adapter.demo`: the main job from end to end; exit code 0 when everything adds up, else 1."""

import argparse
import signal
import sys
from pathlib import Path

from aiokafka.errors import KafkaError
from rich.console import Console

from adapter.demo.checks import judge
from adapter.demo.play import play
from adapter.demo.service import DemoError
from adapter.demo.steps import Steps
from adapter.demo.tables import events_table, messages_table, verdicts_table
from adapter.sandbox import SandboxError


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m adapter.demo", description="A made-up 2018, end to end.")
    parser.add_argument("--persons", type=int, default=2_000, help="how many recipients (2000)")
    parser.add_argument("--out", type=Path, default=Path("demo-out"), help="where messages and reports go (demo-out)")
    chosen = parser.parse_args()
    # SIGTERM ends broker and service the way Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console = Console(highlight=False)
    console.print("[bold]iplos-adapter[/bold]: a made-up 2018 through a real service on a real Kafka\n")
    try:
        return demo(chosen.persons, chosen.out, console)
    except KeyboardInterrupt:
        return 130
    except (SandboxError, DemoError, KafkaError, OSError) as error:
        lines = [str(error) or type(error).__name__, *getattr(error, "__notes__", [])]
        console.print("FAILED: " + "\n".join(lines), style="bold red", markup=False, soft_wrap=True)
        return 1


def demo(persons: int, out: Path, console: Console) -> int:
    """Play, judge, show."""
    steps = Steps(console)
    evidence = play(persons, out, steps)
    verdicts = judge(evidence)
    broken = [verdict for verdict in verdicts if verdict.off]
    for table in (events_table(evidence), messages_table(evidence.runs), verdicts_table(verdicts)):
        console.print()
        console.print(table)
    if broken:
        named = "; ".join(f"«{verdict.promise}»" for verdict in broken)
        console.print(f"FAILED: {len(broken)} of {len(verdicts)} promises not kept: {named}", style="bold red")
        return 1
    kept = f"{len(verdicts)} promises kept in {steps.seconds:.1f} s"
    console.print(f"\n[bold green]Everything adds up[/]: {kept}. Messages and reports are in {out}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
