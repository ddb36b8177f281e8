"""Which kind of XML a file is; and whatever is hostile in it is refused at once, unread."""

import socket
import time
from pathlib import Path

import pytest
from lxml import etree

from adapter.message.kinds import DoctypeError, Kind, kind_of, parse, schema_path
from adapter.shipped import shipped
from tests.golden.building import golden

EXAMPLES = Path(__file__).parents[1] / "golden" / "eksempler"
KINDS = {
    "iplos-minimal": Kind("KPR_IPL 3.5", "2018/xsd/sending-ipl.xsd"),
    "iplos-full": Kind("KPR_IPL 3.5", "2018/xsd/sending-ipl.xsd"),
    "ident-minimal": Kind("KPR_IDE 53.1.2", "2018/xsd/sending-ide.xsd"),
    "sending-ipl": Kind("KPR_IPL 3.5 in MsgHead 1.2", "2018/xsd/sending-ipl.xsd"),
    "sending-ide": Kind("KPR_IDE 53.1.2 in MsgHead 1.2", "2018/xsd/sending-ide.xsd"),
    "apprec-1.0-ok": Kind("AppRec 1.0", "felles/xsd/apprec-1.0.xsd"),
    "apprec-1.0-avvist": Kind("AppRec 1.0", "felles/xsd/apprec-1.0.xsd"),
    "apprec-1.1-ok": Kind("AppRec 1.1", "felles/xsd/apprec-1.1.xsd"),
    "apprec-1.1-avvist": Kind("AppRec 1.1", "felles/xsd/apprec-1.1.xsd"),
}
MSGHEAD = "http://www.kith.no/xmlstds/msghead/2006-05-24"
SECONDS = 2.0


def test_every_example_is_told_by_what_it_holds_and_has_its_schema() -> None:
    found = {path.stem: kind_of(path.read_bytes()) for path in EXAMPLES.glob("*.xml")}
    assert found == KINDS
    for kind in KINDS.values():
        assert schema_path(kind, shipped("schemas")).is_file()


def test_what_we_build_is_told_apart() -> None:
    pair = golden()
    assert kind_of(pair.ipl) == KINDS["sending-ipl"]
    assert kind_of(pair.ide) == KINDS["sending-ide"]


@pytest.mark.parametrize(
    ("document", "name"),
    [
        (f'<MsgHead xmlns="{MSGHEAD}"/>', "MsgHead 1.2"),
        (f'<MsgHead xmlns="{MSGHEAD}"><Document><RefDoc><Content/></RefDoc></Document></MsgHead>', "MsgHead 1.2"),
        ('<IPLOS xmlns="http://www.npr.no/xmlstds/iplos/2019"/>', None),
        ("<IPLOS/>", None),
        ("<html/>", None),
    ],
)
def test_anything_else_is_the_envelope_or_unknown(document: str, name: str | None) -> None:
    kind = kind_of(document.encode())
    assert (kind.name if kind else None) == name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_the_encoding_of_a_file_does_not_matter(encoding: str) -> None:
    text = (EXAMPLES / "iplos-minimal.xml").read_text("utf-8").replace("UTF-8", encoding.removesuffix("-sig"))
    assert kind_of(text.encode(encoding)) == KINDS["iplos-minimal"]


@pytest.mark.parametrize(
    "document", [b"", b" ", b"<", b"<a>", b"<a></b>", b"text", b"<a/><b/>", b"\xff\xfe<a/>", b"\x00"]
)
def test_what_is_not_xml_is_a_syntax_error(document: bytes) -> None:
    with pytest.raises(etree.XMLSyntaxError):
        kind_of(document)


# ---- hostile --------------------------------------------------------------------------------------------------------


def doubled(levels: int, first: str = "0123456789") -> str:
    steps = "".join(f'<!ENTITY a{at} "&a{at - 1};&a{at - 1};">' for at in range(1, levels + 1))
    return f'<!ENTITY a0 "{first}">{steps}'


HOSTILE = {
    "a document type": "<!DOCTYPE x><x/>",
    "an external one": '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
    "a public one": '<!DOCTYPE x PUBLIC "-//X" "http://127.0.0.1:1/x.dtd"><x/>',
    "an entity": '<!DOCTYPE x [<!ENTITY e "y">]><x>&e;</x>',
    "an external entity": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    "a parameter entity": '<!DOCTYPE x [<!ENTITY % e SYSTEM "file:///etc/passwd"> %e;]><x/>',
    "an attribute with a default": '<!DOCTYPE x [<!ATTLIST x y CDATA "z">]><x/>',
    "a billion laughs": f"<!DOCTYPE x [{doubled(30)}]><x>&a30;</x>",
    "a billion laughs in an attribute": f'<!DOCTYPE x [{doubled(30)}]><x y="&a30;"/>',
    "a few long laughs": f"<!DOCTYPE x [{doubled(3, 'z' * 50_000)}]><x>{'&a3;' * 5_000}</x>",
    "an entity in itself": '<!DOCTYPE x [<!ENTITY a "&b;"><!ENTITY b "&a;">]><x y="&a;">&a;</x>',
    "great depth": "<x>" * 1_000_000,
    "some depth": "<x>" * 300 + "</x>" * 300,
    "a huge text": f"<x>{'y' * 10_500_000}</x>",
    "a huge attribute": f'<x y="{"z" * 10_500_000}"/>',
    "a huge name": f"<{'x' * 10_500_000}/>",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_xml_is_refused_in_no_time(what: str) -> None:
    document = HOSTILE[what].encode()
    started = time.monotonic()
    with pytest.raises((etree.XMLSyntaxError, DoctypeError)):
        parse(document)
    assert time.monotonic() - started < SECONDS


def test_many_attributes_are_taken_or_refused_in_no_time() -> None:
    started = time.monotonic()
    parse(("<x " + " ".join(f'y{at}="z"' for at in range(50_000)) + "/>").encode())
    assert time.monotonic() - started < SECONDS


def test_nothing_is_fetched_from_anywhere() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        port = listener.getsockname()[1]
        for document in (
            f'<!DOCTYPE x SYSTEM "http://127.0.0.1:{port}/x.dtd"><x/>',
            f'<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:{port}/e">]><x>&e;</x>',
            f'<!DOCTYPE x [<!ENTITY % e SYSTEM "http://127.0.0.1:{port}/e"> %e;]><x/>',
        ):
            with pytest.raises((etree.XMLSyntaxError, DoctypeError)):
                parse(document.encode())
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_what_a_file_says_of_its_schema_is_not_followed() -> None:
    hint = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x file:///etc/passwd"'
    assert kind_of(f"<x {hint}/>".encode()) is None


def test_a_message_of_a_large_municipality_is_within_the_limits() -> None:
    text = (EXAMPLES / "iplos-full.xml").read_text("utf-8")
    start, end = text.index("<PERSON "), text.index("</PERSON>") + len("</PERSON>")
    large = text[:start] + text[start:end] * 5_000 + text[start:]
    assert len(large) > 10_000_000
    assert kind_of(large.encode()) == KINDS["iplos-full"]
