"""The register's desk: a dispatch is read, judged by the year's schemas, kept, and answered as it was told to.

A register's receipt says that a message was received and can be read; what a pair lacks is told beside it, never by a
receipt. A copy of a message is kept out, and the first one's receipt stands.
"""

import hashlib
import json
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adapter.fake_kpr.behaviour import Answer, Plans, Silent, Verdict, answers
from adapter.fake_kpr.contents import Innhold, UnreadableError, read
from adapter.fake_kpr.pair import differences
from adapter.message.explain import Explanation, explain
from adapter.packs import PackError, load_pack, pack_folder
from adapter.report.transport import Dispatch, write_private

MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Mottatt:
    """What became of a message."""

    dispatch: Dispatch
    innhold: Innhold | None
    judged: Verdict
    feil: list[str]
    answers: tuple[Answer, ...]
    par: list[str] | None
    """What is wrong with the pair this message completed; None while it is not complete."""


@dataclass(slots=True)
class Regnskap:
    """What was done, in numbers."""

    meldinger: int = 0
    ugyldige: int = 0
    kopier: int = 0
    odelagte: int = 0
    produksjon: int = 0
    par: int = 0
    par_med_feil: int = 0
    svar: Counter[str] = field(default_factory=Counter)

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        return {name: getattr(self, name) for name in self.__slots__} | {"svar": dict(self.svar)}

    @property
    def faultless(self) -> bool:
        """Tell whether everything that came was as it should be."""
        return not (self.ugyldige or self.odelagte or self.par_med_feil)


class Desk:
    """Takes dispatches one at a time. `extra` is a folder with year packs of one's own."""

    def __init__(self, out: Path, plans: Plans, extra: Path | None = None) -> None:
        self.regnskap = Regnskap()
        self._out = out
        self._plans = plans
        self._extra = extra
        self._seen: set[str] = set()
        self._halves: dict[str, dict[str, Innhold]] = {}

    def has(self, melding_id: str) -> bool:
        """Tell whether the message came before; the transport delivers at least once, and a copy is kept out."""
        return melding_id in self._seen

    def take(self, dispatch: Dispatch, *, answered_before: bool = False) -> Mottatt:
        """Judge and keep a message. One that has its receipt already gets no other, and uses up no behaviour."""
        self._seen.add(dispatch.melding_id)
        innhold, judged, feil = self._judge(dispatch)
        par = self._pair(dispatch, innhold)
        self.regnskap.meldinger += 1
        self.regnskap.ugyldige += bool(judged.kode)
        behaviour = Silent() if answered_before else self._plans.next(dispatch.type)
        taken = Mottatt(dispatch, innhold, judged, feil, answers(behaviour, judged), par)
        self._keep(taken, "answered before" if answered_before else type(behaviour).__name__.lower())
        return taken

    def _judge(self, dispatch: Dispatch) -> tuple[Innhold | None, Verdict, list[str]]:
        try:
            schema = self._schema(dispatch)
            found: list[Explanation] = []

            def piece(document: bytes) -> None:
                if len(found) < MOST_FAULTS:
                    found.extend(explain(document, schema, MOST_FAULTS - len(found)))

            innhold = read(dispatch.body, piece)
        except UnreadableError as error:
            return None, Verdict(error.kode, str(error)), [str(error)]
        except PackError as error:
            return None, Verdict("T10", "no schema for this year"), [str(error)]
        feil = [f"{one.element}: {one.reason}" for one in found]
        if not _is_uuid(innhold.original.melding_id):
            return innhold, Verdict("E10"), [*feil, "the MsgId is not a UUID"]
        if innhold.original.melding_id != dispatch.melding_id or innhold.original.type != dispatch.type:
            return innhold, Verdict("X99", "the headers are another message's"), [*feil, "headers and MsgHead differ"]
        return innhold, Verdict("T02", f"{len(feil)} faults") if feil else Verdict(), feil

    def _schema(self, dispatch: Dispatch) -> Path:
        """The schema for a whole dispatch of this type and year. Raises `PackError`, `UnreadableError`."""
        if not dispatch.aar.isdigit():
            raise UnreadableError("T10", "the header aar is no year")
        fmt = load_pack(int(dispatch.aar), self._extra).melding
        folder = pack_folder(int(dispatch.aar), self._extra)
        if fmt is not None and dispatch.type == fmt.meldingstype_fag:
            return folder / fmt.xsd_sending_fag
        if fmt is not None and dispatch.type == fmt.meldingstype_ident:
            return folder / fmt.xsd_sending_ident
        raise UnreadableError("T10", f"no format for {dispatch.type} in {dispatch.aar}")

    def _pair(self, dispatch: Dispatch, innhold: Innhold | None) -> list[str] | None:
        """The two messages of a run are known by the run's id in the headers."""
        if innhold is None:
            return None
        halves = self._halves.setdefault(dispatch.kjoring, {})
        halves["ide" if innhold.ident else "ipl"] = innhold
        if len(halves) < 2:
            return None
        wrong = differences(dispatch.enhet, dispatch.aar, halves["ipl"], halves["ide"])
        del self._halves[dispatch.kjoring]
        self.regnskap.par += 1
        self.regnskap.par_med_feil += bool(wrong)
        return wrong

    @property
    def lone(self) -> int:
        """How many messages wait for the other of their pair."""
        return len(self._halves)

    def _keep(self, taken: Mottatt, behaviour: str) -> None:
        """The message, and beside it a file that says what was found: counts and sentences, nobody's number."""
        one, innhold = taken.dispatch, taken.innhold
        folder = self._out / one.type
        write_private(folder / f"{one.melding_id}.xml", one.body)
        facts = {
            "melding_id": one.melding_id,
            "type": one.type,
            "enhet": one.enhet,
            "aar": one.aar,
            "modus": one.modus,
            "kjoring": one.kjoring,
            "lopenr": "" if innhold is None else innhold.lopenr,
            "personer": None if innhold is None else len(innhold.personer),
            "bytes": len(one.body),
            "sha256": hashlib.sha256(one.body).hexdigest(),
            "gyldig": not taken.judged.kode,
            "kode": taken.judged.kode,
            "feil": taken.feil,
            "oppforsel": behaviour,
            "par": taken.par,
        }
        text = json.dumps(facts, ensure_ascii=False, indent=2) + "\n"
        write_private(folder / f"{one.melding_id}.json", text.encode())


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False
