"""Every command that can be run here is typed as the document has it, in the document's order, on a real Kafka.

A document that starts the service itself is followed from an empty folder; the others are read by somebody who has a
running installation with a short made-up year in it. What is not run, and why, stands in table.py.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.commands import Command, commands, documents
from tests.docs.ground import Ground
from tests.docs.ours import is_name
from tests.docs.table import NOT_RUN, RUN

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(1200)]

SETTING_UP = (
    "iplos-adapter config example > iplos-adapter.toml",
    "iplos-adapter keys new keys.toml",
    "export IPLOS_CONFIG=iplos-adapter.toml",
    "iplos-adapter topics apply --all",
    "iplos-adapter run",
    "iplos-adapter report --kommune 5001 --year 2018",
    "iplos-adapter simulate --persons 50 --year 2018 --mess > events.jsonl",
    'iplos-adapter state export tilstand.iplos --reason "a test"',
)


def to_run(document: str) -> list[Command]:
    """Those of its commands that are typed; the others are looked at only."""
    whole = [one for one in commands(document) if not is_name(one)]
    return [
        one
        for one in whole
        if one.text.startswith(RUN) or not one.text.startswith(tuple(kept.begins for kept in NOT_RUN))
    ]


def starts_the_service(document: str) -> bool:
    return any(one.text == "iplos-adapter run" and not one.inline for one in commands(document))


FROM_NOTHING = [one for one in documents() if starts_the_service(one)]
# Followed by test_worked_example.py, on a bus that nobody else has written to.
FOLLOWED = "topics/README.md"
WITH_A_SERVICE = [one for one in documents() if to_run(one) and one not in {*FROM_NOTHING, FOLLOWED}]


@pytest.fixture(scope="module")
def installation(kafka_bootstrap: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with Ground(tmp_path_factory.mktemp("installation"), kafka_bootstrap) as ground:
        for number, text in enumerate(SETTING_UP):
            ground.type(Command("setting up", number, text))
        yield ground


@pytest.mark.parametrize("document", FROM_NOTHING)
def test_a_document_that_begins_with_nothing_can_be_followed_to_its_end(
    document: str, kafka_bootstrap: str, tmp_path: Path
) -> None:
    with Ground(tmp_path, kafka_bootstrap) as ground:
        ground.others_topics()
        for command in to_run(document):
            ground.type(command)


@pytest.mark.parametrize("document", WITH_A_SERVICE)
def test_what_a_document_says_to_type_does_what_it_should(document: str, installation: Ground) -> None:
    for command in to_run(document):
        installation.type(command)


PLANTED = {
    "iplos-adapter year check 1999": "ended with 2, not 0",
    "iplos-adapter config check --config nowhere.toml": "ended with 2, not 0",
    "iplos-adapter dlq list --help": "ended with 0, not 1",
    "iplos-adapter config example > nowhere/file.toml": "No such file or directory",
}


@pytest.mark.parametrize(("text", "told"), PLANTED.items())
def test_a_command_that_ends_otherwise_is_told_with_its_place(text: str, told: str, tmp_path: Path) -> None:
    ground = Ground(tmp_path, "127.0.0.1:9")
    with pytest.raises(AssertionError) as seen:
        ground.type(Command("PLANTED.md", 3, text))
    assert str(seen.value).startswith(f"PLANTED.md:3: `{text}`\n")
    assert told in str(seen.value)
