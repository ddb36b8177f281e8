"""MsgHead around a message: who, to whom, what, under which id; and nothing of it can break the XML."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from lxml import etree

from adapter.message.gate import Gate
from adapter.message.hode import TAIL, Hode, Partsinfo, head
from tests.unit.pair import ORDER, SETUP, build, elements, ordinary

NS = {"h": "http://www.kith.no/xmlstds/msghead/2006-05-24"}
SCHEMA = Gate(Path(__file__).parents[2] / "schemas" / "felles" / "xsd" / "msghead.xsd")
FULL = Partsinfo("Prøvekommunen", "123456785", "1000001", "Saksbehandling", "1000002")
HODE = Hode(
    melding_id="b3a6c1a0-0000-4000-8000-000000000001",
    type="KPR_IPL",
    typenavn="KPR_IPL",
    generert=datetime(2019, 1, 7, 13, 5, 9, 999_999, timezone(timedelta(hours=1))),
    avsender=FULL,
    mottaker=Partsinfo("Registeret", "123456785"),
)
EMPTY = '<Base64Container xmlns="http://www.kith.no/xmlstds/base64container">UE5H</Base64Container>'


def written(hode: Hode) -> bytes:
    return f"{head(hode)}{EMPTY}{TAIL}".encode()


def find(hode: Hode, path: str) -> list[str]:
    found = etree.fromstring(written(hode)).xpath(f"/h:MsgHead/{path}", namespaces=NS)
    assert isinstance(found, list)
    return [str(one.text if isinstance(one, etree._Element) else one) for one in found]


def test_the_head_is_valid_by_its_own_schema_around_any_content() -> None:
    assert SCHEMA.problems(written(HODE)) == []


def test_it_says_which_message_and_when_with_the_offset_from_utc_and_without_fractions() -> None:
    assert find(HODE, "h:MsgInfo/h:Type/@V") == ["KPR_IPL"]
    assert find(HODE, "h:MsgInfo/h:MIGversion") == ["v1.2 2006-05-24"]
    assert find(HODE, "h:MsgInfo/h:GenDate") == ["2019-01-07T13:05:09+01:00"]
    assert find(HODE, "h:MsgInfo/h:MsgId") == ["b3a6c1a0-0000-4000-8000-000000000001"]
    assert find(HODE, "h:Document/h:RefDoc/h:MsgType/@V") == ["XML"]
    assert find(HODE, "h:Document/h:RefDoc/h:MimeType") == ["text/xml"]


def test_a_sender_is_an_organisation_with_the_service_that_communicates_inside_it() -> None:
    sender = "h:MsgInfo/h:Sender/h:Organisation"
    assert find(HODE, f"{sender}/h:OrganisationName") == ["Prøvekommunen"]
    assert find(HODE, f"{sender}/h:Ident/h:Id") == ["123456785", "1000001"]
    assert find(HODE, f"{sender}/h:Ident/h:TypeId/@V") == ["ENH", "HER"]
    assert find(HODE, f"{sender}/h:Organisation/h:OrganisationName") == ["Saksbehandling"]
    assert find(HODE, f"{sender}/h:Organisation/h:Ident/h:Id") == ["1000002"]
    assert set(find(HODE, "h:MsgInfo//h:TypeId/@S")) == {"2.16.578.1.12.4.1.1.9051"}


def test_what_a_party_does_not_have_is_left_out() -> None:
    receiver = "h:MsgInfo/h:Receiver/h:Organisation"
    assert find(HODE, f"{receiver}/h:Ident/h:Id") == ["123456785"]
    assert find(HODE, f"{receiver}/h:Organisation/h:OrganisationName") == []


@pytest.mark.parametrize("text", ["<&>\"'", "]]>", "a\r\nb\tc", "\x00\ud800", "Ææ Øø Åå 林"])
def test_no_name_can_break_the_xml(text: str) -> None:
    odd = replace(HODE, avsender=Partsinfo(text, text, text, text, text), melding_id=text, type=text, typenavn=text)
    expected = text.replace("\x00", "\N{REPLACEMENT CHARACTER}").replace("\ud800", "\N{REPLACEMENT CHARACTER}")
    assert find(odd, "h:MsgInfo/h:Sender/h:Organisation/h:OrganisationName") == [expected]
    assert find(odd, "h:MsgInfo/h:MsgId") == [expected]
    assert find(odd, "h:MsgInfo/h:Type/@DN") == [expected]


def test_the_two_messages_of_a_pair_differ_in_type_and_id_and_share_the_rest_of_the_head() -> None:
    pair = build([ordinary(1)])

    def facts(document: bytes) -> list[str]:
        return [str(elements(document, "Type")[0].get("V")), str(elements(document, "MsgId")[0].text)]

    assert facts(pair.ipl) == ["KPR_IPL", ORDER.melding_id_ipl]
    assert facts(pair.ide) == ["KPR_IDE", ORDER.melding_id_ide]
    for name in ("Sender", "Receiver", "GenDate"):
        one, two = (etree.tostring(elements(document, name)[0]) for document in (pair.ipl, pair.ide))
        assert one == two


def test_the_sender_and_receiver_of_the_setup_stand_in_the_head() -> None:
    names = [one.text for one in elements(build([ordinary(1)]).ipl, "OrganisationName")]
    assert names == [SETUP.avsender.navn, SETUP.avsender.tjeneste, SETUP.mottaker.navn]
