"""A running process follows its key file: new keys are taken in, what would make state unreadable is not."""

import base64
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapter.domain.records import Ident
from adapter.ingest.resealing import show_keys
from adapter.ops.metrics import Metrics
from adapter.sealing import KeyFile, Keyring, new_key_file, read_key_file, write_key_file

NUMBER = "14833800842"
TODAY = date(2019, 1, 7)


@dataclass(frozen=True)
class Home:
    """A key file and a process that follows it."""

    path: Path
    keys: Keyring

    @property
    def file(self) -> KeyFile:
        return read_key_file(self.path)

    def add(self, key_id: str) -> None:
        write_key_file(self.path, self.file.with_waiting(key_id, TODAY))

    def activate(self) -> None:
        write_key_file(self.path, self.file.with_active(self.file.waiting[0], TODAY))

    def retire(self, key_id: str) -> None:
        write_key_file(self.path, self.file.without(next(key for key in self.file.nokler if key.id == key_id)))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    path = tmp_path / "keys.toml"
    path.write_text(new_key_file("old"))
    return Home(path, Keyring(path))


def test_the_three_steps_are_followed_without_a_restart(home: Home) -> None:
    sealed = home.keys.look().seal_ident(Ident(nummer=NUMBER), "pas-1")
    home.add("new")
    waiting = home.keys.look()
    assert (waiting.active_id, waiting.ids) == ("old", ("old", "new"))
    assert not waiting.has_replaced("new")
    home.activate()
    active = home.keys.look()
    assert (active.active_id, active.has_replaced("old")) == ("new", True)
    moved = active.reseal_ident(sealed, "pas-1")
    assert moved == active.seal_ident(Ident(nummer=NUMBER), "pas-1")
    home.retire("old")
    assert home.keys.look().open_ident(moved, "pas-1") == NUMBER


def test_a_file_that_did_not_change_gives_the_same_sealer(home: Home) -> None:
    before = home.keys.look()
    os.utime(home.path, (0, 0))
    assert home.keys.look() is before


def test_what_is_under_way_when_a_key_leaves_the_file_still_opens(home: Home) -> None:
    sealed = home.keys.look().seal_ident(Ident(nummer=NUMBER), "pas-1")
    home.add("new")
    home.activate()
    home.retire("old")
    assert home.keys.look().open_ident(sealed, "pas-1") == NUMBER
    assert home.keys.look().has_replaced("old"), "should anything turn up, it is sealed anew"
    assert Keyring(home.path).look().ids == ("new",), "a process that starts now has not got it"


def other_pseudonym(path: Path) -> None:
    _, _, keys = path.read_text().partition("\n")
    path.write_text(f'pseudonym = "{base64.b64encode(bytes(32)).decode()}"\n{keys}')


def reused_id(path: Path) -> None:
    pseudonym, _, _ = path.read_text().partition("\n")
    _, _, keys = new_key_file("old").partition("\n")
    path.write_text(f"{pseudonym}\n{keys}")


BROKEN: list[tuple[Callable[[Path], object], str]] = [
    (Path.unlink, "no such key file"),
    (lambda path: path.write_text(path.read_text()[:60]), "not a readable key file"),
    (lambda path: path.write_bytes(b"\xff"), "not a readable key file"),
    (lambda path: path.write_text(""), "not a readable key file"),
    (other_pseudonym, "pseudonym key is another one"),
    (reused_id, "never reuse an id"),
]


@pytest.mark.parametrize(("break_it", "says"), BROKEN, ids=[says for _, says in BROKEN])
def test_a_file_that_cannot_be_used_keeps_the_former_keys_and_is_told_of_once(
    home: Home, break_it: Callable[[Path], object], says: str
) -> None:
    before, sound, metrics = home.keys.look(), home.path.read_bytes(), Metrics()
    break_it(home.path)
    with capture_logs() as logged:
        assert [home.keys.look(), home.keys.look()] == [before, before]
    [line] = logged
    assert (line["log_level"], says in line["why"]) == ("error", True)
    show_keys(home.keys, metrics)
    assert metrics.registry.get_sample_value("iplos_sealing_key_file_broken") == 1
    home.path.write_bytes(sound)
    home.add("new")
    assert home.keys.look().ids == ("old", "new")
    show_keys(home.keys, metrics)
    assert metrics.registry.get_sample_value("iplos_sealing_key_file_broken") == 0


def test_the_gauges_tell_which_key_seals_and_when_each_was_made(home: Home) -> None:
    home.add("new")
    home.keys.look()
    text = home.path.read_text()
    made = f"laget = {home.file.active.laget}\n"
    home.path.write_text(text.replace(made, "", 1))
    home.keys.look()
    metrics = Metrics()
    show_keys(home.keys, metrics)
    value = metrics.registry.get_sample_value
    assert [value("iplos_sealing_key_active", {"key": key}) for key in ("old", "new")] == [1, 0]
    created = [value("iplos_sealing_key_created_timestamp_seconds", {"key": key}) for key in ("old", "new")]
    assert created == [None, 1546819200]
