"""Commands that need more than their user has: refused with a sentence that says what to do, and nothing is begun."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from adapter.kafka.offsets import end_offsets
from adapter.kafka.topic_acl import Grant
from tests.security.acls import Acls
from tests.security.installation import Installation, seen
from tests.security.stronghold import WHO

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(400), pytest.mark.asyncio(loop_scope="module")]

UNIT = ("--kommune", "5001", "--year", "2018")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def inst(installed: Callable[[str], Installation]) -> AsyncIterator[tuple[Installation, Acls]]:
    made = installed("forhand")
    await made.make(*made.topics.__struct_fields__)
    async with Acls(made.strong.caretaker) as acls:
        await acls.give(made.wanted())
        await seen(lambda: made.cli("drift", "runs", "list"), lambda done: done.returncode == 0)
        yield made, acls


async def test_a_report_whose_files_could_not_be_fetched_is_not_ordered(
    inst: tuple[Installation, Acls], tmp_path: Path
) -> None:
    made, _ = inst
    done = await made.cli("drift", "report", *UNIT, "--out", str(tmp_path / "ut"))
    assert done.returncode == 4
    for role in ("transport_ipl", "transport_ide"):
        assert f"read to topic {getattr(made.topics, role)}" in done.stderr
    assert "user drift has no access" in done.stderr
    assert "nothing was ordered" in done.stderr
    for topic in (made.topics.kommando, made.topics.rapport):
        assert await end_offsets(made.caretaking.kafka, topic) == {0: 0}


@pytest.mark.parametrize("who", WHO)
async def test_the_plan_lets_nobody_read_both_messages_and_rebuild_says_so(
    inst: tuple[Installation, Acls], who: str
) -> None:
    done = await inst[0].cli(who, "runs", "rebuild")
    assert done.returncode == 4
    assert f"user {who} has no access" in done.stderr
    assert "nothing was rebuilt" in done.stderr


async def test_rebuild_goes_with_the_accesses_that_its_sentence_names(inst: tuple[Installation, Acls]) -> None:
    made, acls = inst
    lent = [
        Grant("drift", "topic", name, prefixed=False, operation="read")
        for name in (made.topics.transport_ipl, made.topics.transport_ide)
    ]
    await acls.give(lent)
    try:
        done = await seen(lambda: made.cli("drift", "runs", "rebuild"), lambda done: done.returncode == 0)
    finally:
        await acls.take(lent)
    assert done.stdout == "0 runs rebuilt\n"


async def test_a_key_is_retired_by_the_service_itself_and_by_nobody_who_cannot_see_what_it_sealed(
    inst: tuple[Installation, Acls],
) -> None:
    made, _ = inst
    keys = made.folder / "keys.toml"
    for step in ((), ("--activate",)):
        await made.did("adapter", "keys", "rotate", str(keys), *step)
    before = keys.read_text()
    done = await made.cli("drift", "keys", "rotate", str(keys), "--retire", "n1")
    assert done.returncode == 4
    assert f"user drift has no access read to topic {made.topics.tilstand}" in done.stderr
    assert "nothing has changed" in done.stderr
    assert keys.read_text() == before
    assert "n1 is removed" in await made.did("adapter", "keys", "rotate", str(keys), "--retire", "n1")
