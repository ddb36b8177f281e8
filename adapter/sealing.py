"""Sealing: identity numbers and parked payloads are unreadable everywhere but in the ident writer.

AES-256-GCM. An identity is sealed with a nonce derived from the text and the person key (HMAC-SHA-256), so that the
same event always gives the same state, byte for byte; the nonce repeats only when text and place repeat too, which
tells an onlooker no more than that the same event came again. Parked payloads get a random nonce.

Keys come from a file (`Sealer.load`). The key id is stored with what it sealed, so that keys can change.
"""

import base64
import hashlib
import hmac
import os
import tomllib
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from adapter.domain.identity import classify
from adapter.domain.records import ForsegletIdent, Ident

_NONCE_BYTES = 12


class KeyFileError(ValueError):
    """The key file cannot be used; the text says what to do and holds no key."""


class SealBrokenError(ValueError):
    """Something sealed cannot be opened: wrong key, or changed on the way."""


class _Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    hemmelighet: str


class _KeyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pseudonym: str
    nokler: list[_Key]


class Sealer:
    """The sealing keys by id, the first one active, and the pseudonym key that person numbers are drawn with."""

    def __init__(self, keys: dict[str, bytes], pseudonym: bytes) -> None:
        self.active_id = next(iter(keys))
        self.ids = tuple(keys)
        self._seal = {key_id: AESGCM(_derive(secret, b"seal")) for key_id, secret in keys.items()}
        self._nonce = {key_id: _derive(secret, b"nonce") for key_id, secret in keys.items()}
        self._print = _derive(pseudonym, b"avtrykk")
        self._number = _derive(pseudonym, b"person-id")

    @classmethod
    def load(cls, path: Path) -> "Sealer":
        """Read a key file (TOML: `pseudonym` and `[[nokler]]` with `id` and `hemmelighet`, base64 of 32 bytes)."""
        try:
            content = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _KeyFile)
        except FileNotFoundError:
            raise KeyFileError(f"{path}: no such key file; make one with `iplos-adapter keys new {path}`") from None
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError):
            raise KeyFileError(f"{path}: not a readable key file; see `iplos-adapter keys new --help`") from None
        if not content.nokler:
            raise KeyFileError(f"{path}: the key file holds no [[nokler]]")
        keys = {key.id: _secret(key.hemmelighet, path) for key in content.nokler}
        if len(keys) < len(content.nokler):
            raise KeyFileError(f"{path}: two [[nokler]] have the same id; give each its own, and never reuse one")
        return cls(keys, _secret(content.pseudonym, path))

    def seal_ident(self, ident: Ident, person_key: str) -> ForsegletIdent:
        """The number sealed to this person, with the facts that rules need. The same input gives the same output."""
        facts = classify(ident.nummer, ident.type)
        text = ident.nummer.encode()
        place = person_key.encode()
        nonce = hmac.digest(self._nonce[self.active_id], place + b"\0" + text, hashlib.sha256)[:_NONCE_BYTES]
        return ForsegletIdent(
            nokkel_id=self.active_id,
            forseglet=nonce + self._seal[self.active_id].encrypt(nonce, text, place),
            avtrykk=hmac.digest(self._print, text, hashlib.sha256)[:8],
            type=facts.type_id,
            gyldig=facts.valid,
            problem=facts.problem,
            syntetisk=facts.synthetic,
            tvetydig=facts.ambiguous,
            fra_2032=facts.by_2032_rule,
            fodselsdato=facts.birth_date,
            kjonn=facts.sex,
        )

    def open_ident(self, sealed: ForsegletIdent, person_key: str) -> str:
        """The number in clear. Only the ident message is written from this."""
        return self._open(sealed.nokkel_id, sealed.forseglet, person_key.encode()).decode()

    def seal_bytes(self, payload: bytes, place: bytes) -> bytes:
        """Any bytes, bound to a place (for a dead letter: topic, partition and offset)."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._seal[self.active_id].encrypt(nonce, payload, place)

    def open_bytes(self, key_id: str, sealed: bytes, place: bytes) -> bytes:
        """The bytes that `seal_bytes` sealed to this place with this key."""
        return self._open(key_id, sealed, place)

    def person_number(self, person_key: str, scope: str) -> int:
        """A number that is the person's own within `scope` and means nothing outside it; 64 bits, uniform."""
        drawn = hmac.digest(self._number, f"{scope}\0{person_key}".encode(), hashlib.sha256)
        return int.from_bytes(drawn[:8], "big")

    def _open(self, key_id: str, sealed: bytes, place: bytes) -> bytes:
        cipher = self._seal.get(key_id)
        if cipher is None:
            raise SealBrokenError(f"the key file holds no key with id {key_id!r}")
        try:
            return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place)
        except (InvalidTag, ValueError):
            raise SealBrokenError(f"what key {key_id!r} sealed cannot be opened with it") from None


def new_key_file(key_id: str) -> str:
    """Text of a fresh key file with one sealing key."""
    secret, pseudonym = (base64.b64encode(os.urandom(32)).decode() for _ in range(2))
    return f'pseudonym = "{pseudonym}"\n\n[[nokler]]\nid = "{key_id}"\nhemmelighet = "{secret}"\n'


def _derive(secret: bytes, purpose: bytes) -> bytes:
    # One expand step of HKDF (RFC 5869) is enough: the secret is 32 uniform bytes and 32 are wanted.
    return hmac.digest(secret, b"iplos-adapter " + purpose + b"\x01", hashlib.sha256)


def _secret(text: str, path: Path) -> bytes:
    try:
        secret = base64.b64decode(text, validate=True)
    except ValueError:
        raise KeyFileError(f"{path}: a key is not base64") from None
    if len(secret) != 32:
        raise KeyFileError(f"{path}: a key is {len(secret)} bytes long, 32 are needed")
    return secret
