"""Accepted persons: sent, corrected, merged, erased, withheld, and with every finding that concerns an identity."""

from adapter.simulate import SimulatedRecord
from adapter.simulate.identities import as_h_number
from tests.security.canary.events import Json, event, life, person, row
from tests.security.canary.persons import marked

SENT = marked("sent")
GROUPED = marked("number with a blank after the date")
CORRECTED, OLD_NUMBER = marked("corrected"), marked("number before the correction")
MISTYPED = marked("number mistyped")
TWINS = marked("shares a number"), marked("the other who shares it")
D_NUMBER, MERGED = marked("D-number before the merge"), marked("fodselsnummer after the merge")
H_NUMBER = marked("H-number")
ERASED = marked("erased")
WITHHELD = marked("withheld: ends before it starts")
NO_PERSON_ROW = marked("withheld: no person row")
DEAD = marked("dead before the year")
ANNULLED = marked("annulled")
TOO_OLD = marked("impossible age")
ROW_NAME = marked("row named by a mistyped number")


def merged(tree: Json) -> None:
    tree["data"] |= {"registreringsId": "kobling-kanari", "innhold": {"videreTil": MERGED.key}}


def named_by_a_mistyped_number(tree: Json) -> None:
    tree["data"]["registreringsId"] = f"pas:{ROW_NAME.mistyped}"


def gone(tree: Json) -> None:
    tree["data"] |= {"registreringsId": f"tjeneste-{ANNULLED.key[7:10]}", "versjon": 9}


EVENTS: list[SimulatedRecord] = [
    *life(SENT),
    *life(GROUPED, f"{GROUPED.number[:6]} {GROUPED.number[6:]}"),
    *life(CORRECTED, OLD_NUMBER.number),
    row(CORRECTED, "person", 2, ident={"nummer": CORRECTED.number}, kommunenummer="5001"),
    row(CORRECTED, "person", 2, ident={"nummer": OLD_NUMBER.d_number}, kommunenummer="5001"),  # a conflict
    *life(MISTYPED, MISTYPED.mistyped),
    *life(TWINS[0], TWINS[0].number),
    *life(TWINS[1], TWINS[0].number),
    *life(D_NUMBER, D_NUMBER.d_number),
    *life(MERGED),
    event(D_NUMBER, "person.sammenslatt", merged),
    *life(H_NUMBER, as_h_number(H_NUMBER.number)),
    *life(ERASED),
    event(ERASED, "person.slettet"),
    *life(ERASED),
    *life(WITHHELD, fraDato="2018-09-01", tilDato="2018-03-01"),
    *life(WITHHELD, timerPerUke=900, vedtakRad=2),
    row(NO_PERSON_ROW, "tjeneste"),
    *life(DEAD)[1:],
    person(DEAD, dodDato="2017-03-01"),
    *life(ANNULLED),
    event(ANNULLED, "tjeneste.annullert", gone),
    *life(TOO_OLD)[1:],
    person(TOO_OLD, fodselsdato="1831-02-27"),
    *life(ROW_NAME)[1:],
    row(ROW_NAME, "tjeneste", 2, "accepted", named_by_a_mistyped_number, fraDato="2018-09-01", tilDato="2018-03-01"),
]
