"""Certificates for a broker and its clients, good ones and each kind of bad one. All made up, gone with the folder."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

HOST = "127.0.0.1"
NOW = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
LONG_AGO, RECENTLY = NOW - timedelta(days=400), NOW - timedelta(days=1)


class Pair(NamedTuple):
    """A client's certificate and its key."""

    certificate: Path
    key: Path


class Certificates:
    """An authority, one that nobody knows, and what they have signed. Files are PEM, keys PKCS 8 as Java wants them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ca, self._stranger = trustme.CA(), trustme.CA()
        self.ca, self.stranger_ca = folder / "ca.pem", folder / "stranger-ca.pem"
        self._ca.cert_pem.write_to_path(self.ca)
        self._stranger.cert_pem.write_to_path(self.stranger_ca)

    def broker(self, name: str, host: str = HOST, *, expired: bool = False) -> Path:
        """A broker's identity, key and chain in one file."""
        issued = self._ca.issue_cert(host, not_before=LONG_AGO, not_after=RECENTLY if expired else None)
        path = self.folder / f"{name}.pem"
        path.write_bytes(_key(issued) + b"".join(one.bytes() for one in issued.cert_chain_pems))
        return path

    def client(
        self, name: str, *, expired: bool = False, strange: bool = False, password: str = "", days: int = 0
    ) -> Pair:
        """A client's certificate; its distinguished name begins with `CN=<name>`. `days` from now it ends, if given."""
        end = RECENTLY if expired else NOW + timedelta(days=days) if days else None
        issuer = self._stranger if strange else self._ca
        issued = issuer.issue_cert(f"{name}.invalid", common_name=name, not_before=LONG_AGO, not_after=end)
        pair = Pair(self.folder / f"{name}.crt", self.folder / f"{name}.key")
        pair.certificate.write_bytes(b"".join(one.bytes() for one in issued.cert_chain_pems))
        pair.key.write_bytes(_key(issued, password))
        return pair


def _key(issued: trustme.LeafCert, password: str = "") -> bytes:
    key = load_pem_private_key(issued.private_key_pem.bytes(), None)
    closed = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, closed)
