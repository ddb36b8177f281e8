"""Text into XML and back: what a parser reads is what was written, but for what XML cannot hold at all."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from adapter.message.text import date8, escape, escape_attribute

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def read_content(text: str) -> str:
    return etree.fromstring(f"<x>{escape(text)}</x>".encode()).text or ""


def read_attribute(text: str) -> str:
    return str(etree.fromstring(f'<x y="{escape_attribute(text)}"/>'.encode()).get("y"))


# The characters of XML 1.0, production 2, as it stands in the recommendation.
XML_CHARACTERS = [(0x9, 0xA), (0xD, 0xD), (0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF)]


def is_xml(character: str) -> bool:
    return any(low <= ord(character) <= high for low, high in XML_CHARACTERS)


def what_is_left(text: str) -> str:
    return "".join(character if is_xml(character) else REPLACEMENT for character in text)


# All code points, surrogates included, with the troublesome ones often.
texts = st.text(st.characters(exclude_categories=()) | st.sampled_from("&<>\"'\r\n\t \x00\x1f\x85\u2028\ud800\uffff]"))


@given(texts)
def test_content_comes_back_as_it_was(text: str) -> None:
    assert read_content(text) == what_is_left(text)


@given(texts)
def test_an_attribute_comes_back_as_it_was_blanks_and_line_breaks_too(text: str) -> None:
    assert read_attribute(text) == what_is_left(text)


@given(texts)
def test_no_text_can_end_the_element_or_the_attribute_it_stands_in(text: str) -> None:
    assert len(etree.fromstring(f"<x>{escape(text)}</x>".encode())) == 0
    assert len(etree.fromstring(f'<x y="{escape_attribute(text)}"/>'.encode()).attrib) == 1


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_what_is_written_can_always_be_encoded(text: str) -> None:
    escape(text).encode()
    escape_attribute(text).encode()


@pytest.mark.parametrize(
    ("text", "content", "attribute"),
    [
        ("Kåre & Sønn", "Kåre &amp; Sønn", "Kåre &amp; Sønn"),
        ("<script>", "&lt;script&gt;", "&lt;script&gt;"),
        ("]]>", "]]&gt;", "]]&gt;"),
        ('si "ja"', 'si "ja"', "si &quot;ja&quot;"),
        ("O'Hara", "O'Hara", "O'Hara"),
        ("to\nlinjer", "to\nlinjer", "to&#10;linjer"),
        ("to\r\nlinjer", "to&#13;\nlinjer", "to&#13;&#10;linjer"),
        ("ta\tb", "ta\tb", "ta&#9;b"),
        ("&amp;", "&amp;amp;", "&amp;amp;"),
        (
            "a\x00b\x0bc\x1fd",
            f"a{REPLACEMENT}b{REPLACEMENT}c{REPLACEMENT}d",
            f"a{REPLACEMENT}b{REPLACEMENT}c{REPLACEMENT}d",
        ),
        ("\ud83d\ude00", REPLACEMENT * 2, REPLACEMENT * 2),
        ("\ufffe\uffff", REPLACEMENT * 2, REPLACEMENT * 2),
        ("\N{GRINNING FACE}", "\N{GRINNING FACE}", "\N{GRINNING FACE}"),
        ("\x7f\x85", "\x7f\x85", "\x7f\x85"),
        ("", "", ""),
    ],
)
def test_as_it_is_written(text: str, content: str, attribute: str) -> None:
    assert escape(text) == content
    assert escape_attribute(text) == attribute


def test_the_date_of_the_care_message_has_eight_digits_in_any_century() -> None:
    assert date8(date(2018, 2, 3)) == "20180203"
    assert date8(date(987, 12, 31)) == "09871231"
    assert date8(date.max) == "99991231"


@given(st.dates())
def test_every_date_has_eight_digits_and_can_be_read_back(day: date) -> None:
    text = date8(day)
    assert len(text) == 8
    assert date(int(text[:4]), int(text[4:6]), int(text[6:])) == day
