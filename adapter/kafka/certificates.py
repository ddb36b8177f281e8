"""When certificates in files end: for a gauge, and to explain why a broker turned us away."""

from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509


def ends(path: str) -> datetime | None:
    """When the first certificate of a PEM file to end does so; None without a file, or where none can be read."""
    if not path:
        return None
    try:
        found = x509.load_pem_x509_certificates(Path(path).read_bytes())
    except (OSError, ValueError):
        return None
    return min(one.not_valid_after_utc for one in found)


def expired(path: str) -> str:
    """The day it ended, if it has."""
    end = ends(path)
    return end.date().isoformat() if end is not None and end < datetime.now(UTC) else ""
