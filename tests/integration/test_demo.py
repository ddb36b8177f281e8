"""The demo: everything adds up on a real Kafka, and its checks see what does not."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from aiokafka.admin import AIOKafkaAdminClient

from adapter.demo.checks import judge
from adapter.demo.evidence import Evidence
from adapter.demo.fetched import read_fetched
from adapter.demo.privacy_checks import identities_in
from adapter.demo.scenario import KOMMUNER
from adapter.demo.second_opinion import second_opinion
from adapter.report.ledger import Kjoring

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(300)]

PERSONS = 300


class Played(NamedTuple):
    """A demo that was run: how it ended, what it printed, and its folder."""

    code: int
    printed: str
    out: Path


@pytest.fixture(scope="module")
def played(kafka_bootstrap: str, tmp_path_factory: pytest.TempPathFactory) -> Played:
    out = tmp_path_factory.mktemp("demo") / "demo-out"
    done = subprocess.run(
        [sys.executable, "-m", "adapter.demo", "--persons", str(PERSONS), "--out", str(out)],
        env={**os.environ, "KAFKA_BOOTSTRAP": kafka_bootstrap, "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=False,
    )
    return Played(done.returncode, done.stdout + done.stderr, out)


def numbers(line: str) -> list[int]:
    return [int(one.replace(",", "")) for one in re.findall(r"(?<![\w.-])\d[\d,]*(?![\w.])", line)]


def row(printed: str, name: str) -> list[int]:
    """The numbers of the first line that begins with this name."""
    return numbers(next(line.removeprefix(name) for line in printed.splitlines() if line.startswith(name)))


def test_the_demo_adds_up_and_says_so(played: Played) -> None:
    assert played.code == 0, played.printed
    assert "Everything adds up" in played.printed
    assert "✗" not in played.printed
    assert "Traceback" not in played.printed


def test_its_tables_add_up_by_eye(played: Played) -> None:
    outcomes = ("applied", "annulled", "duplicate", "superseded", "not-for-us", "parked")
    service, pure, simulator, sent = row(played.printed, "all outcomes")
    assert service == pure == simulator == sent
    assert sum(row(played.printed, name)[0] for name in outcomes) == sent
    units = [row(played.printed, f"{unit} ") for unit in ("5001", "0301-03", "0301-12")]
    assert [sum(column) for column in zip(*(unit[:6] for unit in units), strict=True)] == row(played.printed, "all  ")[
        :6
    ]
    assert sum(unit[0] for unit in units) >= PERSONS * 0.9


def test_no_line_is_wider_than_the_terminal(played: Played) -> None:
    assert max(len(line) for line in played.printed.splitlines()[:-2]) <= 80


def test_it_leaves_messages_reports_log_and_metrics(played: Played) -> None:
    left = {str(path.relative_to(played.out)) for path in played.out.rglob("*") if path.is_file()}
    assert {"5001/report.json", "0301/report.json", "service.log", "metrics.txt"} <= left
    assert len([name for name in left if name.startswith("xml/KPR_IPL-")]) == 3
    assert len([name for name in left if name.startswith("xml/KPR_IDE-")]) == 3
    for run in json.loads((played.out / "0301" / "report.json").read_text("utf-8")):
        assert run["status"] == "sendt"


async def test_it_leaves_nothing_on_a_cluster_that_is_not_its_own(played: Played, kafka_bootstrap: str) -> None:
    assert played.code == 0
    client = AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    await client.start()
    try:
        assert [name for name in await client.list_topics() if name.startswith("demo-")] == []
    finally:
        await client.close()


def test_without_a_broker_it_fails_with_a_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "adapter.demo", "--persons", "3", "--out", str(tmp_path / "out")],
        env={**os.environ, "KAFKA_BOOTSTRAP": "127.0.0.1:1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "127.0.0.1:1" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def evidence(out: Path) -> Evidence:
    """What the demo left, as if the events had been counted well: only the files are in question."""
    runs = [
        run
        for kommune in KOMMUNER
        for run in msgspec.json.decode((out / kommune / "report.json").read_bytes(), type=list[Kjoring])
    ]
    files = read_fetched(out / "xml")
    return Evidence(
        sent=1,
        expected=Counter(accepted=1),
        planted=Counter(),
        offline={"applied": 1},
        counted={"applied": 1},
        dead_letters=0,
        runs=runs,
        files=files,
        faults=second_opinion([(file.path, file.kind) for file in files if file.kind and not file.fault]),
        answered={run.kjoring: "kvittert" for run in runs},
        identities=identities_in(path.read_bytes() for path in (out / "xml").glob("KPR_IDE-*")),
    )


def broken_promises(of: Evidence) -> set[str]:
    return {verdict.promise for verdict in judge(of) if verdict.off}


BYTES = "the files are the bytes the ledger names"
VALID = "valid by a second validator (xmlschema)"
COUNTS = "persons and rows counted in the files are the ledger's"
PERSONS_OF_A_PAIR = "the same persons in both messages of a pair"
PAIRS = "one pair of messages for each unit"
IDENTITY = "no identity number outside the ident messages"
CARE_DATA = "no care data in the ident messages"

IPL, IDE = "KPR_IPL-5001-*.xml", "KPR_IDE-5001-*.xml"
IDENT = re.compile(r'<PasientIdent pid="(\d+)" fid="(\d+)"')


def without_a_service(text: str) -> str:
    return re.sub(r"<TJENESTE .*?</TJENESTE>\n", "", text, count=1, flags=re.DOTALL)


def with_an_impossible_sex(text: str) -> str:
    return re.sub(r"<peKjonn>.</peKjonn>", "<peKjonn>7</peKjonn>", text, count=1)


def with_another_key(text: str) -> str:
    return IDENT.sub(r'<PasientIdent pid="987654321" fid="\2"', text, count=1)


def with_a_person_twice(text: str) -> str:
    return re.sub(r"(<PasientIdent [^>]*>\n)", r"\1\1", text, count=1)


def with_care_data(text: str) -> str:
    return text.replace("</Institusjon>", "<TJENESTE/></Institusjon>")


@pytest.mark.parametrize(
    ("which", "change", "promises"),
    [
        (IPL, without_a_service, {BYTES, COUNTS}),
        (IPL, with_an_impossible_sex, {BYTES, VALID}),
        (IPL, lambda text: text[: len(text) // 2], {BYTES, VALID, COUNTS, PERSONS_OF_A_PAIR}),
        (IPL, lambda text: text.replace("</PERSON>", "</PERSON> ", 1), {BYTES}),
        (IDE, with_another_key, {BYTES, PERSONS_OF_A_PAIR}),
        (IDE, with_a_person_twice, {BYTES, VALID, COUNTS, PERSONS_OF_A_PAIR}),
        (IDE, with_care_data, {BYTES, VALID, CARE_DATA}),
    ],
    ids=["row gone", "not valid", "cut short", "a blank more", "another key", "person twice", "care data"],
)
def test_an_altered_file_breaks_the_promises_it_should(
    played: Played, tmp_path: Path, which: str, change: Callable[[str], str], promises: set[str]
) -> None:
    copy_to(tmp_path, played.out)
    (path,) = (tmp_path / "xml").glob(which)
    text = path.read_text("utf-8")
    path.write_text(change(text), "utf-8")
    assert path.read_text("utf-8") != text
    assert broken_promises(evidence(tmp_path)) == promises


def test_an_identity_number_among_the_care_data_is_seen(played: Played, tmp_path: Path) -> None:
    copy_to(tmp_path, played.out)
    (ident,) = (tmp_path / "xml").glob(IDE)
    found = IDENT.search(ident.read_text("utf-8"))
    assert found is not None
    (care,) = (tmp_path / "xml").glob(IPL)
    care.write_text(re.sub("<Navn>[^<]*<", f"<Navn>1{found[2]}<", care.read_text("utf-8"), count=1), "utf-8")
    assert broken_promises(evidence(tmp_path)) == {BYTES, IDENTITY}


def test_a_file_that_is_missing_or_too_many_is_seen(played: Played, tmp_path: Path) -> None:
    copy_to(tmp_path, played.out)
    (path,) = (tmp_path / "xml").glob(IDE)
    path.unlink()
    assert broken_promises(evidence(tmp_path)) == {PAIRS}
    whole = evidence(played.out)
    assert broken_promises(whole) == set()
    assert broken_promises(replace(whole, files=[*whole.files, whole.files[0]])) == {PAIRS}


def test_wrong_counts_and_a_service_that_hangs_are_seen(played: Played) -> None:
    whole = evidence(played.out)
    assert broken_promises(replace(whole, sent=2)) == {"every event has exactly one outcome"}
    assert broken_promises(replace(whole, offline={"duplicate": 1})) == {
        "outcomes are those of the pure path without Kafka"
    }
    assert broken_promises(replace(whole, dead_letters=1)) == {"every parked event is a dead letter"}
    assert broken_promises(replace(whole, stopped=(0, 30.0))) == {"the service stops when asked"}
    assert broken_promises(replace(whole, planted=Counter(S3=10**6))) == {
        "every bad registration that was planted is found"
    }


def copy_to(folder: Path, out: Path) -> None:
    for path in (*out.glob("*/report.json"), *out.glob("xml/*.xml")):
        target = folder / path.relative_to(out)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes())
