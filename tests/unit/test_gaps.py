"""The gap report: counts by a hand-counted example, and agreement with what the message would come to."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from pathlib import Path

import msgspec
import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner, Result

from adapter.cli.gaps import gaps
from adapter.cli.gaps_from_file import WatchingReader, told_by
from adapter.domain.enhet import Enhet
from adapter.domain.outcome import PARK_CODES, Parked
from adapter.domain.overgang import Overgang
from adapter.domain.places import parse_places
from adapter.domain.rules import RULES
from adapter.domain.rules.rule import Funn
from adapter.domain.yearpack import Antakelser, Grenser
from adapter.ingest.cloudevent import Delivered
from adapter.ingest.dead_letter import seal_letter
from adapter.ingest.event_lines import write_line
from adapter.ingest.offline import Hendelser, fold_all
from adapter.ingest.reading import Reading
from adapter.kafka.log_reader import Record
from adapter.letters.head import Head, read_record
from adapter.letters.letter import Origin
from adapter.report.build import Bestilling, PairBuilder
from adapter.report.gaps.collect import collect
from adapter.report.gaps.grunnlag import make_grunnlag
from adapter.report.gaps.mangelrapport import (
    Andel,
    Hendelsesregnskap,
    Mangelrapport,
    Nokkeltall,
    Stopp,
    Uplassert,
    to_json,
)
from adapter.report.gaps.masking import shown
from adapter.report.gaps.parked import Door, note_letter
from adapter.report.gaps.render_html import to_html
from adapter.report.gaps.render_table import to_table
from adapter.report.gaps.summary import by_code, worst
from adapter.report.gaps.unknowns import COVERED, QUESTIONS
from adapter.report.ledger import Kjoring
from adapter.report.population import Population
from adapter.report.setup import make_oppsett
from adapter.sealing import Sealer
from adapter.settings.config import Config
from adapter.settings.example import example_of
from adapter.simulate import simulate
from tests.sound import pack as pack_with
from tests.sound import tjeneste
from tests.unit.gaps_example import FIVE, grunnlag, one_unit, report, someone, state

SEALER = Sealer({"test": bytes(32)}, bytes(32))
TRONDHEIM = Enhet("5001")
MOMENT = datetime(2019, 1, 7, 12, tzinfo=UTC)


# What is counted, by hand.


def test_persons_and_rows_of_the_example_add_up() -> None:
    unit = one_unit(FIVE)
    assert (unit.personer, unit.personer_kan_sendes, unit.personer_holdes_tilbake) == (5, 3, 2)
    assert {one.radtype: (one.i_visningen, one.kan_sendes, one.holdes_tilbake) for one in unit.rader} == {
        "personopplysning": (1, 1, 0),
        "funksjon": (4, 2, 2),
        "tjeneste": (5, 2, 3),
    }
    assert unit.gar_opp


def test_every_finding_of_the_example_names_a_row_and_says_what_to_do() -> None:
    found = {(one.regel, one.alvor, one.radtype, one.rad_id, one.se_rad) for one in one_unit(FIVE).funn}
    assert found == {
        ("F1", "warn", "person", "b1", ""),
        ("S2", "withhold", "tjeneste", "c2", ""),
        ("X1", "withhold", "person", "", "funksjon d2"),
        ("P3", "withhold", "person", "e1", ""),
        ("P2", "warn", "tjeneste", "e2", ""),
    }
    for one in one_unit(FIVE).funn:
        assert one.tekst.split(maxsplit=1)[0] in {"Registrer", "Rett", "Kontroller"}


def test_recipients_are_those_the_message_would_carry() -> None:
    assert [(one.kode, one.mottakere, one.funn) for one in one_unit(FIVE).tjenester] == [
        (15, 1, {"withhold": 1, "warn": 1}),
        (21, 1, {}),
    ]


def test_the_last_day_of_the_year_counts_stays_and_home_dwellers() -> None:
    assert one_unit(FIVE).nokkeltall == [
        Nokkeltall(navn="Personer i meldingen", antall=3),
        Nokkeltall(navn="Langtidsopphold 31.12.", antall=1),
        Nokkeltall(navn="Hjemmeboende 31.12.", antall=1),
        Nokkeltall(navn="Ulike organisasjonsnumre", antall=1),
    ]


def test_shares_are_of_those_with_a_granted_service() -> None:
    shares = one_unit(FIVE).andeler
    assert Andel(navn="Funksjonsskår, minst én", antall=4, av=5) in shares
    assert Andel(navn="Funksjonsskår, alle variabler", antall=0, av=5) in shares
    assert Andel(navn="Husstand", antall=1, av=5) in shares
    assert Andel(navn="Vurdert av lege", antall=0, av=5) in shares
    assert Andel(navn="Timebaserte tjenester: timer per uke", antall=4, av=4) in shares


def test_what_is_not_known_is_told_with_what_it_touches() -> None:
    touched = {one.navn: one.gjelder for one in one_unit(FIVE).valg}
    assert touched["apen_funksjon"] == 4
    assert touched["alder_maned"] == 4
    assert touched["vedtak_innvilget"] == 5
    assert "apen_diagnose" not in touched


def test_every_setting_that_no_source_confirms_has_its_question() -> None:
    assert set(Antakelser.__struct_fields__) == set(QUESTIONS) | set(COVERED)


# The year before.


def _alarms(start: int, end: date | None, how_many: int) -> dict[str, bytes]:
    alarm = tjeneste(tjenestetype=6, fra_dato=date(start, 2, 1), til_dato=end, vedtak_dato=date(start, 1, 20))
    early = msgspec.structs.replace(alarm, soknad_dato=date(start, 1, 8))
    return {f"{start} {end} {number}": state(someone(start * 100 + number), early) for number in range(how_many)}


STRICT = pack_with(grenser=Grenser(minste_grunnlag=0))


def test_a_fall_over_the_limit_is_marked_and_is_a_finding() -> None:
    unit = one_unit(_alarms(2017, date(2017, 10, 1), 4) | _alarms(2018, None, 1), STRICT)
    (alarm,) = unit.tjenester
    assert (unit.fjor_kilde, alarm.mottakere, alarm.i_fjor, alarm.merket) == ("tilstanden", 1, 4, True)
    assert [one.tekst for one in unit.funn if one.regel == "Y1"] == [
        "Kontroller og forklar: tjeneste 6 Trygghetsalarm har 1 mottakere, mot 4 året før."
    ]


def test_a_change_within_the_limits_is_not_marked() -> None:
    unit = one_unit(_alarms(2017, date(2017, 10, 1), 4) | _alarms(2018, None, 3), STRICT)
    assert [(one.i_fjor, one.merket) for one in unit.tjenester] == [(4, False)]
    assert not [one for one in unit.funn if one.regel == "Y1"]


def test_services_that_merely_ran_last_year_too_are_no_figures_of_last_year() -> None:
    unit = one_unit(_alarms(2016, None, 10), STRICT)
    assert unit.fjor_kilde is None
    assert {one.i_fjor for one in unit.tjenester} == {one.i_fjor for one in unit.nokkeltall} == {None}


def test_what_was_sent_last_year_goes_before_what_the_state_remembers() -> None:
    run = Kjoring(
        kjoring="k",
        kommando="c",
        bestilt_av="x",
        enhet="1201",
        aar=2017,
        emisjon="produksjon",
        lopenr="1",
        tidspunkt=MOMENT,
        status="sendt",
        resultat={"tjenestemottakere": {"6": 9}, "orgnumre": 2, "personer_sendt": 9},
    )
    as_kept = msgspec.json.decode(msgspec.json.encode(run), type=Kjoring)
    (unit,) = report(_alarms(2018, None, 5), STRICT, sendt={"k": as_kept}).enheter
    assert unit.fjor_kilde == "meldingen"
    assert [(one.mottakere, one.i_fjor, one.merket) for one in unit.tjenester] == [(5, 9, False)]
    other_year = msgspec.structs.replace(as_kept, aar=2016)
    assert report(_alarms(2018, None, 5), STRICT, sendt={"k": other_year}).enheter[0].fjor_kilde is None


# The message as a whole, and municipalities that changed.


def test_a_district_that_is_missing_stops_the_message() -> None:
    oslo = Enhet("0301")
    rapport = report({"one": state(someone(1), tjeneste(), enhet=oslo)}, enhet=oslo)
    assert [(one.regel, one.alvor) for one in rapport.enheter[0].funn if one.radtype == "melding"] == [("M4", "block")]
    assert worst(rapport) == "block"


def test_a_year_without_message_format_is_judged_all_the_same() -> None:
    rapport = report(FIVE, pack_with(melding=None, mangler=["no schema"]))
    assert not rapport.arspakke.har_meldingsformat
    assert {one.regel for one in rapport.enheter[0].funn} == {"F1", "S2", "X1", "P3", "P2", "M2"}


def test_a_district_nobody_registered_in_is_told_as_empty() -> None:
    (unit,) = report(FIVE, enhet=Enhet("0301", "15")).enheter
    assert [(one.regel, one.alvor) for one in unit.funn] == [("M1", "block")]


def test_districts_come_one_by_one_with_their_names() -> None:
    states = {
        "one": state(someone(1), tjeneste(), enhet=Enhet("0301", "01")),
        "two": state(someone(2), tjeneste(), enhet=Enhet("0301", "15")),
    }
    rapport = report(states, enhet=Enhet("0301"))
    assert [(unit.enhet, unit.navn) for unit in rapport.enheter] == [
        ("0301-01", "Gamle Oslo"),
        ("0301-15", "Søndre Nordstrand"),
    ]


MERGED = parse_places(
    "kommunenummer,navn,gyldig_fra,gyldig_til,kilde\n"
    "0122,Trøgstad,1980-01-01,2020-01-01,x\n0123,Spydeberg,1980-01-01,2020-01-01,x\n3014,Indre,2020-01-01,,x\n",
    "dato,fra,til,art,kilde\n2020-01-01,0122,3014,slatt_sammen,x\n2020-01-01,0123,3014,slatt_sammen,x\n",
    "kommunenummer,bydelsnummer,navn,gyldig_fra,gyldig_til,kilde\n",
)


def test_persons_under_a_later_number_that_may_be_ours_are_told_of() -> None:
    ground = replace(grunnlag(), places=MERGED, overgang=Overgang(MERGED, 2018))
    at_home = state(someone(1, kommunenummer="3014"), tjeneste(), enhet=Enhet("3014"))
    population = Population.of({"one": at_home}, ground.overgang)
    rapport = collect(ground, population, Enhet("0122"), "hendelsesfil")
    assert rapport.enheter == []
    assert rapport.uplassert == [Uplassert(enhet="3014", personer=1)]
    assert worst(rapport) == "warn"
    for text in (to_html(rapport), *renderings(rapport)):
        assert "3014" in text
        assert "oversett" in text or text.startswith("{")


def test_the_highest_severity_decides() -> None:
    assert worst(report(FIVE)) == "withhold"
    assert worst(report({"well": FIVE["well"]})) is None
    assert worst(report({"unscored": FIVE["unscored"]})) == "warn"
    parked = Stopp(enhet="", hendelsestype="unknown", kode="not-json", felt="", antall=1)
    assert worst(report({"well": FIVE["well"]}, i_dora=(parked,))) == "warn"


# The report and the message agree.


@pytest.fixture(scope="module")
def config() -> Config:
    return example_of("5001")


@pytest.fixture(scope="module")
def delivered() -> list[Delivered]:
    return [record.delivered for record in simulate(250, 2018, 3, [("5001", "")], mess=True)]


@pytest.fixture(scope="module")
def reader() -> WatchingReader:
    return WatchingReader(SEALER, frozenset({"5001"}))


@pytest.fixture(scope="module")
def hendelser(delivered: list[Delivered], reader: WatchingReader) -> Hendelser:
    return fold_all(delivered, reader)


@pytest.fixture(scope="module")
def rapport(config: Config, hendelser: Hendelser, reader: WatchingReader) -> Mangelrapport:
    ground = make_grunnlag(config, TRONDHEIM, 2018, MOMENT.date())
    population = Population.of(hendelser.states, ground.overgang)
    counted = Hendelsesregnskap(inn=hendelser.antall, utfall=hendelser.etter_utfall())
    return collect(ground, population, TRONDHEIM, "hendelsesfil", i_dora=reader.door.of({"5001"}), hendelser=counted)


def test_the_findings_are_those_of_the_message(config: Config, hendelser: Hendelser, rapport: Mangelrapport) -> None:
    oppsett = make_oppsett(config, SEALER, TRONDHEIM, 2018)
    told: list[Funn] = []
    builder = PairBuilder(
        Bestilling(TRONDHEIM, "1", MOMENT, "a", "b", "test", ekte_i_test=config.rapport.ekte_i_test),
        oppsett,
        Population.of(hendelser.states, oppsett.overgang),
        lambda _, funn: told.append(funn),
    )
    for _ in builder.run(BytesIO(), BytesIO()):
        pass
    (unit,) = rapport.enheter
    mine: Counter[tuple[object, ...]] = Counter(
        (one.regel, one.alvor, one.radtype, one.rad_id, one.tekst, one.tjenestetype) for one in unit.funn
    )
    theirs: Counter[tuple[object, ...]] = Counter(
        (one.rule, one.severity.value, one.kind, shown(one.record_id), shown(one.text), one.tjenestetype)
        for one in told
    )
    assert mine == theirs
    assert len({rule for rule, *_ in mine}) > 15, "the simulated mess should wake most rules"
    resultat = builder.resultat
    assert (unit.personer, unit.personer_kan_sendes) == (resultat.personer_i_visningen, resultat.personer_sendt)
    assert {one.radtype: one.kan_sendes for one in unit.rader} == dict(resultat.rader_sendt)
    assert {one.kode: one.mottakere for one in unit.tjenester if one.mottakere} == dict(resultat.tjenestemottakere)
    assert unit.sjekker == resultat.sjekker


def test_nothing_falls_between(hendelser: Hendelser, rapport: Mangelrapport) -> None:
    counted = rapport.hendelser.utfall
    assert counted is not None
    assert rapport.hendelser.inn == sum(counted.values()) == hendelser.antall
    parked = sum(number for name, number in counted.items() if name.startswith("parked"))
    assert parked > 0
    assert sum(one.antall for one in rapport.i_dora) == parked
    for unit in rapport.enheter:
        assert unit.gar_opp
        assert unit.personer == unit.personer_kan_sendes + unit.personer_holdes_tilbake
        assert all(one.i_visningen == one.kan_sendes + one.holdes_tilbake for one in unit.rader)


def test_the_same_persons_in_another_order_give_the_same_bytes() -> None:
    assert to_json(report(FIVE)) == to_json(report(dict(reversed(FIVE.items()))))


# Nobody can be recognised.

ELEVEN = re.compile(r"[0-9]{6}[ \xa0-]?[0-9]{5}")
# Named by a slip of the pen: eleven digits whose check digits do not fit get through the door.
SLIP = "01017012346"


def renderings(rapport: Mangelrapport) -> Iterator[str]:
    yield to_html(rapport)
    yield to_json(rapport).decode()
    console = Console(file=StringIO(), width=400)
    console.print(to_table(rapport))
    assert isinstance(console.file, StringIO)
    yield console.file.getvalue()


def test_no_rendering_holds_eleven_digits_in_a_row(rapport: Mangelrapport, delivered: list[Delivered]) -> None:
    numbers = {match for one in delivered for match in re.findall(rb"[0-9]{11}", one.value or b"")}
    assert len(numbers) > 200
    for text in renderings(rapport):
        assert not ELEVEN.search(text)


def test_a_row_named_by_a_number_keeps_only_the_end_of_it() -> None:
    rapport = report({"one": state(someone(1), tjeneste(fra_dato=None), names=f"pas:{SLIP}-")})
    assert {one.rad_id for one in rapport.enheter[0].funn} == {"pas:***2346-1", "pas:***2346-2"}
    for text in renderings(rapport):
        assert not ELEVEN.search(text)
        assert SLIP[:6] not in text


def test_no_person_key_is_told() -> None:
    secret = {f"hemmelig-{name}": value for name, value in FIVE.items()}
    for text in renderings(report(secret)):
        assert "hemmelig-" not in text


def test_every_rendering_tells_every_rule_that_found_something(rapport: Mangelrapport) -> None:
    found = {one.regel for unit in rapport.enheter for one in unit.funn}
    for text in renderings(rapport):
        assert not [rule for rule in found if rule not in text]


# What was stopped at the door.


def letters(reading: Reading, parked: Parked, value: bytes = b"{}", timestamp: int = 1_515_000_000_000) -> list[Record]:
    origin = Origin("bus", 0, 7, timestamp)
    made = seal_letter(origin, Delivered(b"k", value), reading, parked, SEALER)
    return [Record("iplos.avvist.v1", 0, 0, 0, None, part, headers) for part, headers in made]


def noted(records: list[Record]) -> Door:
    """The door after these letters, each of one part."""
    door = Door()
    for record in records:
        head = read_record(record)
        assert isinstance(head, Head)
        note_letter(door, head)
    return door


SERVICE = "no.kommune.iplos.tjeneste.registrert.v1"


def test_dead_letters_are_counted_by_their_headers() -> None:
    parked = Parked("impossible-date", "innhold.fraDato")
    times = (1_517_000_000_000, 1_515_000_000_000)
    door = noted([one for time in times for one in letters(Reading(SERVICE, "k", parked), parked, timestamp=time)])
    assert door.of({"5001"}) == [
        Stopp(
            enhet="",
            hendelsestype=SERVICE,
            kode="impossible-date",
            felt="innhold.fraDato",
            antall=2,
            forste="2018-01-03T17:20Z",
            siste="2018-01-26T20:53Z",
        )
    ]


@pytest.mark.parametrize(
    ("enhet", "bydel", "seen"),
    [
        ("", "", True),
        ("0301", "", True),
        ("0301-03", "", True),
        ("4601", "", False),
        ("0301", "03", True),
        ("0301-03", "03", True),
        ("0301-15", "03", False),
    ],
)
def test_a_municipality_sees_its_own_and_the_unknown(enhet: str, bydel: str, *, seen: bool) -> None:
    door = Door()
    door.add(enhet, SERVICE, "not-json", "", "")
    assert bool(door.of({"0301"}, bydel)) is seen


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (
            b'{"data":{"kommunenummer":"0301","bydelsnummer":"03"},"time":"2018-03-01T12:00:00+01:00"}',
            "0301-03 2018-03-01T11:00Z",
        ),
        (b'{"kommunenummer":"5001"}', "5001 "),
        (b'{"data":{"kommunenummer":"05001"},"time":"i dag"}', " "),
        (b'{"data":[]}', " "),
        (b'{"data":{"kommunenummer":"0301"', " "),
        (b"\xff", " "),
        (b"[" * 100_000, " "),
        (b"", " "),
        (None, " "),
    ],
)
def test_a_broken_event_tells_what_can_be_read_of_it(value: bytes | None, told: str) -> None:
    assert " ".join(told_by(value)) == told


def test_every_park_code_is_explained() -> None:
    door = Door()
    for code in PARK_CODES:
        door.add("5001", SERVICE, code, "", "2018-01-01T00:00Z")
    rapport = report(FIVE, i_dora=tuple(door.of({"5001"})))
    assert {one.kode for one in by_code(rapport.i_dora)} == set(PARK_CODES)
    for text in renderings(rapport):
        assert not [code for code in PARK_CODES if code not in text]


# The command.


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gaps") / "events.jsonl"
    made = simulate(40, 2018, 1, [("5001", "")], mess=True)
    path.write_bytes(b"".join(write_line(record.delivered) + b"\n" for record in made))
    return path


alone = typer.Typer()
alone.command()(gaps)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(alone, ["--kommune", "5001", "--made", "2019-01-07", *arguments])


def test_the_command_tells_findings_by_its_exit_code(events: Path) -> None:
    result = run("--year", "2018", "--events", str(events), "--format", "json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert (told["kommunenummer"], told["aar"], told["laget"]) == ("5001", 2018, "2019-01-07")
    assert {rule["id"] for rule in told["regler"]} == {rule.id for rule in RULES}


def test_a_year_that_cannot_be_sent_ends_with_four(events: Path) -> None:
    result = run("--year", "2019", "--events", str(events), "--format", "json")
    assert result.exit_code == 4
    assert "M2" in {one["regel"] for one in json.loads(result.stdout)["enheter"][0]["funn"]}


def test_the_page_is_written_for_its_owner_only(events: Path, tmp_path: Path) -> None:
    page = tmp_path / "mangler.html"
    assert run("--year", "2018", "--events", str(events), "--format", "html", "--out", str(page)).exit_code == 1
    assert page.stat().st_mode & 0o777 == 0o600
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")


def test_the_table_is_the_default(events: Path) -> None:
    result = run("--year", "2018", "--events", str(events))
    assert result.exit_code == 1
    assert "Etter regel og alvor" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--year", "2018", "--events", "/no/such/file"], 2),
        (["--year", "1999", "--events", "/no/such/file"], 4),
        (["--year", "2018", "--format", "pdf"], 2),
    ],
)
def test_what_cannot_be_done_is_refused(arguments: list[str], code: int) -> None:
    assert run(*arguments).exit_code == code


def test_nothing_to_report_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    assert run("--year", "2018", "--events", str(tmp_path / "empty.jsonl")).exit_code == 4
