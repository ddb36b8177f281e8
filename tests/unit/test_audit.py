"""The audit trail's entries: what they say, and what they never do."""

from datetime import UTC, datetime
from typing import get_args

import pytest

from adapter import __version__
from adapter.ops.audit import Handling, ReasonNotAllowedError, checked_reason, decode, encode, entry

NOW = datetime(2018, 6, 1, 12, tzinfo=UTC)


def test_an_entry_says_who_when_what_on_what_why_and_by_which_program() -> None:
    one = entry("dlq-show", "kari", ["bus/3/17"], "melding fra EPJ", NOW)
    assert decode(encode(one)) == one
    said = (one.hvem, one.tidspunkt, one.handling, one.gjelder, one.grunn, one.programversjon)
    assert said == ("kari", NOW, "dlq-show", ["bus/3/17"], "melding fra EPJ", __version__)
    assert one.id != entry("dlq-show", "kari", ["bus/3/17"], "melding fra EPJ", NOW).id


def test_the_codes_are_those_that_others_key_on() -> None:
    letters = ("dlq-show", "dlq-show-unmasked", "dlq-replay", "dlq-discard")
    assert get_args(Handling) == (*letters, "state-show", "state-export", "state-import")


@pytest.mark.parametrize("reason", ["gjelder 13813299997", "138132 99997 ringte", "x" * 501])
def test_a_reason_that_may_not_be_kept_is_refused_without_being_repeated(reason: str) -> None:
    with pytest.raises(ReasonNotAllowedError) as refused:
        checked_reason(reason)
    assert reason not in str(refused.value)


@pytest.mark.parametrize("reason", ["", "sak 2018/1234 fra EPJ", "x" * 500])
def test_any_other_reason_is_kept(reason: str) -> None:
    assert checked_reason(reason) == reason
