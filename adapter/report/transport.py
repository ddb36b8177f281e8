"""Read dispatches back from the transport topics: put the parts together, check the hashes, write the files.

This is what a transport component does with them, and how an operator sees what was sent.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from adapter.kafka.clients import Access
from adapter.kafka.log_reader import Progress, Record, read_to_end, untold
from adapter.settings.config import Topics

Kind: TypeAlias = Literal["KPR_IPL", "KPR_IDE"]


class BrokenDispatchError(ValueError):
    """Parts are missing, or their bytes are not those that were sent."""


class Dispatch(NamedTuple):
    """One message as it was emitted."""

    melding_id: str
    type: str
    enhet: str
    aar: str
    modus: str
    kjoring: str
    body: bytes

    @property
    def filename(self) -> str:
        """A name that tells unit, year and kind; the message id keeps two runs apart."""
        return f"{self.type}-{self.enhet}-{self.aar}-{self.melding_id[:8]}.xml"


class Assembler:
    """Takes parts in any order; gives a dispatch when its last part is in, and only then: a part that comes again is
    passed over.
    """

    def __init__(self) -> None:
        self._parts: dict[str, dict[int, bytes]] = defaultdict(dict)
        self._done: set[str] = set()

    def add(self, record: Record) -> Dispatch | None:
        """The dispatch this record completes, if it does. Raises `BrokenDispatchError`."""
        headers = _headers(record)
        body, melding_id = record.value or b"", headers["melding-id"]
        if melding_id in self._done:
            return None
        if hashlib.sha256(body).hexdigest() != headers["sha256-del"]:
            raise BrokenDispatchError(f"part {headers['del']} of {melding_id} is not what was sent")
        held = self._parts[melding_id]
        held[int(headers["del"])] = body
        if len(held) < int(headers["deler"]):
            return None
        del self._parts[melding_id]
        self._done.add(melding_id)
        whole = b"".join(held[number] for number in sorted(held))
        if hashlib.sha256(whole).hexdigest() != headers["sha256"]:
            raise BrokenDispatchError(f"{melding_id} put together is not what was sent")
        return Dispatch(
            melding_id,
            headers["meldingstype"],
            headers["enhet"],
            headers["aar"],
            headers["modus"],
            headers["kjoring"],
            whole,
        )

    def incomplete(self) -> list[str]:
        """Message ids of which parts are missing."""
        return sorted(self._parts)


# Every header of a part, and what it looks like. Some of them become a file name, so they hold no path.
_NAME = re.compile(r"[A-Za-z0-9_-]+")
_HEADERS = {
    **dict.fromkeys(("melding-id", "meldingstype", "enhet", "aar", "kjoring", "modus"), _NAME),
    **dict.fromkeys(("sha256", "sha256-del"), re.compile(r"[0-9a-f]{64}")),
    **dict.fromkeys(("del", "deler"), re.compile(r"[1-9][0-9]{0,8}")),
}


def _headers(record: Record) -> dict[str, str]:
    headers = {name: (value or b"").decode("utf-8", "replace") for name, value in record.headers}
    for name, form in _HEADERS.items():
        if not form.fullmatch(headers.get(name, "")):
            where = f"{record.topic}, partition {record.partition}, offset {record.offset}"
            raise BrokenDispatchError(f"{where} is no part of a message: header {name} is missing or malformed")
    return headers


async def fetch(
    access: Access,
    topics: Topics,
    folder: Path,
    wanted: Collection[str] | None = None,
    kind: Kind | None = None,
    progress: Progress = untold,
) -> list[Path]:
    """Write every dispatch (or those with these message ids) to a file of its own. Raises `BrokenDispatchError`.

    Of one `kind` only its own topic is read: whoever transports it may not read the other. `progress` is told of each
    topic by itself.
    """
    written = []
    by_kind: dict[Kind, str] = {"KPR_IPL": topics.transport_ipl, "KPR_IDE": topics.transport_ide}
    for topic in by_kind.values() if kind is None else (by_kind[kind],):
        assembler = Assembler()
        async for chunk in read_to_end(access, topic):
            progress(chunk.done, chunk.total)
            for record in chunk.records:
                if wanted is not None and (record.key or b"").decode() not in wanted:
                    continue
                dispatch = assembler.add(record)
                if dispatch is not None:
                    written.append(write_private(folder / dispatch.filename, dispatch.body))
        if missing := assembler.incomplete():
            raise BrokenDispatchError(f"{topic}: parts are missing of {', '.join(missing)}")
    return written


def write_private(path: Path, body: bytes) -> Path:
    """A file that only its owner can read: a message is health data, or says who it is about."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)  # for a file that was there before
    path.write_bytes(body)
    return path
