"""The Dockerfile as far as it can be known without building it: an image is built by people, not by these tests."""

import json
import re
import tomllib
from fnmatch import fnmatch
from typing import NamedTuple

from adapter.settings.config import Config
from tests.deploy.place import DEPLOY, PROJECT


class Instruction(NamedTuple):
    name: str
    text: str


def instructions() -> list[Instruction]:
    """The Dockerfile's instructions, continued lines joined."""
    lines = [line for line in (DEPLOY / "Dockerfile").read_text("utf-8").splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [Instruction(*line.split(" ", 1)) for line in joined.splitlines() if line]


ALL = instructions()
STAGES = [index for index, one in enumerate(ALL) if one.name == "FROM"]
BUILD, FINAL = ALL[STAGES[0] : STAGES[1]], ALL[STAGES[1] :]


def of(name: str, stage: list[Instruction]) -> list[str]:
    return [one.text for one in stage if one.name == name]


def copied() -> list[str]:
    """What the build takes out of the project."""
    return [source for text in of("COPY", BUILD) for source in text.split()[:-1]]


def test_what_is_copied_exists_and_is_let_through_to_the_build() -> None:
    ignore = (PROJECT / ".dockerignore").read_text("utf-8").split("\n")
    let_through = {line[1:] for line in ignore if line.startswith("!")}
    assert ignore[1] == "*"
    for source in copied():
        assert (PROJECT / source).exists(), source
        assert any(fnmatch(source, one) or source.startswith(f"{one}/") for one in let_through), source


def test_the_wheel_can_be_built_from_what_is_copied() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert project["build-system"]["requires"] == ["hatchling"]
    assert {*wheel["packages"], *wheel["force-include"], "pyproject.toml", project["project"]["readme"]} <= set(
        copied()
    )


def test_both_stages_have_the_same_base_with_a_full_tag() -> None:
    assert [ALL[index].text for index in STAGES] == ["${BASE} AS build", "${BASE}"]
    [base] = of("ARG", ALL[: STAGES[0]])
    python = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    assert re.fullmatch(rf"BASE=python:{re.escape(python.removeprefix('>='))}-slim-[a-z]+", base)


def test_everything_that_is_downloaded_has_a_hash() -> None:
    [settings] = of("ENV", BUILD)
    assert {"PIP_REQUIRE_HASHES=1", "PIP_ONLY_BINARY=:all:"} <= set(settings.split())
    for run in of("RUN", BUILD):
        for command in run.split(" && "):
            if " install " in command:
                locked = re.search(r"-[rc] requirements/(pip|runtime|dev)\.lock", command)
                assert locked or "PIP_NO_INDEX=1" in run, command
    assert not of("RUN", FINAL)
    assert not of("ADD", ALL)


def test_it_runs_as_a_numeric_user_that_is_not_root_and_without_pip() -> None:
    [user] = of("USER", FINAL)
    assert re.fullmatch(r"[1-9][0-9]{3,}:[1-9][0-9]{3,}", user)
    assert FINAL.index(Instruction("USER", user)) > max(FINAL.index(one) for one in FINAL if one.name == "COPY")
    assert "pip uninstall --yes pip" in of("RUN", BUILD)[-1]


def test_it_starts_the_service_and_passes_the_signal_on() -> None:
    assert json.loads(of("ENTRYPOINT", FINAL)[0]) == ["iplos-adapter"]
    assert json.loads(of("CMD", FINAL)[0]) == ["run"]
    assert of("STOPSIGNAL", FINAL) == ["SIGTERM"]


def test_port_of_the_health_check_is_the_one_it_listens_on() -> None:
    port = Config().http.port
    assert of("EXPOSE", FINAL) == [str(port)]
    assert f"http://127.0.0.1:{port}/health/live" in of("HEALTHCHECK", FINAL)[0]
