"""Rules of the person row: I1-I3, P1-P3, T1."""

from datetime import date

from adapter.domain.rules.i1_identity_number import RULE as I1
from adapter.domain.rules.i2_shared_number import RULE as I2
from adapter.domain.rules.i3_h_number import RULE as I3
from adapter.domain.rules.p1_age_and_sex import RULE as P1
from adapter.domain.rules.p2_death import RULE as P2
from adapter.domain.rules.p3_died_before_the_year import RULE as P3
from adapter.domain.rules.t1_synthetic_person import RULE as T1
from tests.sound import TODAY, aar, avslag, ident, pack, person, sak, tjeneste
from tests.unit.rules.tables import rule_test


def failing(problem: str) -> dict[str, object]:
    return {"type": "9", "gyldig": False, "problem": problem, "fodselsdato": None, "kjonn": None}


test_i1 = rule_test(
    I1,
    [
        ("a valid number", person(), None),
        ("no number: X3 tells", person(ident=None), None),
        (
            "wrong check digit",
            person(ident=ident(**failing("check_digit"))),
            "warn: Rett identitetsnummeret: kontrollsifrene stemmer ikke. Personen sendes med ident av type «annet»",
        ),
        ("31 February", person(ident=ident(**failing("date"))), "warn: Rett identitetsnummeret: datoen"),
        (
            "ten digits",
            person(ident=ident(**failing("length"))),
            "warn: Rett identitetsnummeret: det har ikke så mange",
        ),
        ("a letter", person(ident=ident(**failing("characters"))), "warn: Rett identitetsnummeret: det har andre tegn"),
        (
            "a fault without a name",
            person(ident=ident(type="9", gyldig=False)),
            "warn: Rett identitetsnummeret: det er ikke",
        ),
        ("declared as something else", person(ident=ident(type="9", fodselsdato=None, kjonn=None)), None),
        (
            "by the rule of 2032",
            person(ident=ident(fodselsdato=None, kjonn=None, fra_2032=True)),
            "warn: Rett identitetsnummeret: kontrollsifrene passer bare for nummer utstedt fra 2032",
        ),
        (
            "by the rule of 2032, reported in 2032",
            sak(aar(person(ident=ident(fodselsdato=None, kjonn=None, fra_2032=True)), tjeneste()), pack=pack(aar=2032)),
            None,
        ),
        ("a D-number tells no birth date", person(ident=ident(type="2", fodselsdato=None)), None),
        ("an FH-number tells nothing", person(ident=ident(type="12", fodselsdato=None, kjonn=None)), None),
    ],
)

ALONE = aar(person(), tjeneste())

test_i2 = rule_test(
    I2,
    [
        ("nobody else has it", sak(ALONE, delte_avtrykk=frozenset({b"another."})), None),
        (
            "somebody else has it",
            sak(ALONE, delte_avtrykk=frozenset({b"8 bytes."})),
            "warn: Kontroller identitetsnummeret",
        ),
        ("no number", sak(aar(person(ident=None), tjeneste()), delte_avtrykk=frozenset({b"8 bytes."})), None),
    ],
)

test_i3 = rule_test(
    I3,
    [
        ("fødselsnummer", person(), None),
        ("no number", person(ident=None), None),
        ("declared H-number", person(ident=ident(type="3")), "warn: Registrer fødselsnummer eller D-nummer"),
        (
            "month + 40",
            person(ident=ident(type="3", tvetydig=True)),
            "warn: Kontroller identitetsnummeret: måned pluss 40",
        ),
    ],
)

test_p1 = rule_test(
    P1,
    [
        ("the same", person(), None),
        ("no number", person(ident=None), None),
        ("other birth date", person(fodselsdato=date(1940, 5, 7)), "warn: Kontroller fødselsdatoen"),
        ("other sex", person(kjonn="M"), "warn: Kontroller kjønnet: personen er registrert med M"),
        (
            "both",
            person(kjonn="M", fodselsdato=date(1941, 5, 6)),
            ("warn: Kontroller fødselsdatoen", "warn: Kontroller kjønnet"),
        ),
        ("the row says nothing", person(kjonn=None, fodselsdato=None), None),
        ("the number may not be read", person(kjonn="M", ident=ident(kjonn=None, fodselsdato=None)), None),
    ],
)

DEAD = person(dod_dato=date(2018, 6, 30))
DEAD_AFTER = person(dod_dato=date(2019, 1, 1))

test_p2 = rule_test(
    P2,
    [
        ("alive", person(), None),
        ("died today", sak(aar(person(dod_dato=TODAY), tjeneste())), None),
        ("dies tomorrow", person(dod_dato=date(2019, 1, 8)), "warn: Rett dødsdatoen: 2019-01-08 ligger i fremtiden"),
        ("service ends with the death", [DEAD, tjeneste(til_dato=date(2018, 6, 30))], None),
        (
            "service ends a day later",
            [DEAD, tjeneste(til_dato=date(2018, 7, 1))],
            "warn: Rett sluttdatoen: tjenesten slutter 2018-07-01, og personen døde 2018-06-30",
        ),
        (
            "open service",
            [DEAD, tjeneste(til_dato=None)],
            "warn: Registrer sluttdato: personen døde 2018-06-30, og tjenesten er åpen",
        ),
        (
            "died on 31 December",
            [person(dod_dato=date(2018, 12, 31)), tjeneste(til_dato=None)],
            "warn: Registrer sluttdato",
        ),
        ("died on 1 January after", [DEAD_AFTER, tjeneste(til_dato=None)], None),
        (
            "ends after a death after the year",
            [DEAD_AFTER, tjeneste(til_dato=date(2019, 1, 2))],
            "warn: Rett sluttdatoen",
        ),
        ("a refusal has nothing to end", [DEAD, avslag()], None),
        ("no person row", aar(None, tjeneste()), None),
    ],
)

test_p3 = rule_test(
    P3,
    [
        ("alive", person(), None),
        ("died on 1 January", person(dod_dato=date(2018, 1, 1)), None),
        (
            "died on 31 December before",
            person(dod_dato=date(2017, 12, 31)),
            "withhold: Kontroller dødsdatoen 2017-12-31",
        ),
    ],
)

SYNTHETIC = aar(person(ident=ident(syntetisk=True)), tjeneste())

test_t1 = rule_test(
    T1,
    [
        ("a living person in production", sak(ALONE, modus="produksjon"), None),
        ("a living person in a test", sak(ALONE, modus="test"), None),
        (
            "a living person in a test that takes none",
            sak(ALONE, modus="test", ekte_i_test=False),
            "withhold: Kontroller om prøven",
        ),
        ("a test person in production", sak(SYNTHETIC, modus="produksjon"), "withhold: Slett testpersonen"),
        ("a test person in a test", sak(SYNTHETIC, modus="test"), "warn: Kontroller at dette er en prøve"),
        ("no number", sak(aar(person(ident=None), tjeneste()), modus="produksjon"), None),
        (
            "month + 40 may be an H-number",
            sak(aar(person(ident=ident(type="3", tvetydig=True)), tjeneste()), modus="produksjon"),
            None,
        ),
    ],
)
