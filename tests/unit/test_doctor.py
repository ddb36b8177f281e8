"""What the doctor makes of what it saw: a verdict, and something to do for all that is not well."""

from datetime import UTC, date, datetime, timedelta

import pytest

from adapter.doctor.check import Check, Unknown, todo_list
from adapter.doctor.cluster import (
    BrokerSeen,
    GroupSeen,
    judge_accesses,
    judge_broker,
    judge_clock,
    judge_group,
    judge_offsets_retention,
    judge_topics,
)
from adapter.doctor.holdings import PackSeen, StateSeen, judge_pack, judge_settings, judge_state
from adapter.doctor.machine import (
    CertificateSeen,
    DiskSeen,
    HttpSeen,
    KeyFileSeen,
    MemorySeen,
    judge_certificates,
    judge_disk,
    judge_http,
    judge_key_file,
    judge_memory,
)
from adapter.kafka.cluster_clock import Apart, apart
from adapter.kafka.problem import Problem
from adapter.kafka.topic_plan import Difference

NOW = datetime(2019, 1, 2, 12, tzinfo=UTC)
GB = 1_000_000_000
NOT_TOLD = Unknown("nobody says", "ask somebody")
BROKER = BrokerSeen("kafka.example:9092", "SASL_SSL", "adapter", None, 3)
GROUP = GroupSeen("g", "Stable", 2, 10)
DUE = (date(2019, 1, 2), date(2019, 1, 15))
MISSING = Difference("topic-missing", "avvist", "a.v1", "apply", "a.v1 is not there: run `x`")
RETENTION = Difference("config-differs", "buss", "b.v1", "owner", "b.v1 has x=1: its owner decides", advice=True)
FEW = Difference("few-brokers", None, "", "hand", "the cluster has 1 broker(s): fewer copies", advice=True)
JUDGED: list[tuple[Check, str, str]] = [
    (judge_settings([], ["5001"], receiver=True, send="test"), "ok", "5001"),
    (judge_settings([], [], receiver=True, send="test"), "wrong", "[[kommuner]]"),
    (judge_settings(["9999"], ["9999"], receiver=True, send="test"), "wrong", "9999"),
    (judge_settings([], ["5001"], receiver=False, send="test"), "wrong", "[mottaker]"),
    (judge_settings([], ["5001"], receiver=True, send="never"), "advice", "send"),
    (judge_key_file(KeyFileSeen("k.toml", key_ids=("n2", "n1"))), "ok", "n2 seals"),
    (judge_key_file(KeyFileSeen("k.toml", "k.toml: no such key file")), "wrong", "no such key file"),
    (judge_key_file(KeyFileSeen("k.toml", others_read=True, key_ids=("n1",))), "advice", "chmod o-rwx k.toml"),
    (judge_certificates([], NOW), "ok", "no certificate"),
    (judge_certificates([CertificateSeen("c.pem", NOW + timedelta(days=31))], NOW), "ok", "2019-02-02"),
    (judge_certificates([CertificateSeen("c.pem", NOW + timedelta(days=29))], NOW), "advice", "renew c.pem"),
    (judge_certificates([CertificateSeen("c.pem", NOW - timedelta(days=1))], NOW), "wrong", "ended on 2019-01-01"),
    (judge_certificates([CertificateSeen("c.pem", None)], NOW), "wrong", "c.pem holds no certificate"),
    (judge_broker(BROKER), "ok", "SASL_SSL, as adapter; 3 broker(s)"),
    (judge_broker(BROKER._replace(problem=Problem("login-refused", "no"))), "wrong", "login-refused"),
    (judge_broker(BROKER._replace(protocol="PLAINTEXT")), "advice", "Nothing is encrypted"),
    (judge_broker(BROKER._replace(protocol="PLAINTEXT", bootstrap="127.0.0.1:1, localhost:2")), "ok", "PLAINTEXT"),
    (judge_accesses(None, "adapter", 17), "ok", "what others may cannot be asked from here"),
    (judge_accesses(Problem("topic-denied", "no access"), "drift", 3), "wrong", "grant drift"),
    (judge_accesses(NOT_TOLD, "drift", 3), "unknown", "ask somebody"),
    (judge_offsets_retention(43_200), "ok", "30.0 days"),
    (judge_offsets_retention(10_080), "advice", "offsets.retention.minutes of the brokers to 43200"),
    (judge_offsets_retention(NOT_TOLD), "unknown", "nobody says"),
    (judge_clock(Apart(0.4, 0.1)), "ok", "0.4 s ahead of"),
    (judge_clock(Apart(-7.0, 3.0)), "ok", "7.0 s behind"),
    (judge_clock(Apart(-7.0, 0.1)), "advice", "time service"),
    (judge_clock(Apart(3600.0, 0.1)), "wrong", "3600.0 s ahead of"),
    (judge_clock(NOT_TOLD), "unknown", "nobody says"),
    (judge_group(GROUP), "ok", "Stable with 2 member(s), 10 events behind"),
    (judge_group(GROUP._replace(state="PreparingRebalance")), "advice", "in a minute"),
    (judge_group(GroupSeen("g", "Empty", 0, 10)), "advice", "iplos-adapter run"),
    (judge_group(GroupSeen("g", "Dead", 0, 10, begun=False)), "advice", "never read anything"),
    (judge_group(GROUP._replace(lost=5)), "wrong", "deleted 5 events"),
    (judge_group(NOT_TOLD), "unknown", "nobody says"),
    (judge_state(StateSeen(1200, ("n1",))), "ok", "1,200 persons; one identity for each of the keys n1"),
    (judge_state(StateSeen(0, ())), "ok", "nobody yet"),
    (judge_state(StateSeen(1200, ("n1",), split=7)), "advice", "7 of 1,200 persons"),
    (judge_state(StateSeen(0, (), "no key 'n9'. Use that file")), "wrong", "Use that file"),
    (judge_state(NOT_TOLD), "unknown", "nobody says"),
    (judge_pack(PackSeen(2018, "", (), DUE), "test"), "ok", "due 2019-01-02 to 2019-01-15"),
    (judge_pack(PackSeen(2018, "there is no pack", (), None), "test"), "wrong", "iplos-adapter year check 2018"),
    (judge_pack(PackSeen(2019, "", ("no format",), DUE), "test"), "wrong", "no format"),
    (judge_pack(PackSeen(2019, "", ("no format",), DUE), "never"), "advice", "no format"),
    (judge_disk(DiskSeen("/t", 10 * GB), 100_000, None), "ok", "a report needs about 1.2 GB"),
    (judge_disk(DiskSeen("/t", 2 * GB), 100_000, None), "advice", "TMPDIR"),
    (judge_disk(DiskSeen("/t", 1 * GB), 100_000, None), "wrong", "make room in /t"),
    (judge_disk(DiskSeen("/t", 1 * GB), None, GB), "wrong", "needs about 2.0 GB"),
    (judge_disk(DiskSeen("/t", 10 * GB), None, None), "unknown", "10.0 GB are free"),
    (judge_disk(NOT_TOLD, 1, 1), "unknown", "nobody says"),
    (judge_memory(MemorySeen(GB, "the container"), 100_000, running=False), "ok", "needs about 650 MB"),
    (judge_memory(MemorySeen(GB, "the container"), 400_000, running=False), "wrong", "more memory"),
    (judge_memory(MemorySeen(GB, "the container"), 400_000, running=True), "ok", "running here"),
    (judge_memory(MemorySeen(GB, "the container"), None, running=False), "unknown", "1.0 GB left"),
    (judge_memory(NOT_TOLD, 1, running=True), "unknown", "nobody says"),
    (judge_http(HttpSeen("h:1", "nobody")), "ok", "free"),
    (judge_http(HttpSeen("h:1", "ready")), "ok", "is ready"),
    (judge_http(HttpSeen("h:1", "not-ready", "restoring")), "wrong", "restoring"),
    (judge_http(HttpSeen("h:1", "another")), "wrong", "http.port"),
    (judge_http(HttpSeen("h:1", "not-ours", "no such address")), "wrong", "no such address"),
    *[(one, "ok", "as planned") for one in judge_topics([])],
    *[(one, "wrong", "iplos-adapter topics apply") for one in judge_topics([MISSING])],
    *[(one, "advice", "b.v1: its owner decides") for one in judge_topics([RETENTION])],
    *[(one, "advice", "fewer copies") for one in judge_topics([FEW])],
    *[(one, "unknown", "ask somebody") for one in judge_topics(NOT_TOLD)],
]  # fmt: skip


@pytest.mark.parametrize(("check", "verdict", "says"), JUDGED, ids=[f"{one[0].code}-{one[2]}" for one in JUDGED])
def test_what_was_seen_is_judged_and_what_is_wrong_has_something_to_do(check: Check, verdict: str, says: str) -> None:
    assert check.verdict == verdict
    assert says in f"{check.text} {check.todo}"
    if verdict == "wrong":
        assert check.todo
    if verdict == "ok":
        assert not check.todo


def test_what_to_do_is_said_once_and_what_is_wrong_comes_first() -> None:
    checks = [
        Check("broker", "advice", "a", "encrypt"),
        Check("topics", "wrong", "b", "apply"),
        Check("topics", "wrong", "c", "apply"),
        Check("clock", "unknown", "d", "look"),
        Check("http", "wrong", "e", "free the port"),
    ]
    assert todo_list(checks) == ["apply", "free the port", "encrypt", "look"]


def test_clocks_are_as_far_apart_as_the_middle_of_the_question_says() -> None:
    assert apart(100.0, 102.0, 91.0) == Apart(10.0, 1.0)
