"""Every place of an event that a producer could wrongly put an identity number in, and what must become of it.

A new place is a line in one of the tables below.
"""

import json

from adapter.ingest.event_lines import STRUCTURED
from adapter.simulate import SimulatedRecord
from tests.security.canary.events import Json, event, row
from tests.security.canary.persons import Marked, marked

ONE_MEBIBYTE = 1_048_576


def put(tree: Json, path: str, value: object) -> None:
    """`value` at a dotted path; a part that is not there is made."""
    *parts, last = path.split(".")
    for part in parts:
        tree = tree.setdefault(part, {})
    tree[last] = value


# Path, how the number is written there, and what becomes of the event.
IN_THE_EVENT: list[tuple[str, str, str]] = [
    ("id", "{}", "accepted"),
    ("source", "urn:epj:{}", "accepted"),
    ("source", "{}", "accepted"),
    ("time", "{}", "accepted"),
    ("type", "{}", "not-for-us:unknown-type"),
    ("type", "no.kommune.iplos.tjeneste.registrert.v1.{}", "not-for-us:unknown-type"),
    ("subject", "{}", "parked:key-differs-from-subject"),
    ("fodselsnummer", "{}", "accepted"),
    ("specversion", "{}", "parked:not-a-cloudevent"),
    ("data", "{}", "parked:wrong-type"),
    ("data.registreringsId", "{}", "parked:identity-in-clear"),
    ("data.registreringsId", "pas:{}", "parked:identity-in-clear"),
    ("data.registreringsId", "pas{}", "parked:identity-in-clear"),
    ("data.registreringsId", "{0[0]}-{0[1]}", "parked:identity-in-clear"),
    ("data.registreringsId", "{0[0]} {0[1]}", "parked:out-of-bounds"),
    ("data.versjon", "{}", "parked:identity-in-clear"),
    ("data.kommunenummer", "{}", "parked:out-of-bounds"),
    ("data.bydelsnummer", "{}", "parked:out-of-bounds"),
    ("data.fnr", "{}", "accepted"),
    ("data.innhold", "{}", "parked:wrong-type"),
    ("data.innhold.fnr", "{}", "accepted"),
    ("data.innhold.{}", "{}", "accepted"),
    ("data.innhold.tjenestetype", "{}", "parked:out-of-bounds"),
    ("data.innhold.vedtakId", "{}", "parked:identity-in-clear"),
    ("data.innhold.vedtakId", "vedtak{}", "parked:identity-in-clear"),
    ("data.innhold.vedtak", "{}", "parked:out-of-bounds"),
    ("data.innhold.vedtakRad", "{}", "parked:out-of-bounds"),
    ("data.innhold.timerPerUke", "{}", "parked:wrong-type"),
    ("data.innhold.rullerende", "{}", "parked:wrong-type"),
    ("data.innhold.orgnummer", "{}", "parked:out-of-bounds"),
    ("data.innhold.orgnummer", "{0[0]} {0[1]}", "parked:out-of-bounds"),
    ("data.innhold.fraDato", "{}", "parked:impossible-date"),
]


def _written(form: str, who: Marked) -> str:
    return form.format((who.number[:6], who.number[6:])) if "[" in form else form.format(who.number)


def _in_the_event(path: str, form: str, expected: str) -> SimulatedRecord:
    who = marked(f"{path} is {form}")

    def twist(tree: Json) -> None:
        put(tree, path.format(who.number), _written(form, who))

    return row(who, "tjeneste", expected=expected, twist=twist)


def _of_another_kind(name: str, path: str, value: str, expected: str) -> SimulatedRecord:
    who = marked(f"{name}: {path} is {value}")
    return event(who, name, lambda tree: put(tree, path, value.format(who.number)), expected)


OF_OTHER_KINDS = [
    _of_another_kind("person.sammenslatt", "data.innhold.videreTil", "{}", "parked:identity-in-clear"),
    _of_another_kind("diagnose.registrert", "data.innhold.kode", "{}", "parked:out-of-bounds"),
    _of_another_kind("diagnose.registrert", "data.innhold.kodeverk", "{}", "parked:out-of-bounds"),
    _of_another_kind("personopplysning.registrert", "data.innhold.vurdertLege", "{}", "parked:out-of-bounds"),
    _of_another_kind("person.registrert", "data.innhold.ident", "{}", "parked:wrong-type"),
    _of_another_kind("person.registrert", "data.innhold.ident.type", "{}", "parked:out-of-bounds"),
    _of_another_kind("person.registrert", "data.innhold.kjonn", "{}", "parked:out-of-bounds"),
    _of_another_kind("tjeneste.annullert", "data.registreringsId", "{}", "parked:identity-in-clear"),
    _of_another_kind("person.slettet", "data.kommunenummer", "{}", "parked:out-of-bounds"),
]


def _sound(who: Marked) -> SimulatedRecord:
    return row(who, "tjeneste")


def _with_the_number(who: Marked, without: str = "") -> SimulatedRecord:
    """The number where nobody reads, and something left out."""

    def twist(tree: Json) -> None:
        put(tree, "data.fnr", who.number)
        tree["data"].pop(without, None)

    return row(who, "tjeneste", twist=twist)


def _keyed(form: str, expected: str) -> SimulatedRecord:
    who = marked(f"key is {form}")
    key = _written(form, who)
    sound = row(who, "tjeneste", expected=expected, twist=lambda tree: put(tree, "subject", key))
    return sound._replace(key=key.encode())


IN_THE_KEY = [
    _keyed("{}", "parked:key-is-identity"),
    _keyed("pas-{}", "parked:key-is-identity"),
    _keyed("p{}", "parked:key-is-identity"),
    _keyed("{0[0]}-{0[1]}", "parked:key-is-identity"),
    _keyed("{0[0]} {0[1]}", "parked:key-is-identity"),
    _keyed("Kari Kanari {}", "parked:key-is-identity"),
    _keyed("Åse {}", "parked:key-not-allowed"),
]


def _bare(name: str, form: str, expected: str, key: bool = True) -> SimulatedRecord:
    """A value that is no event, or hardly one."""
    who = marked(name)
    value = form.replace("{}", who.number).encode("latin-1")
    return SimulatedRecord(who.key.encode() if key else None, value, STRUCTURED, expected)


AS_A_WHOLE = [
    _bare("the value is the number", "{}", "parked:not-a-cloudevent"),
    _bare("the value is the number as text", '"{}"', "parked:not-a-cloudevent"),
    _bare("cut off", '{"specversion": "1.0", "fnr": "{}', "parked:not-json"),
    _bare("XML", "<pasient fnr='{}'/>", "parked:not-json"),
    _bare("Latin-1", '{"specversion": "1.0", "source": "Tromsø {}"}', "parked:not-utf8"),
    _bare("deep", f'{{"specversion": "1.0", "x": {"[" * 20_000}"{{}}"', "parked:not-json"),
    _bare("no key", '{"fnr": "{}"}', "parked:not-a-cloudevent", key=False),
    _bare("too large", f'{{"fnr": "{{}}", "x": "{"x" * ONE_MEBIBYTE}"}}', "parked:too-large"),
    _sound(no_value := marked("nothing but a key"))._replace(
        key=no_value.number.encode(), value=b"", expected="parked:empty-value"
    ),
    _with_the_number(marked("sound, without a key"))._replace(key=None, expected="parked:missing-key"),
    _with_the_number(marked("no version"), "versjon")._replace(expected="parked:missing-field"),
]


def _with_header(name: str, value: str, expected: str = "accepted") -> SimulatedRecord:
    who = marked(f"header {name} is {value}")
    header = name.format(who.number), value.format(who.number).encode()
    return _sound(who)._replace(headers=(*STRUCTURED, header), expected=expected)


def _binary(attribute: str, value: str, expected: str) -> SimulatedRecord:
    """The binary binding, an attribute of which is wrong; in a value the key is `{key}`."""
    who = marked(f"ce_{attribute} is {value}")
    tree = json.loads(_sound(who).value)
    data = json.dumps(tree.pop("data")).encode()
    tree[attribute.format(who.number)] = value.format(who.number)
    headers = [(f"ce_{name}", str(text).encode()) for name, text in tree.items()]
    return SimulatedRecord(who.key.encode(), data, headers, expected)


IN_THE_HEADERS = [
    _with_header("fnr", "{}"),
    _with_header("{}", "x"),
    _with_header("content-type", "{}"),
    _binary("id", "{}", "accepted"),
    _binary("source", "{}", "accepted"),
    _binary("type", "{}", "not-for-us:unknown-type"),
    _binary("subject", "{}", "parked:key-differs-from-subject"),
    _binary("specversion", "{}", "parked:not-a-cloudevent"),
    _binary("fnr", "{}", "accepted"),
    _binary("{}", "x", "accepted"),
]

EVENTS: list[SimulatedRecord] = [
    *(_in_the_event(*one) for one in IN_THE_EVENT),
    *OF_OTHER_KINDS,
    *IN_THE_KEY,
    *AS_A_WHOLE,
    *IN_THE_HEADERS,
]
