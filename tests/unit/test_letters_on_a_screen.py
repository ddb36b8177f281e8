"""What a letter holds, as a terminal shows it: masked unless asked otherwise, and never able to steer the terminal."""

import pytest

from adapter.cli.dlq_show import LONGEST_SHOWN, legible

NUMBER = "13813299997"


@pytest.mark.parametrize(
    ("content", "masked", "unmasked"),
    [
        (b'{"versjon": 7}', '{"versjon": 7}', '{"versjon": 7}'),
        (f'{{"ident": "{NUMBER}"}}'.encode(), '{"ident": "***9997"}', f'{{"ident": "{NUMBER}"}}'),
        (b"138132 99997", "***9997", "138132 99997"),
        (b"x13813299997y", "x***9997y", "x13813299997y"),
        ("Bjørg".encode(), "Bjørg", "Bjørg"),
        (b"a\n\tb", "a\n\tb", "a\n\tb"),
        (b"\x1b[2J", "(4 bytes that are no text; --unmasked shows them)", "\\x1b[2J"),
        (b"Bj\xf8rg 13813299997", "(17 bytes that are no text; --unmasked shows them)", "Bj\\xf8rg 13813299997"),
        (b"1\x003\x00", "(4 bytes that are no text; --unmasked shows them)", "1\\x003\\x00"),
        (b"", "", ""),
        (None, None, None),
    ],
)
def test_long_rows_of_digits_are_cut_down_and_what_is_no_text_is_kept_back(
    content: bytes | None, masked: str | None, unmasked: str | None
) -> None:
    assert legible(content, unmasked=False) == masked
    assert legible(content, unmasked=True) == unmasked


def test_a_number_cannot_hide_between_what_is_printed_and_what_is_not() -> None:
    for between in ("\u200b", "\u2060", "\x00", "\u00ad", "\u202e"):
        text = between.join(NUMBER)
        assert "bytes that are no text" in str(legible(text.encode(), unmasked=False))


def test_a_giant_is_cut_off_and_its_size_is_told() -> None:
    shown = legible(b"x" * 1_000_000, unmasked=False)
    assert shown == f"{'x' * LONGEST_SHOWN}… (1000000 bytes in all)"
