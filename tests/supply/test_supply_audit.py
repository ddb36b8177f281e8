"""What an audit is worth, by what pip-audit really prints: clean, vulnerable, half done, or not done at all."""

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.supply.__main__ import read_exceptions, told
from tests.supply.audit import Accepted, Clean, Failed, NotAudited, Reply, judge
from tests.supply.locks import REQUIREMENTS, read_lock

TODAY = date(2026, 11, 1)
LOCKED = ("aiohttp", "Typing_Extensions", "msgspec")
RECORDED = Path(__file__).with_name("recorded")


def answered(*dependencies: dict[str, Any]) -> Reply:
    return Reply(json.dumps({"dependencies": dependencies, "fixes": []}), "No known vulnerabilities found\n")


def package(name: str, *vulns: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "version": "1.0", "vulns": list(vulns)}


def skipped(name: str) -> dict[str, Any]:
    return {"name": name, "skip_reason": f"Dependency not found on PyPI and could not be audited: {name} (1.0)"}


SOUND = [package("aiohttp"), package("typing-extensions"), package("msgspec")]
HOLE = {"id": "PYSEC-2026-7", "fix_versions": ["1.1"], "aliases": ["CVE-2026-0001"], "description": "…"}
HIT = [package("aiohttp", HOLE), *SOUND[1:]]


def accepted(identity: str = "PYSEC-2026-7", name: str = "aiohttp", until: date = TODAY) -> Accepted:
    return Accepted(identity, name, "the server part is not used", until)


def faults(reply: Reply, *exceptions: Accepted, locked: tuple[str, ...] = LOCKED) -> str:
    verdict = judge(reply, locked, exceptions, TODAY)
    assert isinstance(verdict, Failed), verdict
    return "\n".join(verdict.faults)


def test_every_package_audited_and_nothing_found_is_clean() -> None:
    assert judge(answered(*SOUND), LOCKED, (), TODAY) == Clean("3 of 3 packages audited")


def test_a_vulnerability_fails_and_names_package_id_and_remedy() -> None:
    assert faults(answered(*HIT)) == "aiohttp 1.0: PYSEC-2026-7: upgrade to 1.1"
    assert "no fixed version yet" in faults(answered(package("aiohttp", {"id": "X-1"}), *SOUND[1:]))


@pytest.mark.parametrize("identity", ["PYSEC-2026-7", "CVE-2026-0001"])
def test_an_exception_by_id_or_alias_covers_it_up_to_its_day(identity: str) -> None:
    assert isinstance(judge(answered(*HIT), LOCKED, [accepted(identity)], TODAY), Clean)


def test_an_exception_covers_no_other_package_and_no_other_id() -> None:
    for other in (accepted(name="msgspec"), accepted("PYSEC-2026-8")):
        told_of = faults(answered(*HIT), other)
        assert "PYSEC-2026-7: upgrade" in told_of
        assert "not needed any more" in told_of


def test_an_exception_past_its_day_fails_even_when_nothing_was_reached() -> None:
    late = accepted(until=date(2026, 10, 31))
    assert "ended 2026-10-31" in faults(answered(*HIT), late)
    assert "ended 2026-10-31" in faults(answered(*map(skipped, LOCKED)), late)


def test_an_exception_that_no_package_needs_fails() -> None:
    assert faults(answered(*SOUND), accepted()) == (
        "the exception for PYSEC-2026-7 of aiohttp is not needed any more: take it out"
    )


@pytest.mark.parametrize(
    "rest", [[], [skipped("msgspec")], [package("something-else")]], ids=["missing", "skipped", "another"]
)
def test_a_set_of_which_a_part_was_audited_fails_and_says_what_was_not(rest: list[dict[str, Any]]) -> None:
    assert faults(answered(*SOUND[:2], *rest)) == "only 2 of 3 packages were audited, not msgspec"


@pytest.mark.parametrize("name", ["nothing-found-on-pypi", "osv-not-reached"])
def test_an_audit_of_nothing_is_never_clean(name: str) -> None:
    """Recorded where neither service answers: pip-audit itself calls the first of these a success."""
    reply = Reply((RECORDED / f"{name}.json").read_text("utf-8"), (RECORDED / f"{name}.txt").read_text("utf-8"))
    verdict = judge(reply, LOCKED, (), TODAY)
    assert isinstance(verdict, NotAudited)
    assert verdict.said.startswith("NOT AUDITED: 0 of 3 packages")


@pytest.mark.parametrize(
    ("out", "err"),
    [
        ("", "pip-audit: error: unrecognized arguments: --service=pypi"),
        ("", ""),
        ("[]", "KeyError: 'dependencies'"),
        ("", "pip_audit._dependency_source.interface.DependencySourceError: requirement is missing a hash"),
    ],
    ids=["usage", "silence", "another form", "a lock it cannot read"],
)
def test_an_audit_that_went_wrong_by_itself_is_no_outage(out: str, err: str) -> None:
    assert "gave no answer" in faults(Reply(out, err))


@pytest.mark.parametrize(
    ("verdict", "required", "code"),
    [
        (Clean("3 of 3"), True, 0),
        (NotAudited("NOT AUDITED: 0 of 3"), False, 0),
        (NotAudited("NOT AUDITED: 0 of 3"), True, 1),
        (Failed(("x",)), False, 1),
    ],
)
def test_not_reached_is_an_error_only_where_reach_is_required(
    verdict: Clean | NotAudited | Failed, required: bool, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(verdict, required=required) == code
    said = capsys.readouterr().out
    assert ("clean" in said) == isinstance(verdict, Clean)
    assert ("NOT AUDITED" in said) == isinstance(verdict, NotAudited)


def test_an_exception_must_say_why_and_until_when(tmp_path: Path) -> None:
    path = tmp_path / "exceptions.toml"
    whole = {"id": '"X-1"', "package": '"aiohttp"', "why": '"not used by us"', "until": "2026-12-31"}
    path.write_text("[[exception]]\n" + "".join(f"{name} = {value}\n" for name, value in whole.items()))
    assert read_exceptions(path) == [Accepted("X-1", "aiohttp", "not used by us", date(2026, 12, 31))]
    for missing in whole:
        path.write_text("[[exception]]\n" + "".join(f"{k} = {v}\n" for k, v in whole.items() if k != missing))
        with pytest.raises(msgspec.ValidationError):
            read_exceptions(path)


def test_the_exceptions_of_this_project_can_be_read_as_the_example_in_the_file() -> None:
    file = REQUIREMENTS / "exceptions.toml"
    assert read_exceptions(file) == []
    example = "\n".join(
        line.removeprefix("# ") for line in file.read_text("utf-8").splitlines() if line.startswith("# ")
    )
    [entry] = tomllib.loads(example[example.index("[[exception]]") :])["exception"]
    assert msgspec.convert(entry, Accepted).package == "example"


def test_a_lock_is_read_with_every_package_version_and_hash() -> None:
    text = (
        "# by\na==1 ; x \\\n    --hash=sha256:"
        + "1" * 64
        + " \\\n    --hash=sha256:"
        + "2" * 64
        + "\n    # via b\nb-c[d]==2.0\n"
    )
    assert [(one.name, one.version, len(one.hashes)) for one in read_lock(text)] == [("a", "1", 2), ("b-c", "2.0", 0)]
    for lock in REQUIREMENTS.glob("*.lock"):
        body = lock.read_text("utf-8")
        packages = read_lock(body)
        assert len(packages) == sum(line[:1].isalnum() for line in body.splitlines())
        assert sum(len(one.hashes) for one in packages) == body.count("--hash=sha256:")
