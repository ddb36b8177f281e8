"""Receipts: order and repetition do not matter, and whatever the bytes are, they are read or refused by name."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.domain.receipts import TILSTANDER, SendtMelding, Svar, message_status, overview
from adapter.message.apprec import Kvittering, KvitteringError, Kvitteringsleser
from adapter.message.free_text import cleaned
from adapter.shipped import shipped

bounded = settings(max_examples=200, deadline=None)

EXAMPLES = [path.read_bytes() for path in sorted((Path(__file__).parents[1] / "golden/eksempler").glob("*.xml"))]
RECEIPTS = [text for text in EXAMPLES if b"<AppRec" in text]
LESER = Kvitteringsleser(shipped("schemas"))
GEN_DATE = datetime(2019, 1, 3, 6, tzinfo=UTC)
SENT = [SendtMelding(name, "KPR_IPL", GEN_DATE) for name in ("a", "b")]

moments = st.integers(0, 300).map(lambda hours: GEN_DATE + timedelta(hours=hours))
receipts = st.builds(
    Svar,
    id=st.sampled_from("123"),
    melding_id=st.sampled_from(("a", "b", "A", "fremmed")),
    status=st.sampled_from(("ok", "avvist", "ok-med-feil")),
    gen_date=moments,
    feil=st.sampled_from(((), ("T02",), ("E10", "X99"))),
)


@bounded
@given(st.lists(receipts, max_size=8), moments, st.data())
def test_any_order_and_repetition_of_receipts_gives_the_same_states(
    given_receipts: list[Svar], now: datetime, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(given_receipts * data.draw(st.integers(1, 3))))
    assert overview(SENT, shuffled, now) == overview(SENT, given_receipts, now)


@bounded
@given(st.lists(receipts, max_size=8), receipts, moments)
def test_one_more_receipt_never_makes_an_answered_message_look_better(
    before: list[Svar], one: Svar, now: datetime
) -> None:
    for sent in SENT:
        old, new = message_status(sent, before, now), message_status(sent, [*before, one], now)
        answered = old.tilstand not in ("sendt", "ubesvart")
        assert not answered or TILSTANDER.index(new.tilstand) >= TILSTANDER.index(old.tilstand)


@bounded
@given(st.lists(receipts, max_size=8), moments, moments)
def test_time_alone_changes_only_what_is_unanswered(given_receipts: list[Svar], one: datetime, other: datetime) -> None:
    for sent in SENT:
        first, second = (message_status(sent, given_receipts, now) for now in (one, other))
        assert first == second or {first.tilstand, second.tilstand} == {"sendt", "ubesvart"}


def read_or_refused(document: bytes) -> Kvittering | str:
    try:
        return LESER.read(document)
    except KvitteringError as error:
        return error.kode


@bounded
@given(st.binary(max_size=500))
def test_any_bytes_are_read_or_refused(document: bytes) -> None:
    assert read_or_refused(document)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(EXAMPLES), st.lists(st.tuples(st.integers(0, 4000), st.binary(max_size=12)), max_size=4))
def test_any_damage_to_a_message_is_read_or_refused(document: bytes, damage: list[tuple[int, bytes]]) -> None:
    for place, piece in damage:
        document = document[:place] + piece + document[place + len(piece) :]
    assert read_or_refused(document)


@bounded
@given(st.sampled_from(RECEIPTS), st.text(alphabet=st.characters(exclude_categories=["C"]), max_size=60))
def test_any_text_in_an_error_is_kept_clean(document: bytes, text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    found = read_or_refused(document.replace(b"iiBydelsnr mangler", escaped.encode()))
    assert isinstance(found, Kvittering)
    assert all(one.utdyping == cleaned(one.utdyping) for one in found.feil)


@bounded
@given(st.text(alphabet="0123456789 -.xæ(", max_size=80))
def test_cleaning_twice_is_cleaning_once_and_leaves_no_long_number(text: str) -> None:
    kept = cleaned(text)
    assert cleaned(kept) == kept
    assert not any(len(run) >= 11 for run in "".join(c if c.isdigit() else " " for c in kept).split())
