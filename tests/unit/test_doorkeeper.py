"""The doorkeeper: waits as long as it was told, tells a change once, and shows what lasts."""

import asyncio
import math
from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapter.host import doorkeeper
from adapter.host.doorkeeper import Doorkeeper
from adapter.kafka.problem import CODES, AccessError, Code, Problem
from adapter.kafka.sikkerhet import Sikkerhet
from adapter.ops.metrics import Metrics
from tests.security.certificates import Certificates

CLOSED, OTHER = Problem("login-refused", "passordet"), Problem("topic-denied", "emnet")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorkeeper, "FIRST_PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(doorkeeper, "WATCH_SECONDS", 0.001)


class Doors:
    """Gives the answers in order, and the last one for ever."""

    def __init__(self, *answers: Problem | None) -> None:
        self.answers = list(answers)
        self.metrics = Metrics()
        self.looked = asyncio.Event()
        self.keeper = Doorkeeper(self._look, Sikkerhet(), self.metrics)

    async def _look(self) -> Problem | None:
        if len(self.answers) == 1:
            self.looked.set()
            return self.answers[0]
        return self.answers.pop(0)

    def shown(self) -> list[str]:
        return [
            sample.labels["problem"]
            for family in self.metrics.access_problem.collect()
            for sample in family.samples
            if sample.value
        ]


async def test_it_opens_at_once_when_all_is_open() -> None:
    doors = Doors(None)
    await doors.keeper.open(0)
    assert doors.keeper.opened
    assert doors.shown() == []


async def test_it_does_not_wait_when_told_not_to() -> None:
    doors = Doors(CLOSED)
    with pytest.raises(AccessError) as refused:
        await doors.keeper.open(0)
    assert refused.value.problem is CLOSED
    assert not doors.keeper.opened
    assert doors.shown() == ["login-refused"]


async def test_it_waits_until_the_door_opens_and_tells_each_change_once() -> None:
    doors = Doors(CLOSED, CLOSED, CLOSED, OTHER, OTHER, None)
    with capture_logs() as logged:
        await doors.keeper.open(math.inf)
    assert [(one["event"], one["problem"]) for one in logged] == [
        ("no access to Kafka", "login-refused"),
        ("no access to Kafka", "topic-denied"),
        ("access to Kafka is back", "topic-denied"),
    ]
    assert doors.shown() == []


async def test_it_gives_up_when_its_patience_ends() -> None:
    with pytest.raises(AccessError, match="emnet"):
        await Doors(CLOSED, OTHER).keeper.open(0.05)


async def test_it_looks_again_while_the_service_runs() -> None:
    doors = Doors(None, OTHER, None, CLOSED)
    with capture_logs() as logged:
        watching = asyncio.create_task(doors.keeper.watch())
        await doors.looked.wait()
        await asyncio.sleep(0)
        watching.cancel()
    assert [one["problem"] for one in logged] == ["topic-denied", "topic-denied", "login-refused"]
    assert doors.keeper.problem is CLOSED


@pytest.mark.parametrize("code", CODES)
async def test_each_problem_stands_in_the_gauge_under_its_code(code: Code) -> None:
    doors = Doors(Problem(code, "x"))
    await doors.keeper.once()
    assert doors.shown() == [code]


async def test_when_certificates_end_is_shown(tmp_path: Path) -> None:
    made = Certificates(tmp_path)
    own = made.client("a", days=30)
    metrics = Metrics()

    async def open_() -> None:
        return None

    given = Sikkerhet(tls=True, ca_fil=str(made.ca), sertifikat_fil=str(own.certificate), nokkel_fil=str(own.key))
    await Doorkeeper(open_, given, metrics).once()
    shown = {
        sample.labels["certificate"]: datetime.fromtimestamp(sample.value, UTC)
        for family in metrics.certificate_expiry.collect()
        for sample in family.samples
    }
    assert shown.keys() == {"client", "ca"}
    assert 29 <= (shown["client"] - datetime.now(UTC)).days <= 30
    assert shown["ca"] > shown["client"]
