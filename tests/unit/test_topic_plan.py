"""Planned topics against those of a cluster: each difference by hand, with who can put it right."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from adapter.ingest.dead_letter import PART_BYTES
from adapter.kafka.clients import LARGEST_RECORD_BYTES
from adapter.kafka.topic_acl import acl_commands
from adapter.kafka.topic_plan import (
    Actual,
    ActualTopic,
    TopicPlan,
    TopicPlanError,
    difference,
    load,
    wanted_partitions,
)
from adapter.settings.config import Topics

SHIPPED = load((Path(__file__).parents[2] / "topics" / "topics.toml").read_text("utf-8"))

SMALL = load("""
[topics.buss]
name = "hendelser"
owner = "buss"
partitions = 12
replication = 3
why = ""
config = { "cleanup.policy" = "delete", "min.insync.replicas" = "2" }
[topics.tilstand]
name = "tilstand"
owner = "adapter"
partitions_as = "buss"
replication = 3
why = ""
config = { "cleanup.policy" = "compact", "min.insync.replicas" = "2" }
[topics.rapport]
name = "rapport"
owner = "adapter"
partitions = 1
exact = true
replication = 3
why = ""
config = { "min.insync.replicas" = "2" }
[[acl]]
who = "adapter"
role = "tilstand"
operations = ["read", "write", "describe_configs"]
why = ""
[[acl]]
who = "adapter"
resource = "group"
prefix = "{gruppe}"
operations = ["read"]
why = ""
""")

THE_REST = 'name = "x"\nreplication = 1\nwhy = ""\nconfig = {}'

GOOD = {
    "hendelser": ActualTopic(12, 3, {"cleanup.policy": "delete", "min.insync.replicas": "2", "retention.ms": "1"}),
    "tilstand": ActualTopic(12, 3, {"cleanup.policy": "compact", "min.insync.replicas": "2"}),
    "rapport": ActualTopic(1, 3, {"cleanup.policy": "delete", "min.insync.replicas": "2"}),
}


def found(
    instead: Mapping[str, ActualTopic | None], brokers: int = 3, plan: TopicPlan = SMALL
) -> list[tuple[str, str, str]]:
    topics = {name: topic for name, topic in {**GOOD, **instead}.items() if topic is not None}
    return [(one.code, one.topic, one.fix) for one in difference(plan, Actual(brokers, topics))]


def test_a_cluster_as_planned_differs_in_nothing() -> None:
    assert found({}) == []


@pytest.mark.parametrize(
    ("instead", "expected"),
    [
        ({"rapport": None}, [("topic-missing", "rapport", "apply")]),
        ({"hendelser": None}, [("topic-missing", "hendelser", "owner")]),
        (
            {"hendelser": None, "tilstand": None},
            [("topic-missing", "hendelser", "owner"), ("topic-missing", "tilstand", "owner")],
        ),
        ({"tilstand": None}, [("topic-missing", "tilstand", "apply")]),
        ({"hendelser": ActualTopic(24, 3, GOOD["hendelser"].config)}, [("partitions-too-few", "tilstand", "hand")]),
        ({"hendelser": ActualTopic(6, 3, GOOD["hendelser"].config)}, [("partitions-too-many", "tilstand", "hand")]),
        ({"rapport": ActualTopic(3, 3, GOOD["rapport"].config)}, [("partitions-too-many", "rapport", "hand")]),
        (
            {"tilstand": ActualTopic(12, 3, {"cleanup.policy": "delete", "min.insync.replicas": "2"})},
            [("config-differs", "tilstand", "apply")],
        ),
        ({"rapport": ActualTopic(1, 3, {})}, [("config-differs", "rapport", "apply")]),
        (
            {"hendelser": ActualTopic(12, 3, {"cleanup.policy": "compact", "min.insync.replicas": "2"})},
            [("config-differs", "hendelser", "owner")],
        ),
        ({"rapport": ActualTopic(1, 2, GOOD["rapport"].config)}, [("replication-low", "rapport", "hand")]),
    ],
)
def test_each_difference_has_a_code_and_somebody_who_can_put_it_right(
    instead: dict[str, ActualTopic | None], expected: list[tuple[str, str, str]]
) -> None:
    assert found(instead) == expected


def test_partitions_that_cannot_be_taken_away_are_never_left_to_apply() -> None:
    (one,) = difference(SMALL, Actual(3, GOOD | {"rapport": ActualTopic(2, 3, GOOD["rapport"].config)}))
    assert (one.fix, one.advice) == ("hand", False)
    assert "cannot be taken away" in one.text


def test_what_another_owner_set_otherwise_is_advice() -> None:
    (one,) = difference(SMALL, Actual(3, GOOD | {"hendelser": ActualTopic(12, 3, {"min.insync.replicas": "2"})}))
    assert one.advice
    assert one.text == (
        "hendelser has cleanup.policy=(unset), planned is delete: its owner (buss) decides; the plan says why"
    )


def test_on_one_broker_the_plan_shrinks_and_says_so() -> None:
    one_copy = {
        name: ActualTopic(topic.partitions, 1, {**topic.config, "min.insync.replicas": "1"})
        for name, topic in GOOD.items()
    }
    assert found(one_copy, brokers=1) == [("few-brokers", "", "hand")]
    fitted = SMALL.for_cluster(1).topics["tilstand"]
    assert (fitted.replication, fitted.config["min.insync.replicas"]) == (1, "1")
    assert SMALL.for_cluster(2).topics["tilstand"].config["min.insync.replicas"] == "1"
    assert SMALL.for_cluster(5) == SMALL


def test_names_of_ones_own_are_looked_for_instead() -> None:
    named = SMALL.named({"rapport": "k0301.rapport", "ukjent": "x"})
    assert found({}, plan=named) == [("topic-missing", "k0301.rapport", "apply")]


def test_one_who_owns_the_bus_too_may_create_it_with_the_state_beside_it() -> None:
    owned = SMALL.owning(("buss",))
    assert [fix for _, _, fix in found({"hendelser": None, "tilstand": None}, plan=owned)] == ["apply", "apply"]
    assert wanted_partitions(owned, "tilstand", Actual(3, {})) == 12


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[topics", "topics.toml"),
        ("[topics.buss]\nname = 5", "name"),
        ('acl = []\n[topics.ukjent]\nname = "x"', "ukjent"),
        (f'acl = []\n[topics.buss]\nowner = "buss"\n{THE_REST}', "partitions"),
        (f'acl = []\n[topics.buss]\nowner = "buss"\npartitions = 1\npartitions_as = "buss"\n{THE_REST}', "not both"),
        (f'acl = []\n[topics.tilstand]\nowner = "adapter"\npartitions_as = "buss"\n{THE_REST}', "buss, not there"),
        ('topics = {}\n[[acl]]\nwho = "epj"\nrole = "buss"\noperations = ["read"]\nwhy = ""', "epj"),
        ('topics = {}\n[[acl]]\nwho = "epj"\noperations = ["read"]\nwhy = ""', "epj"),
        ('topics = {}\n[[acl]]\nwho = "epj"\nprefix = "x"\noperations = ["all"]\nwhy = ""', "all"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_with_the_place(text: str, says: str) -> None:
    with pytest.raises(TopicPlanError, match=says):
        load(text)


def test_accesses_become_commands() -> None:
    add = "kafka-acls --bootstrap-server megler:9092 --add --allow-principal 'User:CN=iplos adapter' --operation Read"
    assert list(acl_commands(SMALL, {"adapter": "CN=iplos adapter"}, "megler:9092", "iplos")) == [
        f"{add} --operation Write --operation DescribeConfigs --topic tilstand",
        f"{add} --group iplos --resource-pattern-type prefixed",
    ]


# ---- the plan that is shipped ----------------------------------------------------------------------------------------


def test_the_plan_and_the_settings_know_the_same_topics_by_the_same_names() -> None:
    settings = {role: getattr(Topics(), role) for role in Topics.__struct_fields__}
    assert {role: topic.name for role, topic in SHIPPED.topics.items()} == settings


def test_nobody_may_read_both_care_data_and_identities() -> None:
    readers = {
        role: {acl.who for acl in SHIPPED.acl if acl.role == role and "read" in acl.operations}
        for role in SHIPPED.topics
    }
    assert readers["transport_ipl"] == {"transport-ipl"}
    assert readers["transport_ide"] == {"transport-ide"}
    # In the state identities are sealed; whoever makes the gap report has no key.
    assert readers["tilstand"] == {"adapter", "mangelrapport"}
    assert readers["buss"] == {"adapter"}


def test_no_access_is_wider_than_its_own_names() -> None:
    # A prefix must not reach a topic of the plan, or it would grant what the plan denies.
    for acl in SHIPPED.acl:
        prefix = acl.prefix.replace("{gruppe}", "iplos-adapter")
        if prefix and acl.resource == "topic":
            assert not any(topic.name.startswith(prefix) for topic in SHIPPED.topics.values())


def test_every_topic_and_access_has_a_reason() -> None:
    assert all(topic.why.endswith(".") for topic in SHIPPED.topics.values())
    assert all(acl.why.endswith(".") for acl in SHIPPED.acl)


def test_the_sizes_of_the_plan_fit_what_the_program_writes() -> None:
    limit = {role: int(topic.config["max.message.bytes"]) for role, topic in SHIPPED.topics.items()}
    assert limit["tilstand"] == LARGEST_RECORD_BYTES
    assert limit["avvist"] > PART_BYTES + 100_000
    assert limit["transport_ipl"] == limit["transport_ide"] > 900_000 + 100_000


def test_state_and_ledger_are_compacted_and_nothing_else() -> None:
    compacted = {role for role, topic in SHIPPED.topics.items() if topic.config["cleanup.policy"] == "compact"}
    assert compacted == {"tilstand", "rapport"}
