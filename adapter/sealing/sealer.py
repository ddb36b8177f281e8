"""What seals and opens, with one set of keys.

AES-256-GCM. An identity is sealed with a nonce derived from the text and the person key (HMAC-SHA-256), so that the
same event always gives the same state, byte for byte; the nonce repeats only when text and place repeat too, which
tells an onlooker no more than that the same event came again. Parked payloads get a random nonce.

The key id is stored with what it sealed, so that keys can change.
"""

import hashlib
import hmac
import os
from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec.structs import replace

from adapter.domain.identity import classify
from adapter.domain.records import ForsegletIdent, Ident
from adapter.sealing.key_file import KeyFile, decode_secret, read_key_file

_NONCE_BYTES = 12


class SealBrokenError(ValueError):
    """Something sealed cannot be opened: wrong key, or changed on the way."""


class Sealer:
    """The sealing keys by id, the first one active, and the pseudonym key that person numbers are drawn with.

    `waiting` are keys that somebody else may seal with already, and this one not yet.
    """

    def __init__(self, keys: Mapping[str, bytes], pseudonym: bytes, waiting: Collection[str] = ()) -> None:
        self.active_id = next(iter(keys))
        self.ids = tuple(keys)
        self._waiting = frozenset(waiting)
        self._seal = {key_id: AESGCM(_derive(secret, b"seal")) for key_id, secret in keys.items()}
        self._file = {key_id: _derive(secret, b"file") for key_id, secret in keys.items()}
        self._nonce = {key_id: _derive(secret, b"nonce") for key_id, secret in keys.items()}
        self._print = _derive(pseudonym, b"avtrykk")
        self._number = _derive(pseudonym, b"person-id")

    @classmethod
    def load(cls, path: Path) -> "Sealer":
        """The keys of a key file. Raises `KeyFileError`."""
        return cls.of(read_key_file(path))

    @classmethod
    def of(cls, file: KeyFile, known: Mapping[str, bytes] = MappingProxyType({})) -> "Sealer":
        """The keys of a file that has been read, and behind them others that shall still open."""
        keys = {key.id: decode_secret(key.hemmelighet) for key in file.nokler}
        return cls(
            {**keys, **{name: key for name, key in known.items() if name not in keys}},
            decode_secret(file.pseudonym),
            waiting=[key.id for key in file.waiting],
        )

    def seal_ident(self, ident: Ident, person_key: str) -> ForsegletIdent:
        """The number sealed to this person, with the facts that rules need. The same input gives the same output."""
        facts = classify(ident.nummer, ident.type)
        text = ident.nummer.encode()
        return ForsegletIdent(
            nokkel_id=self.active_id,
            forseglet=self._sealed(text, person_key.encode()),
            avtrykk=self._drawn(text),
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

    def verify(self, sealed: ForsegletIdent, person_key: str) -> None:
        """See that this was sealed, and its print drawn, with the keys that are here. Raises `SealBrokenError`."""
        drawn = self._drawn(self.open_ident(sealed, person_key).encode())
        if not hmac.compare_digest(drawn, sealed.avtrykk):
            raise SealBrokenError("the prints of identities were drawn with another pseudonym key")

    def has_replaced(self, key_id: str) -> bool:
        """Whether what this key sealed is to be sealed anew. Not while it waits: others are ahead, and will go on."""
        return key_id in self._seal and key_id != self.active_id and key_id not in self._waiting

    def reseal_ident(self, sealed: ForsegletIdent, person_key: str) -> ForsegletIdent:
        """The same identity, as the active key seals it; the facts beside it are left as they are."""
        if not self.has_replaced(sealed.nokkel_id):
            return sealed
        text = self.open_ident(sealed, person_key).encode()
        return replace(sealed, nokkel_id=self.active_id, forseglet=self._sealed(text, person_key.encode()))

    def seal_bytes(self, payload: bytes, place: bytes) -> bytes:
        """Any bytes, bound to a place (for a dead letter: topic, partition and offset)."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._seal[self.active_id].encrypt(nonce, payload, place)

    def open_bytes(self, key_id: str, sealed: bytes, place: bytes) -> bytes:
        """The bytes that `seal_bytes` sealed to this place with this key."""
        return self._open(key_id, sealed, place)

    def file_key(self, key_id: str, salt: bytes) -> bytes:
        """The key of one file, whose salt no other file has. Raises `SealBrokenError` when its key is not here."""
        if key_id not in self._file:
            raise SealBrokenError(f"the key file holds no key with id {key_id!r}")
        return hmac.digest(self._file[key_id], salt, hashlib.sha256)

    def person_number(self, person_key: str, scope: str) -> int:
        """A number that is the person's own within `scope` and means nothing outside it; 64 bits, uniform."""
        drawn = hmac.digest(self._number, f"{scope}\0{person_key}".encode(), hashlib.sha256)
        return int.from_bytes(drawn[:8], "big")

    def _sealed(self, text: bytes, place: bytes) -> bytes:
        nonce = hmac.digest(self._nonce[self.active_id], place + b"\0" + text, hashlib.sha256)[:_NONCE_BYTES]
        return nonce + self._seal[self.active_id].encrypt(nonce, text, place)

    def _drawn(self, text: bytes) -> bytes:
        return hmac.digest(self._print, text, hashlib.sha256)[:8]

    def _open(self, key_id: str, sealed: bytes, place: bytes) -> bytes:
        cipher = self._seal.get(key_id)
        if cipher is None:
            raise SealBrokenError(f"the key file holds no key with id {key_id!r}")
        try:
            return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place)
        except (InvalidTag, ValueError):
            raise SealBrokenError(f"what key {key_id!r} sealed cannot be opened with it") from None


def _derive(secret: bytes, purpose: bytes) -> bytes:
    # One expand step of HKDF (RFC 5869) is enough: the secret is 32 uniform bytes and 32 are wanted.
    return hmac.digest(secret, b"iplos-adapter " + purpose + b"\x01", hashlib.sha256)
