"""`iplos-adapter topics`: the topics as `topics/topics.toml` plans them, and as the cluster has them."""

import dataclasses
from typing import Annotated

import msgspec
import typer
from rich.table import Table

from adapter.cli.console import AsJson, ConfigPath, Exit, fail, out, print_json, run_async, settings
from adapter.kafka.topic_acl import acl_commands
from adapter.kafka.topic_admin import AppliedPlan, TopicAdminError
from adapter.kafka.topic_admin import apply as apply_plan
from adapter.kafka.topic_admin import check as check_plan
from adapter.kafka.topic_plan import Difference, TopicPlan
from adapter.settings.config import Config
from adapter.settings.planned_topics import planned

topics = typer.Typer(no_args_is_help=True, help="The topics: list, check, apply.")

Everything = Annotated[
    bool, typer.Option("--all", help="Also those the bus and the transport own, as on a cluster of one's own.")
]


def plan_of(config: Config, *, everything: bool = False) -> TopicPlan:
    """The shipped plan under the installation's own names."""
    plan = planned(config)
    return plan.owning(("buss", "transport")) if everything else plan


@topics.command("list")
def list_topics(config: ConfigPath = None, as_json: AsJson = False) -> None:
    """Print the plan: name, owner, partitions, settings, and who may do what (as kafka-acls commands).

    Example: iplos-adapter topics list
    """
    loaded = settings(config)
    plan = plan_of(loaded)
    commands = list(acl_commands(plan, {}, loaded.kafka.bootstrap, loaded.kafka.gruppe))
    if as_json:
        print_json({"topics": msgspec.to_builtins(plan.topics), "acl": commands})
        return
    table = Table("role", "topic", "owner", "partitions", "settings")
    for role, topic in plan.topics.items():
        partitions = str(topic.partitions or f"as {topic.partitions_as}")
        table.add_row(role, topic.name, topic.owner, partitions, "\n".join(f"{k}={v}" for k, v in topic.config.items()))
    out.print(table)
    for command in commands:
        out.print(command, markup=False, highlight=False, soft_wrap=True)


@topics.command()
def check(everything: Everything = False, config: ConfigPath = None, as_json: AsJson = False) -> None:
    """Say how the cluster differs from the plan; exit code 1 when something must be put right.

    Example: iplos-adapter topics check
    """
    loaded = settings(config)
    found = run_async(lambda: check_plan(loaded.kafka, plan_of(loaded, everything=everything)))
    _tell(AppliedPlan([], found), as_json=as_json)


@topics.command("apply")
def apply_command(everything: Everything = False, config: ConfigPath = None, as_json: AsJson = False) -> None:
    """Create the adapter's topics and set what differs; may be repeated. Exit code 1 when something is left to others.

    Example: iplos-adapter topics apply
    """
    loaded = settings(config)
    try:
        applied = run_async(lambda: apply_plan(loaded.kafka, plan_of(loaded, everything=everything)))
    except TopicAdminError as error:
        fail(str(error), Exit.REFUSED)
    _tell(applied, as_json=as_json)


def _tell(applied: AppliedPlan, *, as_json: bool) -> None:
    if as_json:
        print_json(dataclasses.asdict(applied))
    else:
        for one in applied.done:
            out.print(f"done: {one.topic} ({one.code})", markup=False, highlight=False, soft_wrap=True)
        for one in applied.left:
            out.print(f"{_mark(one)}: {one.text}", markup=False, highlight=False, soft_wrap=True)
        if not applied.done and not applied.left:
            out.print("all topics are as planned")
    if any(not one.advice for one in applied.left):
        raise typer.Exit(Exit.FINDINGS)


def _mark(difference: Difference) -> str:
    return "advice" if difference.advice else "differs"
