"""From states to a pair of messages: nothing lost, nothing invalid, nobody told of in both ways at once."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapter.domain.enhet import Enhet
from adapter.domain.records import Sammenslaing
from adapter.domain.rules import RULES
from adapter.domain.tilstand import Linje
from adapter.ingest.resealing import resealed
from adapter.message.hode import Partsinfo
from adapter.message.kpr_ipl import Kontaktinfo
from adapter.report.build import BATCH, PairBuilder
from adapter.report.population import Population
from adapter.sealing import Sealer
from tests.property.registrations import histories
from tests.sound import avslag, diagnose, funksjon, opplysning, person, tjeneste
from tests.unit.pair import (
    CONTACTS,
    GATE_IDE,
    GATE_IPL,
    ORDER,
    SETUP,
    TRONDHEIM,
    build,
    elements,
    number_of,
    ordinary,
    row,
    state,
    who,
)

GAMLE_OSLO, FROGNER = Enhet("0301", "01"), Enhet("0301", "05")


def blocked_by(pair_reasons: list[str]) -> list[str]:
    return [reason.partition(":")[0] for reason in pair_reasons]


# ---- what goes in comes out -----------------------------------------------------------------------------------------


def test_both_messages_are_valid_and_hold_the_same_persons_in_the_same_order() -> None:
    pair = build(ordinary(serial) for serial in range(25))
    assert pair.valid
    assert pair.pids == list(pair.idents)
    assert sorted(pair.idents.values()) == sorted(number_of(serial) for serial in range(25))
    assert pair.resultat.personer_sendt == 25
    assert pair.resultat.stoppet_av == []


def test_persons_stand_in_the_order_of_their_numbers() -> None:
    numbers = [int(pid) for pid in build(ordinary(serial) for serial in range(25)).pids]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("count", [BATCH - 1, BATCH, BATCH + 1, 2 * BATCH, 2 * BATCH + 1])
def test_no_person_is_lost_or_doubled_at_the_border_of_a_batch(count: int) -> None:
    pair = build(ordinary(serial) for serial in range(count))
    assert pair.valid
    assert len(set(pair.pids)) == len(pair.pids) == count
    assert pair.pids == list(pair.idents)
    assert [done for done, _ in pair.steps] == [*range(BATCH, count, BATCH), count]
    assert {total for _, total in pair.steps} == {count}


def test_batches_do_not_show_in_the_bytes() -> None:
    states = dict(ordinary(serial) for serial in range(BATCH + 3))
    rows = [int(str(one.get("tjTjID"))) for one in elements(build(states).ipl, "TJENESTE")]
    assert rows == list(range(1, BATCH + 4))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(histories(st.just(TRONDHEIM), most=5), min_size=1, max_size=6))
def test_whatever_was_registered_the_counts_add_up_and_the_pair_is_valid_or_blocked(
    states: list[dict[str, Linje]],
) -> None:
    # The identities drawn here are sealed with no key, so nobody of them can be sent but for those made anew.
    made = {}
    for serial, lines in enumerate(states):
        key = f"pas-{serial:04}"
        kept = [(name, line) for name, line in lines.items() if not name.startswith("person/")]
        made[key] = state(row(who(key, number_of(serial)), "p"), *kept)
    pair = build(made)
    result = pair.resultat
    assert result.adds_up()
    assert result.rader_i_visningen == result.rader_sendt + result.rader_holdt
    assert Counter(result.holdt_etter_regel).total() == Counter(result.rader_holdt).total()
    assert len(pair.pids) == result.personer_sendt == len(pair.idents)
    assert pair.valid or result.stoppet_av
    in_message = {name: len(elements(pair.ipl, name.upper())) for name in ("tjeneste", "funksjon", "diagnose")}
    assert in_message == {name: result.rader_sendt[name] for name in in_message}


def test_the_same_states_in_another_order_give_the_same_bytes() -> None:
    states = [ordinary(serial) for serial in range(30)]
    assert build(states) == build(reversed(states))


def test_what_was_refused_is_counted_as_refusal_and_nobody_receives_it() -> None:
    pair = build([ordinary(1, row(avslag(tjenestetype=21, vedtak_id="v-nei"), "t-nei"))])
    assert pair.resultat.avslag_sendt == 1
    assert pair.resultat.tjenestemottakere == {15: 1}


# ---- who is in which message ----------------------------------------------------------------------------------------


def test_a_person_in_two_districts_is_in_both_messages_under_different_numbers() -> None:
    key, number = "pas-1", number_of(1)
    states = {
        key: state(
            row(who(key, number), "p", FROGNER),
            row(tjeneste(vedtak_id="a"), "t-a", FROGNER),
            row(tjeneste(vedtak_id="b", tjenestetype=6, timer_per_uke=None), "t-b", GAMLE_OSLO),
        )
    }
    frogner, gamle_oslo = build(states, enhet=FROGNER), build(states, enhet=GAMLE_OSLO)
    assert list(frogner.idents.values()) == list(gamle_oslo.idents.values()) == [number]
    assert set(frogner.pids).isdisjoint(gamle_oslo.pids)
    assert [one.text for one in elements(frogner.ipl, "tjTjenType")] == ["15"]
    assert [one.text for one in elements(gamle_oslo.ipl, "tjTjenType")] == ["6"]


def test_a_number_is_the_persons_own_in_unit_and_year_whoever_else_is_there() -> None:
    alone = build([ordinary(7)])
    crowd = build(ordinary(serial) for serial in range(20))
    assert crowd.idents[alone.pids[0]] == number_of(7)


def test_care_data_holds_no_identity_and_identities_hold_no_care_data() -> None:
    pair = build(
        ordinary(
            serial,
            row(diagnose(kode=f"Z{serial:02}"), f"d{serial}"),
            row(funksjon(funksjonstype=17, verdi=5), f"f{serial}"),
            row(opplysning(vurdert_lege="2018-07"), f"o{serial}"),
        )
        for serial in range(40)
    )
    for serial in range(40):
        assert number_of(serial).encode() not in pair.ipl
        assert f"Z{serial:02}<".encode() not in pair.ide
    assert not re.search(rb"[0-9]{11}", pair.ipl.partition(b"<PERSON")[2])
    body = pair.ide.partition(b"<Institusjon")[2].partition(b"</Institusjon>")[0]
    assert re.fullmatch(rb'(\s*<PasientIdent pid="\d+" fid="\d{11}" typeID="1"/>)+\s*', body.partition(b">")[2])
    for word in (b"TJENESTE", b"DIAGNOSE", b"FUNKSJON", b"tj", b"201807", b"pas-"):
        assert word not in body
    for word in (b"pas-", b"fid", b"PasientIdent", b"PersonIdent"):
        assert word not in pair.ipl


def test_no_finding_and_no_count_tells_an_identity_number() -> None:
    bad = who("pas-x", "01010112345", fodselsdato=None, kjonn=None)
    pair = build([ordinary(1), ("pas-x", state(row(bad, "p-x"), row(tjeneste(vedtak_dato=None), "t-x")))])
    told = f"{pair.funn} {pair.resultat.as_dict()}"
    assert "01010112345" not in told
    assert number_of(1) not in told


# ---- merged persons -------------------------------------------------------------------------------------------------


def merged(videre_til: str, name: str = "m") -> tuple[str, Linje]:
    return row(Sammenslaing(videre_til=videre_til), name)


def test_of_a_merged_person_row_and_number_are_those_of_the_key_that_lives_on() -> None:
    old, new = number_of(1), number_of(2)
    pair = build(
        {
            "gammel": state(row(who("gammel", old), "p-g"), row(tjeneste(vedtak_id="a"), "t-g"), merged("ny")),
            "ny": state(row(who("ny", new), "p-n"), row(tjeneste(vedtak_id="b"), "t-n")),
        }
    )
    assert list(pair.idents.values()) == [new]
    assert len(elements(pair.ipl, "TJENESTE")) == 2


def test_a_merged_person_whose_new_key_has_no_row_yet_keeps_the_old_row_and_number() -> None:
    number = number_of(1)
    states = {"gammel": state(row(who("gammel", number), "p-g"), row(tjeneste(), "t-g"), merged("ny"))}
    assert list(build(states).idents.values()) == [number]
    states["ny"] = state(row(funksjon(), "f-n"))
    pair = build(states)
    assert list(pair.idents.values()) == [number]
    assert len(elements(pair.ipl, "FUNKSJON")) == 1


@pytest.mark.parametrize("old_is_annulled", [True, False])
@pytest.mark.parametrize(("old_version", "new_version"), [(6, 6), (6, 5), (5, 6)])
def test_a_person_row_that_was_moved_is_opened_with_the_key_it_lies_under(
    old_is_annulled: bool, old_version: int, new_version: int
) -> None:
    number = number_of(1)
    pair = build(
        {
            "gammel": state(
                row(who("gammel", number), "p", versjon=old_version, annullert=old_is_annulled),
                row(tjeneste(), "t-g"),
                merged("ny"),
            ),
            "ny": state(row(who("ny", number), "p", versjon=new_version)),
        }
    )
    assert list(pair.idents.values()) == [number]
    assert pair.resultat.stoppet_av == []


@pytest.mark.parametrize("second", [1, 2], ids=["the same row", "another number in the same version"])
@pytest.mark.parametrize("sealed_anew", [(), ("en",), ("to",), ("en", "to")], ids=str)
def test_a_row_under_two_old_keys_is_the_same_choice_whatever_keys_seal_it(
    second: int, sealed_anew: Sequence[str]
) -> None:
    states = {
        key: state(row(who(key, number_of(serial)), "p"), row(tjeneste(), f"t-{key}"), merged("ny"))
        for key, serial in (("en", 1), ("to", second))
    }
    rotated = Sealer({"k2": bytes(32), "k1": bytes(range(32))}, pseudonym=bytes(range(32, 64)))
    anew = {key: resealed(key, states[key], rotated) or b"" for key in sealed_anew}
    pair, before = build(states | anew, replace(SETUP, sealer=rotated)), build(states)
    assert len(pair.idents) == 1
    assert (pair.ipl, pair.ide) == (before.ipl, before.ide)


def test_a_row_that_was_moved_in_one_version_lives_and_one_annulled_later_does_not() -> None:
    def services(annulled_in: int) -> int:
        pair = build(
            {
                "gammel": state(row(tjeneste(), "t", versjon=annulled_in, annullert=True), merged("ny")),
                "ny": state(row(who("ny", number_of(1)), "p"), row(funksjon(), "f"), row(tjeneste(), "t", versjon=2)),
            }
        )
        return len(elements(pair.ipl, "TJENESTE"))

    assert [services(annulled_in) for annulled_in in (1, 2, 3)] == [1, 1, 0]


def test_an_annulment_and_a_registration_in_one_version_under_one_key_stay_annulled() -> None:
    annulled = row(tjeneste(), "t", versjon=2, annullert=True)
    pair = build(
        [("ny", state(row(who("ny", number_of(1)), "p"), row(funksjon(), "f"), row(tjeneste(), "t"), annulled))]
    )
    assert elements(pair.ipl, "TJENESTE") == []


# ---- what stops a message -------------------------------------------------------------------------------------------


def test_nobody_in_the_view_blocks_the_message() -> None:
    pair = build([])
    assert blocked_by(pair.resultat.stoppet_av) == ["M1"]
    assert "Ingen personer" in pair.resultat.stoppet_av[0]


def test_when_everybody_is_held_back_the_message_is_blocked_for_it_would_be_invalid() -> None:
    pair = build([("pas-1", state(row(person(ident=None), "p"), row(tjeneste(), "t")))])
    assert pair.resultat.personer_i_visningen == 1
    assert pair.resultat.personer_sendt == 0
    assert not pair.valid
    assert blocked_by(pair.resultat.stoppet_av) == ["M1"]
    assert "holdt tilbake" in pair.resultat.stoppet_av[0]


def test_without_any_checks_nothing_is_sent() -> None:
    pair = build([ordinary(1)], replace(SETUP, rules=()))
    assert blocked_by(pair.resultat.stoppet_av) == ["M0"]


@pytest.mark.parametrize(
    ("contacts", "rules"),
    [
        (CONTACTS[:1], ["M1", "M5", "M5"]),
        ((), ["M1", "M5", "M5", "M5"]),
        ((CONTACTS[0], CONTACTS[0]), ["M5"]),
        ((*CONTACTS, *CONTACTS), ["M1", "M5"]),
    ],
)
def test_contacts_that_are_wrong_block_the_message_and_are_laid_on_no_person(
    contacts: tuple[Kontaktinfo, ...], rules: list[str]
) -> None:
    pair = build((ordinary(serial) for serial in range(BATCH + 2)), replace(SETUP, kontakter=contacts))
    assert sorted(blocked_by(pair.resultat.stoppet_av)) == rules
    assert pair.resultat.personer_holdt == 0
    assert pair.resultat.adds_up()


def test_a_sender_that_the_envelope_refuses_blocks_both_messages_once_each() -> None:
    nameless = Partsinfo("Prøvekommunen", "", "", "Saksbehandling", "")
    pair = build((ordinary(serial) for serial in range(BATCH + 2)), replace(SETUP, avsender=nameless))
    assert blocked_by(pair.resultat.stoppet_av) == ["M1"]
    assert "2 ganger" in pair.resultat.stoppet_av[0]
    assert "KPR_IPL" in pair.resultat.stoppet_av[0]
    assert pair.resultat.personer_holdt == 0


def test_a_municipality_with_districts_cannot_report_without_one() -> None:
    oslo = Enhet("0301")
    pair = build([ordinary(1, enhet=oslo)], enhet=oslo)
    assert blocked_by(pair.resultat.stoppet_av) == ["M4"]


def test_a_number_of_another_time_is_refused() -> None:
    bergen_since_2020 = Enhet("4601")
    pair = build([ordinary(1, enhet=bergen_since_2020)], enhet=bergen_since_2020)
    assert blocked_by(pair.resultat.stoppet_av) == ["M3"]


def test_a_pack_without_a_format_builds_nothing() -> None:
    without = replace(SETUP, pack=msgspec.structs.replace(SETUP.pack, melding=None))
    with pytest.raises(ValueError, match="no message format"):
        PairBuilder(ORDER, without, Population.of({}))


# ---- the gate -------------------------------------------------------------------------------------------------------


def test_whom_the_gate_refuses_is_in_neither_message_and_all_others_are() -> None:
    # Without F2 nothing but the gate stands in the way of a score that the format does not know.
    careless = replace(SETUP, rules=[rule for rule in RULES if rule.id != "F2"])
    states = dict(ordinary(serial) for serial in range(BATCH + 10))
    for serial in (3, 150, BATCH + 5):
        states.update([ordinary(serial, row(funksjon(verdi=7), "f-bad"), row(diagnose(), "d"))])
    pair = build(states, careless)
    assert pair.valid
    assert pair.pids == list(pair.idents)
    assert len(pair.pids) == BATCH + 7
    assert not {number_of(serial) for serial in (3, 150, BATCH + 5)} & set(pair.idents.values())
    held = [(key, funn.rule, funn.record_id) for key, funn in pair.funn if funn.rule == "M1"]
    assert sorted(held) == [(f"pas-{serial:04}", "M1", f"p{serial}") for serial in (3, 150, BATCH + 5)]
    assert pair.resultat.stoppet_av == []
    assert pair.resultat.adds_up()
    assert pair.resultat.rader_holdt == {"funksjon": 3, "tjeneste": 3, "diagnose": 3}


def test_everyone_refused_by_the_gate_blocks_the_message() -> None:
    careless = replace(SETUP, rules=[rule for rule in RULES if rule.id != "F2"])
    pair = build([ordinary(1, row(funksjon(verdi=7), "f-bad"))], careless)
    assert blocked_by(pair.resultat.stoppet_av) == ["M1"]
    assert pair.resultat.adds_up()


def test_the_schemas_of_the_two_messages_are_not_the_same() -> None:
    pair = build([ordinary(1)])
    assert GATE_IDE.problems(pair.ipl)
    assert GATE_IPL.problems(pair.ide)
