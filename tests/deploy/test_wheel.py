"""The wheel, installed by itself: from hash-locked packages into an empty environment, run from any folder."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from adapter import __version__
from tests.deploy.place import PROJECT

# Downloads of what is not in pip's cache yet, and a machine that does other things meanwhile.
pytestmark = pytest.mark.timeout(600)

REQUIREMENTS = PROJECT / "requirements"


def done(*command: str | Path, cwd: Path, **environment: str) -> str:
    """What a command printed; AssertionError with it when it failed. It gets nothing of this process's surroundings."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("IPLOS_", "PYTHON", "VIRTUAL"))}
    ended = subprocess.run(
        command, cwd=cwd, env=clean | environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert ended.returncode == 0, f"{command} in {cwd}:\n{ended.stdout}\n{ended.stderr}"
    return ended.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by the backend that is installed here."""
    folder = tmp_path_factory.mktemp("wheel")
    done(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=PROJECT)
    [found] = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`iplos-adapter` in an environment of its own."""
    folder = tmp_path_factory.mktemp("environment")
    done(sys.executable, "-m", "venv", folder, cwd=folder)
    pip = (folder / "bin" / "python", "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--no-compile")
    locked = ("--require-hashes", "--only-binary", ":all:")
    done(*pip, *locked, "-r", REQUIREMENTS / "pip.lock", cwd=folder)
    done(*pip, *locked, "-r", REQUIREMENTS / "runtime.lock", cwd=folder)
    done(*pip, "--no-deps", "--no-index", wheel, cwd=folder)
    done(folder / "bin" / "python", "-m", "pip", "check", cwd=folder)
    return folder / "bin" / "iplos-adapter"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder with nothing of the project in or above it."""
    assert not any((folder / "pyproject.toml").exists() for folder in (tmp_path, *tmp_path.parents))
    return tmp_path


def test_the_wheel_holds_the_contract_and_the_year_packs_and_no_tests(wheel: Path) -> None:
    names = ZipFile(wheel).namelist()
    assert wheel.name == f"iplos_adapter-{__version__}-py3-none-any.whl"
    assert {
        "adapter/_shipped/topics/topics.toml",
        "adapter/_shipped/topics/asyncapi.yaml",
        "adapter/_shipped/schemas/2018/pack.toml",
        "adapter/eksempel.toml",
    } <= set(names)
    assert {name.partition("/")[0] for name in names} == {"adapter", f"iplos_adapter-{__version__}.dist-info"}
    assert not [name for name in names if "keys" in Path(name).name and name.endswith(".toml")]


def test_it_tells_its_version_and_its_data_from_any_folder(program: Path, elsewhere: Path) -> None:
    assert done(program, "--version", cwd=elsewhere).strip() == __version__
    assert "kommune.iplos.hendelser.v1" in done(program, "topics", "list", cwd=elsewhere, COLUMNS="200")
    assert "2018" in done(program, "year", "list", cwd=elsewhere)
    assert "[kafka]" in done(program, "config", "example", cwd=elsewhere)


def test_it_builds_and_validates_a_report_from_any_folder(program: Path, elsewhere: Path) -> None:
    events = done(program, "simulate", "--persons", "20", "--year", "2018", "--kommune", "5001", cwd=elsewhere)
    (elsewhere / "events.jsonl").write_text(events, "utf-8")
    unit = ("--kommune", "5001", "--year", "2018")
    done(program, "build", "--events", "events.jsonl", *unit, "--out", "built", cwd=elsewhere)
    messages = sorted((elsewhere / "built").glob("*.xml"))
    assert [one.name[:7] for one in messages] == ["KPR_IDE", "KPR_IPL"]
    done(program, "validate", *messages, cwd=elsewhere)
    assert {one.name for one in elsewhere.iterdir()} == {"events.jsonl", "built"}
