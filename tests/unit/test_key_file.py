"""Rotating a key changes the key file in one step, loses nothing of it, and lets nobody else read it."""

import re
import stat
from datetime import date
from pathlib import Path

import pytest

from adapter.sealing import Key, KeyFile, new_key_file, read_key_file, write_key_file

TODAY = date(2019, 1, 7)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "keys.toml"
    path.write_text(new_key_file("old"))
    path.chmod(0o600)
    return path


def ids(file: KeyFile) -> list[tuple[str, bool]]:
    return [(key.id, key.venter) for key in file.nokler]


def test_a_new_key_waits_behind_the_others_then_goes_before_them_then_the_old_one_leaves(path: Path) -> None:
    old = read_key_file(path)
    added = old.with_waiting("new", TODAY)
    assert (ids(added), added.active) == ([("old", False), ("new", True)], old.active)
    active = added.with_active(added.waiting[0], TODAY)
    assert (ids(active), active.waiting) == ([("new", False), ("old", False)], ())
    assert (active.active.laget, active.active.aktiv_fra) == (TODAY, TODAY)
    assert ids(active.without(old.active)) == [("new", False)]
    assert {one.pseudonym for one in (old, added, active)} == {old.pseudonym}
    assert len({key.hemmelighet for key in added.nokler}) == 2


def test_what_is_written_is_what_is_read(path: Path) -> None:
    file = read_key_file(path).with_waiting('a "name" with \\ and æ', TODAY)
    for one in (file, file.with_active(file.waiting[0], TODAY)):
        write_key_file(path, one)
        assert read_key_file(path) == one


def test_a_file_from_before_there_were_dates_is_read_and_rotated(path: Path) -> None:
    path.write_text("\n".join(line for line in path.read_text().splitlines() if not re.match("laget|aktiv_fra", line)))
    file = read_key_file(path)
    assert (file.active.laget, file.active.aktiv_fra, file.waiting) == (None, None, ())
    write_key_file(path, file.with_waiting("new", TODAY))
    assert ids(read_key_file(path)) == [("old", False), ("new", True)]


@pytest.mark.parametrize(("mode", "after"), [(0o600, 0o600), (0o640, 0o640), (0o644, 0o640), (0o400, 0o400)])
def test_owner_and_group_keep_what_they_may_and_nobody_else_reads_it(path: Path, mode: int, after: int) -> None:
    path.chmod(mode)
    write_key_file(path, read_key_file(path).with_waiting("new", TODAY))
    assert stat.S_IMODE(path.stat().st_mode) == after
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_link_to_the_file_stays_a_link(path: Path) -> None:
    link = path.with_name("link.toml")
    link.symlink_to(path)
    write_key_file(link, read_key_file(link).with_waiting("new", TODAY))
    assert link.is_symlink()
    assert ids(read_key_file(path)) == [("old", False), ("new", True)]


def test_a_write_that_fails_leaves_the_file_and_nothing_beside_it(path: Path) -> None:
    before = path.read_bytes()
    # A lone surrogate is no text that a file could hold.
    with pytest.raises(UnicodeEncodeError):
        write_key_file(path, KeyFile("\ud800", (Key("new", "x"),)))
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_no_secret_is_shown_of_a_key_file(path: Path) -> None:
    file = read_key_file(path)
    for shown in (repr(file), str(file), repr(file.active), f"{[file]}"):
        assert not any(secret in shown for secret in (file.pseudonym, file.active.hemmelighet))
