"""The search finds what it is for: a canary that cannot find anything proves nothing."""

import base64
import json
import struct
import urllib.parse
from collections.abc import Callable

import msgspec
import pytest

from adapter.domain.identity import classify
from tests.security.canary.persons import SERIES, Register
from tests.security.canary.search import Found, forms, search

REGISTER = Register()
ANNA, OLA = REGISTER.person("anna"), REGISTER.person("ola")
NUMBER = ANNA.number

WRITTEN: list[tuple[str, Callable[[str], bytes]]] = [
    ("a log line", lambda text: f'{{"event": "x {text}"}}'.encode()),
    ("as people group it", lambda text: f"fnr {text[:6]} {text[6:]}".encode()),
    ("with the blank that does not break", lambda text: f"{text[:6]}\u00a0{text[6:]}".encode()),
    ("with a hyphen", lambda text: f"{text[:6]}-{text[6:]}".encode()),
    ("UTF-16 with its mark", lambda text: text.encode("utf-16")),
    ("UTF-16, the other way", lambda text: text.encode("utf-16-be")),
    ("base64, alone", lambda text: base64.b64encode(text.encode())),
    ("base64, one byte in", lambda text: base64.b64encode(b"<" + text.encode() + b"/>")),
    ("base64, two bytes in", lambda text: base64.b64encode(b"<a" + text.encode() + b"/a>")),
    ("base64 for addresses", lambda text: base64.urlsafe_b64encode(b"?" * 4 + text.encode() + b"?" * 4)),
    ("hex", lambda text: f"xx{text.encode().hex()}".encode()),
    ("a repr of bytes in hex", lambda text: text.encode().hex().upper().encode()),
    ("JSON with every sign escaped", lambda text: "".join(f"\\u{ord(one):04x}" for one in text).encode()),
    ("a JSON int", lambda text: json.dumps({"versjon": int(text)}).encode()),
    ("an address", lambda text: urllib.parse.quote(f"{text[:6]} {text[6:]}").encode()),
    ("a form", lambda text: urllib.parse.urlencode({"q": f"{text[:6]} {text[6:]}"}).encode()),
    ("a msgpack int", lambda text: msgspec.msgpack.encode({"nr": int(text)})),
    ("a msgpack text", lambda text: msgspec.msgpack.encode([text])),
    ("a little-endian long", lambda text: struct.pack("<q", int(text))),
    ("a double", lambda text: struct.pack(">d", int(text))),
    ("an int in hex", lambda text: hex(int(text)).encode()),
    ("XML references", lambda text: "".join(f"&#{ord(one)};" for one in text).encode()),
]


@pytest.mark.parametrize(("how", "write"), WRITTEN, ids=[how for how, _ in WRITTEN])
def test_a_number_is_found_however_it_is_written(how: str, write: Callable[[str], bytes]) -> None:
    for text in (NUMBER, OLA.d_number, OLA.mistyped):
        found = search({"somewhere": b"before " + write(text) + b" after"}, {"mark": text})
        assert {(one.mark, one.where) for one in found} == {("mark", "somewhere")}, how


def test_a_number_is_found_in_a_name() -> None:
    assert search({f"log-{NUMBER}.txt": b""}, {"mark": NUMBER})[0].form == "plain"


def test_a_key_is_found_too() -> None:
    wrapped = base64.b64encode(b"{" + ANNA.key.encode() + b"}")
    assert search({"somewhere": wrapped}, REGISTER.person_keys()) == [
        Found("anna (key)", "base64, alignment 1", "somewhere"),
    ]


def test_what_is_found_is_named_and_not_repeated() -> None:
    found = search({"somewhere": OLA.number.encode()}, REGISTER.numbers())
    assert found == [Found("ola", "plain", "somewhere")]
    assert OLA.number not in repr(found)


def test_other_numbers_are_not_taken_for_a_mark() -> None:
    # In base64 the last digit shares its signs with what comes after: the ten that differ there alone look the same.
    others = [str(int(NUMBER) + step) for step in (-30, 10, 300)]
    blobs = {f"{name}/{other}": write(other) for other in others for name, write in WRITTEN}
    assert search({**blobs, "nothing": b"", "zeros": bytes(64)}, {"mark": NUMBER}) == []


def test_no_form_is_so_short_that_chance_would_find_it() -> None:
    for text in (*REGISTER.numbers().values(), *REGISTER.person_keys().values()):
        for form, needle in forms(text):
            assert len(needle) >= 8, form


def test_marks_are_synthetic_of_one_series_and_never_given_twice() -> None:
    assert {one[:6] for one in (ANNA.number, OLA.number)} == {SERIES}
    assert all(classify(one).synthetic and classify(one).valid for one in (ANNA.number, OLA.d_number))
    assert not classify(ANNA.mistyped).valid
    assert len(set(REGISTER.numbers().values())) == 8
    with pytest.raises(ValueError, match="anna"):
        REGISTER.person("anna")
