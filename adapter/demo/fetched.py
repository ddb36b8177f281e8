"""A fetched file counted by an independent parse: expat and nothing of the code that wrote it.

What is counted is what a receiver could count: persons, rows of each kind, refusals, keys, identity numbers, and which
elements and attributes there are at all.
"""

import hashlib
import re
from collections import Counter
from pathlib import Path
from xml.parsers import expat

ROWS = {
    "PERSONOPPL": "personopplysning",
    "FUNKSJON": "funksjon",
    "TJENESTE": "tjeneste",
    "DIAGNOSE": "diagnose",
    "DOGNTILBUD": "dogntilbud",
}
# tjVedtak: the second answer is a refusal (schemas/2018/pack.toml, vedtak_avslag).
REFUSED = "2"
_ELEVEN_DIGITS = re.compile(rb"(?=(\d{11}))")


class Fetched:
    """One file, read from its first byte to its last."""

    def __init__(self, path: Path) -> None:
        body = path.read_bytes()
        self.path = path
        self.bytes = len(body)
        self.sha256 = hashlib.sha256(body).hexdigest()
        self.digits = {found[1] for found in _ELEVEN_DIGITS.finditer(body)}
        """Every run of eleven digits, as an identity number has."""
        self.message_id = ""
        self.kind = ""
        self.pids: list[str] = []
        self.rows: Counter[str] = Counter()
        self.strays = 0
        """Rows that stand within one person and name another."""
        self.refusals = 0
        self.identities: list[str] = []
        self.names: Counter[str] = Counter()
        """Elements, and attributes as `element@attribute`, within the message itself."""
        self.fault = ""
        self._text: list[str] = []
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        try:
            parser.Parse(body, True)
        except expat.ExpatError as error:
            self.fault = str(error)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._text.clear()
        if name in ("IPLOS", "Melding"):
            self.kind = {"IPLOS": "KPR_IPL", "Melding": "KPR_IDE"}[name]
        if self.kind:
            self.names.update([name, *(f"{name}@{attribute}" for attribute in attributes)])
        if name == "PERSON":
            self.pids.append(attributes.get("pePeID", ""))
        elif name in ROWS:
            self.rows[ROWS[name]] += 1
            owners = {value for attribute, value in attributes.items() if attribute.endswith("PeID")}
            self.strays += owners != {self.pids[-1]}
        elif name == "PasientIdent":
            self.pids.append(attributes.get("pid", ""))
            self.identities.append(attributes.get("fid", ""))

    def _end(self, name: str) -> None:
        text = "".join(self._text)
        if name == "MsgId":
            self.message_id = text
        elif name == "tjVedtak":
            self.refusals += text == REFUSED
        self._text.clear()


def read_fetched(folder: Path) -> list[Fetched]:
    """Every XML file of a folder, in order of name."""
    return [Fetched(path) for path in sorted(folder.glob("*.xml"))]
