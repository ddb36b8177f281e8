"""A dead letter says which unit it came from where that can be read, and nothing else of what it holds."""

import pytest

from adapter.domain.enhet import Enhet
from adapter.domain.outcome import Parked
from adapter.ingest.cloudevent import Delivered
from adapter.ingest.dead_letter import PART_BYTES, registered_by, seal_letter
from adapter.ingest.reading import Reading
from adapter.letters.letter import Origin, open_letter
from adapter.sealing import SealBrokenError, Sealer

SEALER = Sealer({"k1": bytes(range(32))}, bytes(32))
ORIGIN = Origin("bus", 3, 17, 1_700_000_000_000)
PARKED = Parked("missing-field", "innhold.tjenestetype")


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        (b'{"data":{"kommunenummer":"5001","x":[]}}', Enhet("5001")),
        (b'{"data":{"kommunenummer":"0301","bydelsnummer":"03"}}', Enhet("0301", "03")),
        (b'{"kommunenummer":"0301","bydelsnummer":"03"}', Enhet("0301", "03")),
        (b'{"data":{"kommunenummer":"02813299997"}}', Enhet("")),
        (b'{"data":{"kommunenummer":5001}}', Enhet("")),
        (b"\xff\xfe", Enhet("")),
        (b"[" * 100_000, Enhet("")),
        (b"", Enhet("")),
        (None, Enhet("")),
    ],
)
def test_the_unit_is_told_only_where_it_is_digits(value: bytes | None, unit: Enhet) -> None:
    assert registered_by(Delivered(b"k", value)) == unit


@pytest.mark.parametrize("size", [0, 1, PART_BYTES, 2 * PART_BYTES + 5])
def test_a_letter_of_any_size_comes_back_whole_from_its_parts(size: int) -> None:
    delivered = Delivered(b"13813299997", bytes(size), (("h", b"13813299997"), ("none", None)))
    parts = list(seal_letter(ORIGIN, delivered, Reading("unknown", "", PARKED), PARKED, SEALER))
    assert all(len(part) <= PART_BYTES for part, _ in parts)
    assert b"13813299997" not in b"".join(part for part, _ in parts)
    assert not any(b"13813299997" in value for _, headers in parts for _, value in headers)
    letter = open_letter(ORIGIN, "k1", b"".join(part for part, _ in parts), SEALER)
    assert (letter.key, letter.value, letter.headers) == (delivered.key, delivered.value, list(delivered.headers))


def test_a_letter_opens_only_as_coming_from_where_it_came() -> None:
    ((part, _),) = seal_letter(ORIGIN, Delivered(b"k", b"v"), Reading("unknown", "", PARKED), PARKED, SEALER)
    with pytest.raises(SealBrokenError):
        open_letter(ORIGIN._replace(offset=18), "k1", part, SEALER)
