"""No identity number of a marked person, in any form, in any place but the one it belongs in; no person key where only
counts belong. And the search that says so is shown to find.
"""

from collections.abc import AsyncIterator
from typing import get_args

import pytest
import pytest_asyncio

from adapter.domain.outcome import PARK_CODES, NotForUs, Parked
from adapter.simulate import SimulatedRecord
from tests.security.canary.collect import PLACES, Blobs, Evidence, Part, Place
from tests.security.canary.events import HOURS, ORGNR
from tests.security.canary.persons import REGISTER
from tests.security.canary.scenarios import identity_in_a_wrong_place, persons_of_all_kinds
from tests.security.canary.search import search
from tests.security.canary.story import MARKED, played

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(1800), pytest.mark.asyncio(loop_scope="module")]

EVERY_PLACE = pytest.mark.parametrize("name", PLACES)
PARTS: tuple[Part, ...] = get_args(Part)
# Only events are made when this is read; all other scenarios mark their persons as they play.
OF_EVENTS = {name.removesuffix(" (key)") for name in REGISTER.person_keys()}
# Care data of marked persons alone, as the message writes it.
CARE_DATA = {"hours": str(HOURS), "performing unit": ORGNR, "diagnosis": "P70"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def evidence(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Evidence]:
    with pytest.MonkeyPatch.context() as patch:
        async with played(tmp_path_factory.mktemp("kanari"), patch) as found:
            yield found


def forbidden(place: Place) -> dict[str, str]:
    """What must not be there."""
    numbers = {} if place.numbers else REGISTER.numbers()
    if place.mistyped:
        numbers = {name: number for name, number in numbers.items() if not name.endswith("(mistyped)")}
    return numbers | ({} if place.keys else REGISTER.person_keys())


def whole(blobs: Blobs) -> bytes:
    return b"\n".join(blobs.values())


@EVERY_PLACE
async def test_nothing_forbidden_is_there(evidence: Evidence, name: str) -> None:
    place = PLACES[name]
    assert search(place.look(evidence), forbidden(place)) == []


@EVERY_PLACE
async def test_something_was_collected_there(evidence: Evidence, name: str) -> None:
    place = PLACES[name]
    blobs = place.look(evidence)
    assert blobs
    assert place.witness in whole(blobs)


@EVERY_PLACE
async def test_whatever_is_forbidden_would_be_found_there(evidence: Evidence, name: str) -> None:
    """Planted in the middle of one of the things that were collected, all else being as it was."""
    place = PLACES[name]
    blobs = dict(place.look(evidence))
    where = sorted(blobs)[len(blobs) // 2]
    middle = len(blobs[where]) // 2
    planted = " ".join(forbidden(place).values()).encode()
    blobs[where] = blobs[where][:middle] + planted + blobs[where][middle:]
    assert {one.mark for one in search(blobs, forbidden(place)) if one.where == where} == set(forbidden(place))


async def test_the_ident_message_holds_the_numbers_of_all_who_were_sent_and_no_care_data(evidence: Evidence) -> None:
    found = PLACES["ident message"].look(evidence)
    sent = [persons_of_all_kinds.SENT, persons_of_all_kinds.CORRECTED, persons_of_all_kinds.MERGED]
    marks = REGISTER.numbers()
    assert {one.mark for one in search(found, {one.name: marks[one.name] for one in sent})} == {
        one.name for one in sent
    }
    assert search(found, CARE_DATA) == []


async def test_care_data_would_be_found_where_it_is(evidence: Evidence) -> None:
    found = search(PLACES["care data message"].look(evidence), CARE_DATA)
    assert {one.mark for one in found} == set(CARE_DATA)


async def test_every_mark_of_an_event_was_on_the_bus(evidence: Evidence) -> None:
    """What was never put in cannot leak."""
    bus = {f"bus, {part}": whole(evidence.topic("buss", part)) for part in PARTS}
    found = {one.mark.partition(" (")[0] for one in search(bus, REGISTER.numbers())}
    assert OF_EVENTS - found == {"withheld: no person row", "the other who shares it"}


def expected(record: SimulatedRecord, evidence: Evidence) -> str:
    match evidence.stage.house.reader.read(record.delivered).result:
        case Parked(code=code):
            return f"parked:{code}"
        case NotForUs(reason=reason):
            return f"not-for-us:{reason}"
        case _:
            return "accepted"


async def test_every_event_came_to_what_its_scenario_says(evidence: Evidence) -> None:
    wrong = [(one.expected, expected(one, evidence)) for one in MARKED if expected(one, evidence) != one.expected]
    assert wrong == []


async def test_every_way_of_being_parked_is_played() -> None:
    outcomes = {one.expected for one in identity_in_a_wrong_place.EVENTS}
    # A defect of ours cannot be played; a state too large takes thirty thousand rows, and is parked as the others are.
    assert outcomes >= {f"parked:{code}" for code in PARK_CODES if code not in ("internal-error", "state-too-large")}
