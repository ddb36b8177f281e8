"""The simulator: repeatable, clean when asked to be, and in a mess only where it says so."""

import itertools
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from typer import Typer
from typer.testing import CliRunner

from adapter.cli.simulate import simulate_command
from adapter.domain.enhet import Enhet
from adapter.domain.fold import Erase, Put, fold
from adapter.domain.identity import classify
from adapter.domain.judge import Judge
from adapter.domain.outcome import PARK_CODES, Applied, NotForUs, Parked, Superseded
from adapter.domain.rules import RULES
from adapter.domain.rules.sak import Sak
from adapter.domain.tilstand import Tilstand
from adapter.domain.yearview import PersonAar, year_view
from adapter.ingest.event_lines import read_line, write_line
from adapter.ingest.normalise import REPAIRS
from adapter.ingest.reading import Reader, Reading
from adapter.packs import load_pack
from adapter.sealing import Sealer
from adapter.simulate import SimulatedRecord, SimulationTally, simulate
from adapter.simulate.mess import BAD_REGISTRATIONS, ONCE, TRAFFIC

UNITS = [("5001", ""), ("0301", "01"), ("0301", "02")]
PERSONS = 3000
READER = Reader(Sealer({"k": b"1" * 32}, b"2" * 32), {"5001", "0301"})

Views = dict[tuple[str, Enhet], PersonAar]


@dataclass
class Run:
    """A simulated year, read and folded."""

    tally: SimulationTally
    records: list[SimulatedRecord]
    readings: list[Reading]
    states: defaultdict[str, Tilstand] = field(default_factory=lambda: defaultdict(Tilstand))
    conflicts: set[str] = field(default_factory=set)
    annulled: set[str] = field(default_factory=set)

    def events(self) -> Iterator[dict[str, Any]]:
        """The accepted structured events as JSON."""
        for record in self.records:
            if record.expected == "accepted" and record.headers[0][1] == b"application/cloudevents+json":
                yield json.loads(record.value)

    def identities(self) -> Iterator[tuple[str, str]]:
        """Person key and identity number of every person row."""
        for event in self.events():
            if event["type"].endswith(".person.registrert.v1"):
                yield event["subject"], event["data"]["innhold"]["ident"]["nummer"]

    @cached_property
    def findings(self) -> dict[str, set[str]]:
        """The rules that find something, by person key; not T1, which finds everyone."""
        views: Views = {}
        prints: defaultdict[bytes, set[str]] = defaultdict(set)
        for key, unit in itertools.product(self.states, UNITS):
            view = year_view(key, self.states[key].linjer.items(), Enhet(*unit), 2018)
            if view is not None:
                views[key, Enhet(*unit)] = view
                if view.person and view.person.innhold.ident:
                    prints[view.person.innhold.ident.avtrykk].add(key)
        shared = frozenset(avtrykk for avtrykk, keys in prints.items() if len(keys) > 1)
        judge, pack = Judge(RULES, 2018), load_pack(2018)
        found: dict[str, set[str]] = defaultdict(set)
        for (key, enhet), view in views.items():
            sak = Sak(pack, enhet, view, date(2019, 1, 5), "test", shared)
            found[key] |= {funn.rule for funn in judge.judge(sak).funn} - {"T1"}
        return found


def run(*, mess: bool) -> Run:
    tally = SimulationTally()
    records = list(simulate(PERSONS, 2018, 7, UNITS, mess=mess, tally=tally))
    result = Run(tally, records, [READER.read(record.delivered) for record in records])
    for reading in result.readings:
        if isinstance(reading.result, Put | Erase):
            outcome = fold(result.states[reading.person_key], reading.result)
            if isinstance(outcome, Applied | Superseded) and outcome.conflict:
                result.conflicts.add(reading.person_key)
            if reading.type.endswith(".annullert.v1"):
                result.annulled.add(reading.person_key)
    return result


@pytest.fixture(scope="module")
def clean() -> Run:
    return run(mess=False)


@pytest.fixture(scope="module")
def messy() -> Run:
    return run(mess=True)


def as_expected(reading: Reading) -> str:
    match reading.result:
        case Parked(code=code):
            return f"parked:{code}"
        case NotForUs(reason=reason):
            return f"not-for-us:{reason}"
        case _:
            return "accepted"


@pytest.mark.parametrize("mess", [False, True])
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(mess: bool) -> None:
    first = list(simulate(60, 2018, 1, UNITS, mess=mess))
    assert first == list(simulate(60, 2018, 1, UNITS, mess=mess))
    assert first != list(simulate(60, 2018, 2, UNITS, mess=mess))


def test_a_person_lives_the_same_life_among_few_and_among_many() -> None:
    few, many = set(simulate(20, 2018, 1, UNITS)), set(simulate(100, 2018, 1, UNITS))
    assert few < many


def test_a_simulation_needs_a_unit() -> None:
    with pytest.raises(ValueError, match="at least one unit"):
        next(simulate(1, 2018, 1, []))


def test_every_clean_event_is_accepted_as_it_stands(clean: Run) -> None:
    assert set(clean.tally.records) == {"accepted"}
    assert {as_expected(reading) for reading in clean.readings} == {"accepted"}
    assert not any(reading.repairs for reading in clean.readings)
    assert not clean.tally.mess
    assert not clean.tally.planted


def test_a_clean_year_breaks_no_rule(clean: Run) -> None:
    assert {key: rules for key, rules in clean.findings.items() if rules} == {}


def test_a_year_has_a_believable_number_of_events_for_each_person(clean: Run) -> None:
    counts = Counter(reading.person_key for reading in clean.readings)
    assert 20 < len(clean.records) / PERSONS < 35
    assert sum(5 <= count <= 60 for count in counts.values()) > 0.93 * len(counts)


def test_every_event_type_of_the_journal_occurs(clean: Run) -> None:
    kinds = {reading.type.split(".", 3)[3] for reading in clean.readings}
    assert kinds == {
        "person.registrert.v1",
        "personopplysning.registrert.v1",
        "funksjon.registrert.v1",
        "tjeneste.registrert.v1",
        "diagnose.registrert.v1",
        "dogntilbud.registrert.v1",
        "person.sammenslatt.v1",
        "person.slettet.v1",
    }


def test_about_one_application_in_twelve_is_refused(clean: Run) -> None:
    decided = [
        event["data"]["innhold"]
        for event in clean.events()
        if ".tjeneste." in event["type"] and event["data"]["innhold"].get("vedtakDato", "") >= "2018"
    ]
    outcomes = {row["vedtakId"] + row["vedtakDato"]: row["vedtak"] for row in decided}
    assert 0.05 < Counter(outcomes.values())["avslag"] / len(outcomes) < 0.12


def test_event_ids_are_unique_and_times_grow_for_each_person_and_over_the_stream(clean: Run) -> None:
    events = list(clean.events())
    times = [event["time"] for event in events]
    assert len({event["id"] for event in events}) == len(events)
    assert times == sorted(times)
    assert times[0].startswith("2018-01-01")
    assert times[-1].startswith("2018-12-31")
    by_person: dict[str, list[datetime]] = defaultdict(list)
    for event in events:
        by_person[event["subject"]].append(datetime.fromisoformat(event["time"]))
    assert all(earlier < later for own in by_person.values() for earlier, later in itertools.pairwise(own))


def test_versions_of_a_row_and_rows_of_a_decision_count_from_one_without_gaps(clean: Run) -> None:
    versions: dict[str, list[int]] = defaultdict(list)
    rows: dict[str, dict[str, int]] = defaultdict(dict)
    for event in clean.events():
        data = event["data"]
        if "registreringsId" not in data:
            continue
        versions[event["subject"] + data["registreringsId"]].append(data["versjon"])
        if "vedtakRad" in data["innhold"]:
            decision = event["subject"] + data["innhold"]["vedtakId"]
            rows[decision][data["registreringsId"]] = data["innhold"]["vedtakRad"]
    assert all(own == list(range(1, len(own) + 1)) for own in versions.values())
    assert all(list(own.values()) == list(range(1, len(own) + 1)) for own in rows.values())
    assert max(len(own) for own in rows.values()) >= 3


def test_every_identity_is_synthetic_and_valid_and_no_two_persons_share_one(clean: Run) -> None:
    holders: dict[str, set[str]] = defaultdict(set)
    for key, number in clean.identities():
        facts = classify(number)
        assert facts.valid
        assert facts.synthetic
        assert int(number[2:4]) > 80
        holders[number].add(key)
    assert {len(keys) for keys in holders.values()} == {1}


def test_in_a_mess_no_identity_could_be_a_real_persons(messy: Run) -> None:
    unlike = Counter(int(number[2:4]) // 20 * 20 for _, number in messy.identities())
    assert set(unlike) == {80, 40}, "month + 80 everywhere, month + 40 for H-numbers"
    assert unlike[40] < 100


def test_only_mess_leaves_services_running_after_death(clean: Run, messy: Run) -> None:
    for simulated, anyone in ((clean, False), (messy, True)):
        assert any("P2" in rules for rules in simulated.findings.values()) is anyone


def test_every_record_is_read_as_it_says(messy: Run) -> None:
    wrong = [
        (record.expected, as_expected(reading), record.value[:400])
        for record, reading in zip(messy.records, messy.readings, strict=True)
        if record.expected != as_expected(reading)
    ]
    assert wrong == []
    assert messy.tally.records == Counter(record.expected for record in messy.records)


def test_every_kind_of_mess_occurs(messy: Run) -> None:
    assert set(messy.tally.mess) == {mess.name for mess in (*BAD_REGISTRATIONS, *TRAFFIC, ONCE)}
    assert messy.tally.mess[ONCE.name] == 1
    assert set(messy.tally.by_rule()) == {mess.rule for mess in BAD_REGISTRATIONS}
    assert all(count < 0.04 * PERSONS for count in messy.tally.by_rule().values())


def test_every_park_code_that_input_can_reach_and_every_repair_occurs(messy: Run) -> None:
    parked = {expected.removeprefix("parked:") for expected in messy.tally.records if expected.startswith("parked:")}
    assert parked == {*PARK_CODES} - {"internal-error", "state-too-large"}
    assert {repair for reading in messy.readings for repair in reading.repairs} == {*REPAIRS}


def test_every_planted_mistake_is_found_by_its_rule_and_nothing_else_is(messy: Run) -> None:
    found = messy.findings
    planted = {plant.person_key: plant for plant in messy.tally.planted}
    assert len(planted) == len(messy.tally.planted), "at most one for each person"
    missed = [plant for key, plant in planted.items() if plant.rule not in found.get(key, ())]
    assert missed == []
    others = {(key in planted and planted[key].rule, rule) for key, rules in found.items() for rule in rules}
    # The second key of a shared number is nobody's own, and services of someone long dead outlive the person.
    own = {(mess.rule, mess.rule) for mess in BAD_REGISTRATIONS}
    assert others == {*own, (False, "I2"), ("P3", "P2")}


def test_sloppiness_repeats_and_corrections_do_not_change_what_the_journal_says(clean: Run, messy: Run) -> None:
    """Who got no bad registration, annulment or conflict ends in the same state as without mess."""
    planted = {plant.person_key for plant in messy.tally.planted}
    spared = set(clean.states) - planted - messy.annulled - messy.conflicts
    assert len(spared) > 0.5 * PERSONS
    assert [key for key in spared if _content(clean.states[key]) != _content(messy.states[key])] == []


def _content(state: Tilstand) -> dict[str, bytes]:
    """The rows without their versions: a correction counts one up."""
    return {key: bytes(linje.innhold) for key, linje in state.linjer.items()}


def test_every_record_survives_the_line_form(messy: Run) -> None:
    for record in messy.records:
        line = write_line(record.delivered)
        assert b"\n" not in line
        assert read_line(line) == record.delivered


@pytest.mark.parametrize("year", [2012, 2019, 2024, 2031])
def test_other_years_can_be_simulated(year: int) -> None:
    records = list(simulate(200, year, 1, UNITS, mess=True))
    assert [record for record in records if as_expected(READER.read(record.delivered)) != record.expected] == []


def test_the_command_prints_one_event_a_line_and_the_tally(tmp_path: Path) -> None:
    cli = Typer()
    cli.command()(simulate_command)
    file = tmp_path / "tally.json"
    arguments = ["--persons=30", "--year=2018", "--seed=4", "--kommune=0301", "--bydel=03", f"--tally={file}"]
    done = CliRunner().invoke(cli, arguments)
    tally = json.loads(file.read_bytes())
    lines = done.stdout_bytes.splitlines()
    assert [json.loads(line)["specversion"] for line in lines] == ["1.0"] * len(lines)
    assert tally["records"] == {"accepted": len(lines)}
    assert [read_line(line) for line in lines] == [r.delivered for r in simulate(30, 2018, 4, [("0301", "03")])]


@pytest.mark.parametrize(
    "wrong", [["--kommune=301"], ["--bydel=1"], ["--kommune=0301", "--kommune=5001", "--bydel=01"]]
)
def test_the_command_refuses_units_that_cannot_be(wrong: list[str]) -> None:
    cli = Typer()
    cli.command()(simulate_command)
    assert CliRunner().invoke(cli, ["--persons=1", "--year=2018", *wrong]).exit_code == 2
