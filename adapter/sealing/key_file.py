"""The key file: what stands in it, and the changes that rotate a key. Written whole or not at all.

The first key is the active one: it seals. The others open what they sealed before, or wait: a key that waits is known
to every process before any of them seals with it, so that nobody meets a seal it cannot open.

The pseudonym key never changes. With it person numbers (`pePeID`) and prints are drawn: another one would make every
person of the year a new one to the register, and every identity in state another than its own next version.
"""

import base64
import contextlib
import os
import stat
import tempfile
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
from msgspec.structs import replace

SECRET_BYTES = 32


class KeyFileError(ValueError):
    """The key file cannot be used; the text says what to do and holds no key."""


class Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sealing key. Files made by hand or before there were dates leave the last three out."""

    id: str
    hemmelighet: str
    laget: date | None = None
    aktiv_fra: date | None = None
    venter: bool = False

    def __repr__(self) -> str:
        return f"Key({self.id!r}, <skjult>)"


class KeyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole key file. Each change gives another one."""

    pseudonym: str
    nokler: tuple[Key, ...]

    def __repr__(self) -> str:
        return f"KeyFile(<skjult>, {self.nokler!r})"

    @property
    def active(self) -> Key:
        """The key that seals."""
        return self.nokler[0]

    @property
    def waiting(self) -> tuple[Key, ...]:
        """Keys that have sealed nothing yet."""
        return tuple(key for key in self.nokler[1:] if key.venter)

    def key(self, key_id: str) -> Key | None:
        """The key of this id."""
        return next((key for key in self.nokler if key.id == key_id), None)

    def with_waiting(self, key_id: str, today: date) -> "KeyFile":
        """A new key behind the others, which seals nothing before it is activated."""
        new = Key(key_id, _new_secret(), laget=today, venter=True)
        return replace(self, nokler=(*self.nokler, new))

    def with_active(self, key: Key, today: date) -> "KeyFile":
        """One of the keys in front of the others."""
        others = tuple(one for one in self.nokler if one != key)
        return replace(self, nokler=(replace(key, aktiv_fra=today, venter=False), *others))

    def without(self, key: Key) -> "KeyFile":
        """What this key sealed can never be opened again."""
        return replace(self, nokler=tuple(one for one in self.nokler if one != key))


def read_key_file(path: Path) -> KeyFile:
    """Read a key file (TOML: `pseudonym` and `[[nokler]]` with `id` and `hemmelighet`, base64 of 32 bytes)."""
    try:
        file = msgspec.convert(tomllib.loads(path.read_text("utf-8")), KeyFile)
    except FileNotFoundError:
        raise KeyFileError(f"{path}: no such key file; make one with `iplos-adapter keys new {path}`") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError):
        raise KeyFileError(f"{path}: not a readable key file; see `iplos-adapter keys new --help`") from None
    if not file.nokler:
        raise KeyFileError(f"{path}: the key file holds no [[nokler]]")
    if len({key.id for key in file.nokler}) < len(file.nokler):
        raise KeyFileError(f"{path}: two [[nokler]] have the same id; give each its own, and never reuse one")
    try:
        for text in (file.pseudonym, *(key.hemmelighet for key in file.nokler)):
            decode_secret(text)
    except KeyFileError as error:
        raise KeyFileError(f"{path}: {error}") from None
    return file


def write_key_file(path: Path, file: KeyFile) -> None:
    """Put this file in the place of the one that is there, in one step; whoever owns and reads it stays the same.

    A service that reads meanwhile sees the old or the new one. Raises `OSError`.
    """
    path = path.resolve(strict=True)
    there = path.stat()
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as new:
            made = os.fstat(descriptor)
            if (made.st_uid, made.st_gid) != (there.st_uid, there.st_gid):
                os.fchown(descriptor, there.st_uid, there.st_gid)
            # Owner and group keep what they had; nobody else ever reads it.
            os.fchmod(descriptor, stat.S_IMODE(there.st_mode) & 0o660)
            new.write("\n".join(_lines(file)))
            new.flush()
            os.fsync(descriptor)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def new_key_file(key_id: str) -> str:
    """Text of a fresh key file with one sealing key."""
    today = datetime.now(UTC).date()
    return "\n".join(_lines(KeyFile(_new_secret(), (Key(key_id, _new_secret(), today, today),))))


def decode_secret(text: str) -> bytes:
    """The bytes of a key. Raises `KeyFileError`."""
    try:
        found = base64.b64decode(text, validate=True)
    except ValueError:
        raise KeyFileError("a key is not base64") from None
    if len(found) != SECRET_BYTES:
        raise KeyFileError(f"a key is {len(found)} bytes long, {SECRET_BYTES} are needed")
    return found


def _new_secret() -> str:
    return base64.b64encode(os.urandom(SECRET_BYTES)).decode()


def _lines(file: KeyFile) -> Iterator[str]:
    yield f'pseudonym = "{file.pseudonym}"'
    for key in file.nokler:
        yield ""
        yield "[[nokler]]"
        # A JSON string is a TOML string.
        yield f"id = {msgspec.json.encode(key.id).decode()}"
        yield f'hemmelighet = "{key.hemmelighet}"'
        if key.laget is not None:
            yield f"laget = {key.laget}"
        if key.aktiv_fra is not None:
            yield f"aktiv_fra = {key.aktiv_fra}"
        if key.venter:
            yield "venter = true"
    yield ""
