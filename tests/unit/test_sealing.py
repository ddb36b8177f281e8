"""A sealed number tells nothing, always seals to the same bytes, and opens for its own person with its own key only."""

import base64
from pathlib import Path

import pytest

from adapter.domain.records import Ident
from adapter.sealing import KeyFileError, SealBrokenError, Sealer, new_key_file

NUMBER = "14833800842"
PSEUDONYM = b"p" * 32
OLD, NEW = Sealer({"2017": b"o" * 32}, PSEUDONYM), Sealer({"2018": b"n" * 32, "2017": b"o" * 32}, PSEUDONYM)


def test_the_same_event_gives_the_same_bytes() -> None:
    again = Sealer({"2017": b"o" * 32}, PSEUDONYM)
    assert OLD.seal_ident(Ident(nummer=NUMBER), "pas-1") == again.seal_ident(Ident(nummer=NUMBER), "pas-1")


@pytest.mark.parametrize(
    ("number", "person"), [(NUMBER, "pas-2"), ("54833800674", "pas-1")], ids=["another person", "another number"]
)
def test_another_number_or_person_gives_other_bytes(number: str, person: str) -> None:
    sealed, other = OLD.seal_ident(Ident(nummer=NUMBER), "pas-1"), OLD.seal_ident(Ident(nummer=number), person)
    assert sealed.forseglet != other.forseglet
    assert sealed.forseglet[:12] != other.forseglet[:12], "a nonce is never used for two texts"


def test_the_number_is_not_in_what_is_kept() -> None:
    sealed = OLD.seal_ident(Ident(nummer=NUMBER), "pas-1")
    for kept in (sealed.forseglet, sealed.avtrykk, repr(sealed).encode()):
        for hidden in (NUMBER, NUMBER[6:], base64.b64encode(NUMBER.encode()).decode()):
            assert hidden.encode() not in kept


def test_the_facts_about_the_number_are_kept_beside_it() -> None:
    sealed = OLD.seal_ident(Ident(nummer=NUMBER), "pas-1")
    assert (sealed.type, sealed.gyldig, sealed.syntetisk, sealed.kjonn) == ("1", True, True, "K")
    wrong = OLD.seal_ident(Ident(nummer="14833800843"), "pas-1")
    assert (wrong.type, wrong.gyldig, wrong.problem) == ("9", False, "check_digit")
    assert OLD.open_ident(wrong, "pas-1") == "14833800843"


def test_two_persons_with_one_number_have_one_print() -> None:
    first, second = (OLD.seal_ident(Ident(nummer=NUMBER), person) for person in ("pas-1", "pas-2"))
    assert first.avtrykk == second.avtrykk
    assert first.avtrykk != Sealer({"2017": b"o" * 32}, b"q" * 32).seal_ident(Ident(nummer=NUMBER), "pas-1").avtrykk


def test_what_is_sealed_to_a_person_does_not_open_for_another() -> None:
    sealed = OLD.seal_ident(Ident(nummer=NUMBER), "pas-1")
    assert OLD.open_ident(sealed, "pas-1") == NUMBER
    with pytest.raises(SealBrokenError):
        OLD.open_ident(sealed, "pas-2")


def test_a_wrong_key_is_refused() -> None:
    sealed = OLD.seal_ident(Ident(nummer=NUMBER), "pas-1")
    with pytest.raises(SealBrokenError, match="cannot be opened"):
        Sealer({"2017": b"x" * 32}, PSEUDONYM).open_ident(sealed, "pas-1")


def test_a_key_that_is_gone_is_named() -> None:
    sealed = OLD.seal_ident(Ident(nummer=NUMBER), "pas-1")
    with pytest.raises(SealBrokenError, match="'2017'"):
        Sealer({"2018": b"n" * 32}, PSEUDONYM).open_ident(sealed, "pas-1")


@pytest.mark.parametrize("at", [0, 11, 12, -1])
def test_one_bit_changed_is_refused(at: int) -> None:
    sealed = bytearray(OLD.seal_bytes(b"innhold", b"avvist/0/17"))
    sealed[at] ^= 1
    with pytest.raises(SealBrokenError):
        OLD.open_bytes("2017", bytes(sealed), b"avvist/0/17")


@pytest.mark.parametrize("length", [0, 5, 12, 27])
def test_bytes_cut_short_are_refused(length: int) -> None:
    with pytest.raises(SealBrokenError):
        OLD.open_bytes("2017", OLD.seal_bytes(b"innhold", b"x")[:length], b"x")


def test_after_a_key_change_the_old_opens_and_the_new_seals() -> None:
    assert NEW.open_ident(OLD.seal_ident(Ident(nummer=NUMBER), "pas-1"), "pas-1") == NUMBER
    assert NEW.seal_ident(Ident(nummer=NUMBER), "pas-1").nokkel_id == "2018"
    assert (
        NEW.seal_ident(Ident(nummer=NUMBER), "pas-1").avtrykk == OLD.seal_ident(Ident(nummer=NUMBER), "pas-1").avtrykk
    )


def test_a_dead_letter_opens_only_in_its_own_place_and_never_looks_the_same_twice() -> None:
    first, second = (OLD.seal_bytes(b"innhold", b"avvist/0/17") for _ in range(2))
    assert first != second
    assert b"innhold" not in first
    assert OLD.open_bytes("2017", first, b"avvist/0/17") == b"innhold"
    with pytest.raises(SealBrokenError):
        OLD.open_bytes("2017", first, b"avvist/0/18")


def test_a_person_number_is_stable_in_its_scope_and_means_nothing_outside_it() -> None:
    assert OLD.person_number("pas-1", "0301-05/2018") == NEW.person_number("pas-1", "0301-05/2018")
    drawn = {OLD.person_number(person, scope) for person in ("pas-1", "pas-2") for scope in ("0301/2018", "0301/2019")}
    assert len(drawn) == 4
    assert all(0 <= number < 2**64 for number in drawn)


# ---- the key file ----------------------------------------------------------------------------------------------------


def test_a_new_key_file_can_be_used_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "nokler.toml"
    path.write_text(new_key_file("2018-01"))
    sealer = Sealer.load(path)
    assert (sealer.active_id, sealer.ids) == ("2018-01", ("2018-01",))
    assert sealer.open_ident(sealer.seal_ident(Ident(nummer=NUMBER), "pas-1"), "pas-1") == NUMBER
    assert new_key_file("2018-01") != new_key_file("2018-01")


def test_the_first_key_of_the_file_is_the_active_one(tmp_path: Path) -> None:
    path = tmp_path / "nokler.toml"
    newer, older = (new_key_file(key_id) for key_id in ("2018", "2017"))
    path.write_text(newer + older[older.index("[[nokler]]") :])
    assert (Sealer.load(path).active_id, Sealer.load(path).ids) == ("2018", ("2018", "2017"))


SECRET = base64.b64encode(b"hemmelig" * 4).decode()
KEY = f'[[nokler]]\nid = "2018"\nhemmelighet = "{SECRET}"\n'
PRINT = f'pseudonym = "{SECRET}"\n'


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "no such key file"),
        ("", "not a readable key file"),
        (f"{PRINT}[[nokler", "not a readable key file"),
        (KEY, "not a readable key file"),
        (PRINT, "not a readable key file"),
        (PRINT + KEY.replace("hemmelighet", "hemmelig"), "not a readable key file"),
        (PRINT + KEY.replace(f'"{SECRET}"', "5"), "not a readable key file"),
        (f"{PRINT}nokler = []", "holds no"),
        (PRINT + KEY + KEY, "same id"),
        (PRINT + KEY.replace(SECRET, SECRET[:-4]), "32 are needed"),
        (PRINT + KEY.replace(SECRET, f"!{SECRET}"), "not base64"),
        (PRINT + KEY.replace(SECRET, f"æ{SECRET}"), "not base64"),
        (KEY.replace(SECRET, "") + PRINT, "not a readable key file"),
        (PRINT.replace(SECRET, SECRET[:8]) + KEY, "32 are needed"),
    ],
)
def test_a_key_file_that_cannot_be_used_gives_one_clear_line_without_keys(
    tmp_path: Path, content: str | None, says: str
) -> None:
    path = tmp_path / "nokler.toml"
    if content is not None:
        path.write_text(content)
    with pytest.raises(KeyFileError) as raised:
        Sealer.load(path)
    text = str(raised.value)
    assert says in text
    assert str(path) in text
    assert "\n" not in text
    assert SECRET[:8] not in text


def test_a_key_file_that_is_a_folder_or_not_text_is_refused_the_same_way(tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path, tmp_path / "bytes"):
        with pytest.raises(KeyFileError, match="not a readable key file"):
            Sealer.load(path)
