"""The wheel, installed by itself: from hash-locked packages into an empty environment, run from any folder.

It is built and installed by the Dockerfile's own instructions, so that these are shown to work too, short of an image.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

import pytest

from adapter import __version__
from tests.deploy.place import PROJECT
from tests.deploy.test_dockerfile import BUILD

# Downloads of what is not in pip's cache yet, and a machine that does other things meanwhile.
pytestmark = pytest.mark.timeout(1200)


class Built(NamedTuple):
    """What the image's first stage leaves."""

    wheel: Path
    program: Path


def done(*command: str | Path, cwd: Path, **environment: str) -> str:
    """What a command printed; AssertionError with it when it failed. It gets nothing of this process's settings."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("IPLOS_", "PYTHON", "VIRTUAL"))}
    ended = subprocess.run(
        command, cwd=cwd, env=clean | environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert ended.returncode == 0, f"{command} in {cwd}:\n{ended.stdout}\n{ended.stderr}"
    return ended.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The Dockerfile's first stage, instruction by instruction, with this Python and folders of its own."""
    root = tmp_path_factory.mktemp("image")
    folders = {name: f"{root}{name}" for name in ("/build", "/backend", "/opt/iplos-adapter")}
    here = Path(folders["/build"])
    # This Python where the image has the base's; pip may use its cache; byte code is made when it is needed.
    environment = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PIP_NO_COMPILE": "1"}
    for one in BUILD:
        match one.name:
            case "WORKDIR":
                here.mkdir(parents=True)
            case "ENV":
                environment |= dict(setting.split("=", 1) for setting in one.text.split())
                environment.pop("PIP_NO_CACHE_DIR")
            case "COPY":
                *sources, target = one.text.split()
                copy(sources, here / target)
            case "RUN":
                command = re.sub(r"(?<![\w/])(/backend|/opt/iplos-adapter)", lambda name: folders[name[1]], one.text)
                done("sh", "-e", "-c", command, cwd=here, **environment)
            case other:
                assert other == "FROM"
    [wheel] = (here / "dist").glob("*.whl")
    return Built(wheel, Path(folders["/opt/iplos-adapter"]) / "bin" / "iplos-adapter")


def copy(sources: list[str], target: Path) -> None:
    """As COPY does: a folder's content, or files into a folder."""
    for source in sources:
        if (PROJECT / source).is_dir():
            shutil.copytree(PROJECT / source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / source, target)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder with nothing of the project in or above it."""
    assert not any((folder / "pyproject.toml").exists() for folder in (tmp_path, *tmp_path.parents))
    return tmp_path


def test_the_wheel_holds_the_contract_and_the_year_packs_and_no_tests(built: Built) -> None:
    names = ZipFile(built.wheel).namelist()
    assert built.wheel.name == f"iplos_adapter-{__version__}-py3-none-any.whl"
    assert {
        "adapter/_shipped/topics/topics.toml",
        "adapter/_shipped/topics/asyncapi.yaml",
        "adapter/_shipped/schemas/2018/pack.toml",
        "adapter/settings/eksempel.toml",
    } <= set(names)
    assert {name.partition("/")[0] for name in names} == {"adapter", f"iplos_adapter-{__version__}.dist-info"}
    assert not [name for name in names if "keys" in Path(name).name and name.endswith(".toml")]


def test_it_tells_its_version_and_its_data_from_any_folder(built: Built, elsewhere: Path) -> None:
    assert done(built.program, "--version", cwd=elsewhere).strip() == __version__
    assert "kommune.iplos.hendelser.v1" in done(built.program, "topics", "list", cwd=elsewhere, COLUMNS="200")
    assert "2018" in done(built.program, "year", "list", cwd=elsewhere)
    assert "[kafka]" in done(built.program, "config", "example", cwd=elsewhere)


def test_it_builds_and_validates_a_report_from_any_folder(built: Built, elsewhere: Path) -> None:
    events = done(built.program, "simulate", "--persons", "20", "--year", "2018", "--kommune", "5001", cwd=elsewhere)
    (elsewhere / "events.jsonl").write_text(events, "utf-8")
    unit = ("--kommune", "5001", "--year", "2018")
    done(built.program, "build", "--events", "events.jsonl", *unit, "--out", "built", cwd=elsewhere)
    messages = sorted((elsewhere / "built").glob("*.xml"))
    assert [one.name[:7] for one in messages] == ["KPR_IDE", "KPR_IPL"]
    done(built.program, "validate", *messages, cwd=elsewhere)
    assert {one.name for one in elsewhere.iterdir()} == {"events.jsonl", "built"}
