"""Everything that can go wrong, in one table: name, share of persons, rule or fate, function.

A person gets at most one bad registration, so that what was planted and what was found can be compared one by one;
of the rest anything may happen together. Kinds are put in from top to bottom: what changes contents comes before what
breaks copies, that before what repeats and delays.
"""

import random
from collections.abc import Callable
from typing import NamedTuple

from adapter.simulate import bad_persons, bad_services, broken, sloppy, traffic
from adapter.simulate.history import History
from adapter.simulate.tally import Planted, SimulationTally


class Mess(NamedTuple):
    """One kind. `put_in` answers with the id of the row, `""` for no single row, None where it does not apply."""

    name: str
    share: float
    rule: str
    put_in: Callable[[History], str | None]


BAD_REGISTRATIONS = (
    Mess("identity with a wrong check digit", 0.012, "I1", bad_persons.wrong_check_digit),
    Mess("two persons with one identity", 0.012, "I2", bad_persons.same_number_twice),
    Mess("H-number", 0.012, "I3", bad_persons.h_number),
    Mess("sex against the identity", 0.010, "P1", bad_persons.other_sex),
    Mess("birth date against the identity", 0.008, "P1", bad_persons.other_birth_date),
    Mess("death in the future", 0.008, "P2", bad_persons.dies_in_the_future),
    Mess("services after death", 0.015, "P2", bad_persons.services_outlive_the_person),
    Mess("dead before the year", 0.012, "P3", bad_persons.died_before_the_year),
    Mess("service code on no list", 0.010, "S1", bad_services.code_on_no_list),
    Mess("service code of another year", 0.010, "S1", bad_services.code_of_wrong_year),
    Mess("no start date", 0.020, "S2", bad_services.no_start),
    Mess("start before 1980", 0.006, "S2", bad_services.start_before_1980),
    Mess("end before start", 0.016, "S3", bad_services.ends_before_it_starts),
    Mess("no decision date", 0.010, "S4", bad_services.no_decision_date),
    Mess("start before decision", 0.008, "S4", bad_services.starts_before_decision),
    Mess("start before application", 0.008, "S4", bad_services.starts_before_application),
    Mess("organisation number is none", 0.012, "S5", bad_services.invalid_orgnr),
    Mess("organisation number missing", 0.012, "S5", bad_services.no_orgnr),
    Mess("organisation number too many", 0.008, "S5", bad_services.orgnr_where_none_belongs),
    Mess("200 hours a week", 0.012, "S6", bad_services.two_hundred_hours),
    Mess("hours missing", 0.010, "S6", bad_services.no_hours),
    Mess("same service twice", 0.012, "S7", bad_services.same_service_twice),
    Mess("refusal with service dates", 0.010, "S8", bad_services.refusal_with_service_dates),
    Mess("home service in institution", 0.015, "S9", bad_services.home_service_in_institution),
    Mess("no scores", 0.012, "F1", bad_persons.no_scores),
    Mess("score 7", 0.012, "F2", bad_persons.score_seven),
    Mess("malformed diagnosis", 0.012, "D1", bad_persons.malformed_diagnosis),
)

TRAFFIC = (
    Mess("correction", 0.05, "accepted", traffic.correction),
    Mess("mistake annulled", 0.03, "accepted", traffic.annulled_mistake),
    Mess("row annulled", 0.03, "accepted", traffic.annulled_row),
    Mess("conflict", 0.01, "accepted", traffic.conflict),
    Mess("unknown type", 0.02, "not-for-us", traffic.unknown_type),
    Mess("other municipality", 0.02, "not-for-us", traffic.other_municipality),
    Mess("empty value", 0.004, "parked", broken.empty_value),
    Mess("not UTF-8", 0.004, "parked", broken.not_utf8),
    Mess("cut short", 0.004, "parked", broken.cut_short),
    Mess("XML", 0.003, "parked", broken.xml_instead),
    Mess("old envelope", 0.004, "parked", broken.old_envelope),
    Mess("no envelope", 0.003, "parked", broken.no_envelope),
    Mess("no key", 0.004, "parked", broken.no_key),
    Mess("key with blanks", 0.004, "parked", broken.key_with_blanks),
    Mess("identity as key", 0.004, "parked", broken.identity_as_key),
    Mess("other subject", 0.004, "parked", broken.other_subject),
    Mess("no version", 0.004, "parked", broken.no_version),
    Mess("version in words", 0.004, "parked", broken.version_in_words),
    Mess("content as list", 0.003, "parked", broken.content_as_list),
    Mess("negative version", 0.004, "parked", broken.negative_version),
    Mess("five-digit municipality", 0.003, "parked", broken.five_digit_municipality),
    Mess("30 February", 0.005, "parked", broken.thirtieth_of_february),
    Mess("identity as row id", 0.004, "parked", broken.identity_as_row_id),
    Mess("unknown field", 0.02, "accepted", sloppy.unknown_field),
    Mess("padded code", 0.02, "accepted", sloppy.padded_code),
    Mess("code as text", 0.01, "accepted", sloppy.code_as_text),
    Mess("empty strings", 0.02, "accepted", sloppy.empty_strings),
    Mess("hours as prose", 0.02, "accepted", sloppy.hours_as_prose),
    Mess("date with time", 0.02, "accepted", sloppy.date_with_time),
    Mess("date in another form", 0.02, "accepted", sloppy.date_in_another_form),
    Mess("number for text", 0.01, "accepted", sloppy.number_for_text),
    Mess("grouped organisation number", 0.01, "accepted", sloppy.grouped_orgnr),
    Mess("capital letters", 0.01, "accepted", sloppy.capital_letters),
    Mess("binary binding", 0.02, "accepted", traffic.binary_binding),
    Mess("duplicate", 0.10, "accepted", traffic.duplicate),
    Mess("late", 0.06, "accepted", traffic.late),
    Mess("out of order", 0.06, "accepted", traffic.out_of_order),
)
ONCE = Mess("oversized value", 0.0, "parked", broken.too_large)
"""Put in for the first person of a run only."""


def make_mess(history: History, tally: SimulationTally, *, first: bool) -> None:
    """Draw and put in the mess of one person."""
    if history.continues:
        _register_badly(history, tally)
    for mess in (*((ONCE,) if first else ()), *(mess for mess in TRAFFIC if history.rng.random() < mess.share)):
        if mess.put_in(history) is not None:
            tally.mess[mess.name] += 1


def _register_badly(history: History, tally: SimulationTally) -> None:
    mess = _drawn(history.rng)
    row = mess and mess.put_in(history)
    if mess is None or row is None:
        return
    tally.mess[mess.name] += 1
    tally.planted.append(Planted(mess.name, mess.rule, history.recipient.key, row))


def _drawn(rng: random.Random) -> Mess | None:
    point = rng.random()
    for mess in BAD_REGISTRATIONS:
        point -= mess.share
        if point < 0:
            return mess
    return None
