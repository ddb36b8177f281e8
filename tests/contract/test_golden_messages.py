"""The golden pair: reviewed line by line once, and the same to the last byte ever since.

How to renew it, and what each person in it shows: tests/golden/README.md.
"""

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.both_validators import both, verdicts
from tests.golden.building import Built, build_in, golden, history

Build = Callable[[Sequence[str]], Built]
GOLDEN, HISTORY = golden(), history()


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Builds from events, again and again in one folder, so that nothing of an earlier build may show."""
    folder = tmp_path_factory.mktemp("gyllen")
    return lambda events: build_in(folder, events)


def test_the_golden_messages_are_valid() -> None:
    assert verdicts("2018/xsd/sending-ipl", GOLDEN.ipl) == both(verdict=True)
    assert verdicts("2018/xsd/sending-ide", GOLDEN.ide) == both(verdict=True)


def test_what_is_built_is_the_golden_files_to_the_last_byte(build: Build) -> None:
    built = build(HISTORY)
    assert built.ipl.decode() == GOLDEN.ipl.decode()
    assert built.ide.decode() == GOLDEN.ide.decode()
    assert json.loads(built.report) == json.loads(GOLDEN.report)
    assert built == GOLDEN


def test_built_twice_is_the_same(build: Build, tmp_path: Path) -> None:
    assert build(HISTORY) == build(HISTORY) == build_in(tmp_path / "elsewhere", HISTORY)


def without_intake(report: bytes) -> object:
    """The report but for how the events were received, which does depend on their order."""
    return json.loads(report)["enheter"]


def assert_golden(built: Built) -> None:
    assert built.ipl == GOLDEN.ipl
    assert built.ide == GOLDEN.ide
    assert without_intake(built.report) == without_intake(GOLDEN.report)


def test_built_from_the_events_backwards_is_the_same(build: Build) -> None:
    assert_golden(build(HISTORY[::-1]))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1), again=st.lists(st.integers(0, len(HISTORY) - 1), max_size=30))
def test_built_from_any_order_and_repetition_is_the_same(build: Build, seed: int, again: list[int]) -> None:
    events = [*HISTORY, *(HISTORY[number] for number in again)]
    random.Random(seed).shuffle(events)
    assert_golden(build(events))


def test_every_event_matters_but_those_that_say_nothing_new(build: Build) -> None:
    silent = [number for number in range(len(HISTORY)) if _same_without(build, number)]
    assert [name_of(HISTORY[number]) for number in silent] == [
        # corrected or repeated
        "person.registrert p-rettet 1",
        "tjeneste.registrert t-rett 1",
        "tjeneste.registrert t-rett 3",
        "tjeneste.registrert t-rett 2",
        "tjeneste.registrert t-rett 3",
        # annulled
        "tjeneste.registrert t-feil 1",
        "funksjon.registrert f-feil 1",
        # told anew under the key the person lives on under
        "person.registrert p-dnr 1",
        "tjeneste.registrert t-flytt 1",
        "tjeneste.annullert t-flytt 2",
        "person.registrert p-dobbel-2 1",
        # erased
        "person.registrert p-slettet 1",
        "tjeneste.registrert t-slettet 1",
        "tjeneste.registrert t-slettet 2",
        # of an earlier time
        "person.registrert p-fly-1 1",
        "person.registrert p-fjor 1",
        "tjeneste.registrert t-fjor 1",
        # not ours, or not readable
        "tjeneste.registrert t-annen 1",
        "tjeneste.registrert t-odelagt 1",
        "vaktliste.registrert x-1 1",
    ]


def _same_without(build: Build, number: int) -> bool:
    built = build([*HISTORY[:number], *HISTORY[number + 1 :]])
    return (built.ipl, built.ide, without_intake(built.report)) == (
        GOLDEN.ipl,
        GOLDEN.ide,
        without_intake(GOLDEN.report),
    )


def name_of(event: str) -> str:
    read = json.loads(event)
    kind = read["type"].removeprefix("no.kommune.iplos.").removesuffix(".v1")
    return f"{kind} {read['data'].get('registreringsId', '')} {read['data'].get('versjon', '')}"
