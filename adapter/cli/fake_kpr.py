"""`iplos-adapter fake-kpr`: a stand-in for the register."""

import asyncio
import signal
from pathlib import Path
from typing import Annotated

import typer

from adapter.cli.console import AsJson, ConfigPath, Exit, fail, out, print_json, run_async, settings
from adapter.fake_kpr.behaviour import BehaviourError, Plans, parse_plans
from adapter.fake_kpr.desk import Desk, Regnskap
from adapter.fake_kpr.service import FakeKpr, Options
from adapter.ops import logs
from adapter.settings.config import Config


def fake_kpr(
    out_dir: Annotated[Path, typer.Option("--out", help="Folder for what is received.")],
    behave: Annotated[
        list[str] | None,
        typer.Option(
            help="ok, reject:T02, silent, twice, contradict:T02, late:SECONDS, garbage; several with commas, "
            "for one type KPR_IDE=…; may be repeated."
        ),
    ] = None,
    once: Annotated[int | None, typer.Option(min=1, help="End after so many messages; without it on SIGTERM.")] = None,
    answer_production: Annotated[
        bool, typer.Option("--answer-production", help="Answer messages that were sent for real, too.")
    ] = False,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Take dispatches from the transport topics as a register would, and answer with receipts. For tests and demos.

    Exit code 1 when a message was not valid or a pair did not fit. Example: iplos-adapter fake-kpr --out received
    """
    loaded = settings(config)
    try:
        plans = parse_plans(behave or [])
    except BehaviourError as error:
        fail(str(error), Exit.USAGE)
    logs.configure("INFO")
    regnskap = run_async(lambda: _run(loaded, out_dir, plans, Options(once=once, production=answer_production)))
    if as_json:
        print_json(regnskap.as_dict())
    else:
        answers = ", ".join(f"{count} {said}" for said, count in sorted(regnskap.svar.items())) or "none"
        out.print(
            f"{regnskap.meldinger} messages, {regnskap.ugyldige} not valid; {regnskap.par} pairs, "
            f"{regnskap.par_med_feil} that do not fit; answers: {answers}",
            markup=False,
            highlight=False,
        )
    if not regnskap.faultless:
        raise typer.Exit(Exit.FINDINGS)


async def _run(config: Config, out_dir: Path, plans: Plans, options: Options) -> Regnskap:
    extra = Path(config.pakker) if config.pakker else None
    service = FakeKpr(config.kafka, config.topics, Desk(out_dir, plans, extra), options)
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, service.stop)
    return await service.run()
