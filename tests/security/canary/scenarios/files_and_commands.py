"""The command line: over files with identity numbers in them, and with numbers where a unit or a run belongs.

A new command is a line in one of the tables.
"""

from collections.abc import Iterable, Mapping

from adapter.ingest.event_lines import write_line
from tests.security.canary.persons import marked
from tests.security.canary.scenarios import identity_in_a_wrong_place, persons_of_all_kinds
from tests.security.canary.stage import Stage

UNIT = ("--kommune", "5001", "--year", "2018")

# What works, on what the stage holds. {events}: a file of all events; {left}: the folder for what is written.
WORKS: list[tuple[str, ...]] = [
    ("build", "--events", "{events}", "--out", "{left}/built", "--json", *UNIT),
    ("gaps", "--events", "{events}", "--format", "html", "--out", "{left}/gaps-of-file.html", *UNIT),
    ("gaps", *UNIT),
    ("gaps", "--format", "json", *UNIT),
    ("gaps", "--format", "html", "--out", "{left}/gaps.html", *UNIT),
    ("runs", "list"),
    ("runs", "list", "--json"),
    ("calendar",),
    ("transport", "fetch", "--out", "{left}/fetched"),
    ("report", "--dry-run", "--out", "{left}/report", "--json", *UNIT),
    ("report", "--out", "{left}/report-sent", *UNIT),
    ("validate", "{given}/faulty.xml", "{given}/cut.xml", "{given}/unknown.xml", "{given}/events.jsonl"),
    ("validate", "--json", "{given}/faulty.xml"),
    ("config", "show"),
]

# What is wrong, with a number of its own for each.
WRONG: list[tuple[str, ...]] = [
    ("report", "--kommune", "{number}", "--year", "2018"),
    ("report", "--kommune", "5001", "--year", "{number}"),
    ("report", "--kommune", "5001", "--year", "2018", "--bydel", "{number}"),
    ("report", *UNIT, "--dry-run", "--reason", "for {number}"),
    ("report", *UNIT, "--dry-run", "--reason", "for pas{number}"),
    ("resend", "--run", "{number}", "--reason", "x"),
    ("runs", "show", "{number}"),
    ("gaps", "--kommune", "{number}", "--year", "2018"),
    ("gaps", *UNIT, "--made", "{number}"),
    ("build", "--events", "{given}/{number}.jsonl", "--out", "{left}/x", *UNIT),
    ("validate", "{given}/{number}.xml"),
    ("transport", "fetch", "--out", "{left}/y", "--melding", "{number}"),
    ("{number}",),
    ("--{number}",),
]

FAULTY = (
    '<IPLOS xmlns="http://www.npr.no/xmlstds/iplos/2018" versjon="{0}"><INNHINFO><iiKomnr>{0}</iiKomnr></INNHINFO>'
    '<PERSON pePeID="{0}"><peKjonn>{0}</peKjonn><fnr{0}>{0}</fnr{0}></PERSON></IPLOS>'
)


def write_files(stage: Stage) -> None:
    """The files that the commands read."""
    records = [*persons_of_all_kinds.EVENTS, *identity_in_a_wrong_place.EVENTS]
    events = b"".join(write_line(one.delivered) + b"\n" for one in records)
    (stage.given / "events.jsonl").write_bytes(events + marked("line that is no event").number.encode())
    (stage.given / "faulty.xml").write_text(FAULTY.format(marked("faulty XML").number))
    (stage.given / "cut.xml").write_text(FAULTY.format(marked("cut XML").number)[:-20])
    (stage.given / "unknown.xml").write_text(f"<p{marked('unknown XML').number}/>")


async def play(stage: Stage) -> None:
    """Everything in the two tables."""
    write_files(stage)
    places = {"events": str(stage.given / "events.jsonl"), "given": str(stage.given), "left": str(stage.left)}
    works = [_filled(line, places) for line in WORKS]
    wrong = [_filled(line, {**places, "number": marked(f"command line: {' '.join(line)}").number}) for line in WRONG]
    codes = await stage.run(*works, *wrong)
    told = list(zip(codes, (*WORKS, *WRONG), strict=True))
    assert {code for code, _ in told[: len(WORKS)]} <= {0, 1}, told
    assert all(code for code, _ in told[len(WORKS) :]), told


def _filled(line: Iterable[str], places: Mapping[str, str]) -> list[str]:
    return [word.format(**places) for word in line]
