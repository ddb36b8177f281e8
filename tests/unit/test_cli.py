"""The command line as people meet it: help with examples, errors in one sentence, exit codes that scripts rely on."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from adapter.cli.main import cli
from adapter.ingest.event_lines import write_line
from adapter.sealing import new_key_file, read_key_file
from adapter.simulate import simulate

FULL = Path(__file__).parents[1] / "golden" / "eksempler" / "iplos-full.xml"
SENDING = Path(__file__).parents[1] / "golden" / "eksempler" / "sending-ide.xml"


def run(*arguments: str | Path, **environ: str) -> Result:
    """As typed, in a wide terminal, without settings of whoever runs the tests. What escapes as an error is one."""
    none_of_ours = {"IPLOS_CONFIG": None}
    return CliRunner().invoke(cli, [str(one) for one in arguments], env={**none_of_ours, "COLUMNS": "200", **environ})


def told(result: Result, code: int) -> str:
    """What a command that ended with this code said on standard error, as one line; never a traceback."""
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    said = " ".join(result.stderr.replace("│", " ").split())
    assert said
    return said


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command that does something, by the words one types."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path
    else:
        for name, one in inner.items():
            yield from commands(one, (*path, name))


COMMANDS = list(commands(typer.main.get_command(cli)))


@pytest.fixture
def configuration(tmp_path: Path) -> Path:
    """The shipped example with a key file, and a broker that is not there."""
    keys = tmp_path / "keys.toml"
    keys.write_text(new_key_file("n1"))
    path = tmp_path / "iplos-adapter.toml"
    example = run("config", "example").stdout.replace('"keys.toml"', f'"{keys}"')
    path.write_text(example.replace("127.0.0.1:9092", "127.0.0.1:1"), "utf-8")
    return path


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small year of Trondheim."""
    path = tmp_path_factory.mktemp("events") / "events.jsonl"
    lines = (write_line(record.delivered) for record in simulate(20, 2018, 1, [("5001", "")]))
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


def test_help_lists_every_command() -> None:
    shown = run("--help").stdout
    assert {path[0] for path in COMMANDS} <= set(re.findall(r"[a-z-]+", shown))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_shows_an_example_of_itself(path: tuple[str, ...]) -> None:
    result = run(*path, "--help")
    assert result.exit_code == 0
    assert f"Example: iplos-adapter {' '.join(path)}" in " ".join(result.stdout.replace("│", " ").split())


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_an_option_that_is_not_there_is_a_usage_error(path: tuple[str, ...]) -> None:
    result = run(*path, "--tull")
    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("[kafka]\nbootstrp = 'x:1'", "unknown setting kafka.bootstrp: did you mean 'bootstrap'?"),
        ("[http]\nport = 99999", "http.port is 99999: Expected `int` <= 65535"),
        ("[rapport]\nsend = 'maybe'", "rapport.send is 'maybe'"),
        ("[kafka]\nbootstrap = ''", "kafka.bootstrap is ''"),
        ("kafka = 1", "kafka is 1"),
        ("[kafka", "cannot be read as TOML"),
    ],
)
def test_a_wrong_setting_is_named_with_its_value_before_anything_starts(
    tmp_path: Path, setting: str, sentence: str
) -> None:
    path = tmp_path / "c.toml"
    path.write_text(setting, "utf-8")
    for command in (["config", "check"], ["run"], ["report", "--kommune", "5001", "--year", "2018"]):
        assert sentence in told(run(*command, "--config", path), 2)


def test_a_configuration_that_is_not_there_says_where_to_begin(tmp_path: Path) -> None:
    sentence = told(run("config", "check", "--config", tmp_path / "c.toml"), 2)
    assert "no such file" in sentence
    assert "iplos-adapter config example" in sentence


def test_a_key_file_that_is_not_there_says_how_to_make_it(configuration: Path) -> None:
    (configuration.parent / "keys.toml").unlink()
    for command in ("check",), ("show",):
        result = run("config", *command, "--config", configuration)
        if command == ("check",):
            assert "no such key file; make one with `iplos-adapter keys new" in told(result, 2)
        else:
            assert result.exit_code == 0
    assert "no such key file" in told(run("run", "--config", configuration), 2)


def test_the_example_is_a_configuration_that_holds(configuration: Path) -> None:
    assert run("config", "check", "--config", configuration).exit_code == 0
    shown = json.loads(run("config", "show", "--json", "--config", configuration, IPLOS_HTTP__PORT="1234").stdout)
    by_name = {one["name"]: (one["value"], one["origin"]) for one in shown}
    assert by_name["http.port"] == (1234, "IPLOS_HTTP__PORT")
    assert by_name["kommuner[0].nummer"] == ("5001", str(configuration))
    assert by_name["ingest.batch"] == (2000, "default")


def test_a_key_file_is_private_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    assert run("keys", "new", path).exit_code == 0
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_bytes()
    assert str(path) in told(run("keys", "new", path), 2)
    assert path.read_bytes() == before


def test_a_key_is_rotated_step_by_step_and_a_step_may_be_repeated(tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    run("keys", "new", path, "--id", "n1")

    def roles() -> dict[str, str]:
        return {one["id"]: one["role"] for one in json.loads(run("keys", "list", path, "--json").stdout)}

    assert roles() == {"n1": "seals"}
    for _ in range(2):
        result = run("keys", "rotate", path, *([] if len(roles()) > 1 else ["--id", "n2"]))
        assert (result.exit_code, "--activate" in result.stdout) == (0, True)
        assert roles() == {"n1": "seals", "n2": "waits"}
    for _ in range(2):
        assert run("keys", "rotate", path, "--activate").exit_code == 0
        assert roles() == {"n2": "seals", "n1": "opens"}
    shown = run("keys", "list", path).stdout
    assert all(word in shown for word in ("n1", "n2", "seals", "opens"))
    assert not any(key.hemmelighet in shown for key in read_key_file(path).nokler)


ROTATE_REFUSED = [
    (["--activate", "--retire", "n1"], 2, "one step at a time"),
    (["--force"], 2, "one step at a time"),
    (["--id", "n1"], 2, "there is a key n1 already"),
    (["--retire", "n9"], 2, "there is no key n9"),
    (["--retire", "n1"], 4, "n1 is the key that seals"),
]


@pytest.mark.parametrize(("options", "code", "sentence"), ROTATE_REFUSED, ids=str)
def test_a_step_that_cannot_be_taken_leaves_the_key_file_as_it_is(
    options: list[str], code: int, sentence: str, tmp_path: Path
) -> None:
    path = tmp_path / "keys.toml"
    path.write_text(new_key_file("n1"))
    before = path.read_bytes()
    assert sentence in told(run("keys", "rotate", path, *options), code)
    assert path.read_bytes() == before


def test_a_key_is_not_retired_while_the_cluster_cannot_be_asked(configuration: Path) -> None:
    path = configuration.with_name("keys.toml")
    run("keys", "rotate", path, "--id", "n2")
    before = path.read_bytes()
    assert "127.0.0.1" in told(run("keys", "rotate", path, "--retire", "n2", "--config", configuration), 3)
    assert path.read_bytes() == before


def test_without_a_broker_the_sentence_names_it(configuration: Path, tmp_path: Path) -> None:
    for command in (["transport", "fetch", "--out", tmp_path / "x"], ["report", "--kommune", "5001", "--year", "2018"]):
        assert re.search(r"127\.0\.0\.1\W+1\b", told(run(*command, "--config", configuration), 3))


REFUSED = [
    (["--kommune", "9999", "--year", "2018"], "Kommunenummer 9999 fantes ikke i 2018"),
    (["--kommune", "0301", "--bydel", "77", "--year", "2018"], "Bydel 77 fantes ikke i 0301 i 2018"),
    (["--kommune", "5001", "--year", "1899"], "1899"),
    (["--kommune", "5001", "--year", "2019"], "2019"),
    (["--kommune", "tull", "--year", "2018"], "tull"),
]


@pytest.mark.parametrize(("unit", "sentence"), REFUSED)
def test_what_cannot_be_reported_is_refused_with_a_sentence(
    unit: list[str], sentence: str, configuration: Path, events: Path, tmp_path: Path
) -> None:
    assert sentence in told(run("build", "--events", events, "--out", tmp_path / "b", *unit), 4)
    # Before Kafka is asked: there is none here.
    assert sentence in told(run("report", *unit, "--config", configuration), 4)
    assert not (tmp_path / "b").exists()


def test_a_municipality_that_is_not_configured_is_refused(configuration: Path) -> None:
    assert "[[kommuner]]" in told(run("report", "--kommune", "0301", "--year", "2018", "--config", configuration), 4)


def build(events: Path, out: Path, *more: str) -> Result:
    return run("build", "--events", events, "--kommune", "5001", "--year", "2018", "--out", out, *more)


NUMBER = "17912099997"


@pytest.mark.parametrize(
    "line",
    [
        ("report", "--kommune", NUMBER, "--year", "2018"),
        ("report", "--kommune", "5001", "--year", NUMBER),
        ("report", "--kommune", "5001", "--year", "2018", "--reason", f"for {NUMBER[:6]} {NUMBER[6:]}"),
        ("runs", "show", NUMBER),
        ("validate", f"pas{NUMBER}.xml"),
        ("year", "close", f"--{NUMBER}"),
        (NUMBER,),
    ],
    ids=" ".join,
)
def test_an_identity_number_on_the_command_line_is_turned_away_and_not_repeated(line: tuple[str, ...]) -> None:
    said = told(run(*line), 2)
    assert "no place on a command line" in said
    assert not any(part in said for part in (NUMBER, NUMBER[6:]))


def test_an_identity_number_in_a_setting_is_not_repeated(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text(f'[kafka]\nbootstrap = "{NUMBER}"\n', "utf-8")
    said = told(run("config", "check", "--config", path), 2)
    assert "kafka.bootstrap" in said
    assert NUMBER not in said


def test_a_defect_is_told_by_type_and_place_without_the_text_of_the_error(tmp_path: Path) -> None:
    program = f"""
import sys
from adapter.cli import main
sys.argv = ["iplos-adapter", "--version"]
def broken() -> None:
    raise ValueError("{NUMBER}")
main.cli = broken
main.main()
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.rstrip().endswith("ValueError")
    assert "in broken" in ended.stderr
    assert NUMBER not in ended.stdout + ended.stderr


def test_a_row_that_is_named_by_a_mistyped_number_is_found_by_its_end_alone(events: Path, tmp_path: Path) -> None:
    broken = tmp_path / "events.jsonl"
    # The first service of the year, under such a name and with an end before its start.
    line = next(one for one in events.read_bytes().splitlines() if b"tjeneste.registrert" in one)
    event = json.loads(line)
    event["data"]["registreringsId"] = "pas:17912099998"
    event["data"]["innhold"] |= {"fraDato": "2018-09-01", "tilDato": "2018-03-01"}
    broken.write_bytes(events.read_bytes() + json.dumps(event).encode() + b"\n")
    build(broken, tmp_path / "b")
    report = (tmp_path / "b" / "report.json").read_text("utf-8")
    assert "pas:***9998" in report
    assert "17912099998" not in report


def test_building_twice_gives_the_same_bytes(events: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert build(events, tmp_path / name, "--made", "2019-01-05").exit_code == 0
    written = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert written == ["KPR_IDE-5001-2018.xml", "KPR_IPL-5001-2018.xml", "report.json"]
    for name in written:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_what_was_built_is_valid_and_counted(events: Path, tmp_path: Path) -> None:
    result = build(events, tmp_path / "a", "--json")
    counted = json.loads(result.stdout)
    assert counted["hendelser"]["antall"] == len(events.read_bytes().splitlines())
    assert sum(counted["hendelser"]["etter_utfall"].values()) == counted["hendelser"]["antall"]
    assert [unit["personer_sendt"] for unit in counted["enheter"]] == [20]
    assert run("validate", *(tmp_path / "a").glob("*.xml")).exit_code == 0


def test_a_gap_report_of_nothing_says_where_the_registrations_may_be(events: Path) -> None:
    told_of = told(run("gaps", "--events", events, "--kommune", "1505", "--year", "2018"), 4)
    assert "No registrations from 1505" in told_of
    assert "iplos-adapter dlq list" in told_of


def test_events_of_somewhere_else_give_no_message(events: Path, tmp_path: Path) -> None:
    result = run("build", "--events", events, "--kommune", "1505", "--year", "2018", "--out", tmp_path / "b")
    assert "No registrations from 1505" in told(result, 4)
    assert not (tmp_path / "b").exists()


def test_events_of_a_district_that_was_not_there_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    lines = (write_line(record.delivered) for record in simulate(3, 2018, 1, [("0301", "77")]))
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    result = run("build", "--events", path, "--kommune", "0301", "--year", "2018", "--out", tmp_path / "b")
    assert "Bydel 77 fantes ikke i 0301" in told(result, 4)


def test_files_and_dates_that_are_wrong_are_usage_errors(events: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file, not a folder")
    assert "nowhere.jsonl" in told(build(tmp_path / "nowhere.jsonl", tmp_path / "b"), 2)
    assert "taken" in told(build(events, taken), 2)
    assert "5. januar" in told(build(events, tmp_path / "b", "--made", "5. januar"), 2)
    assert not (tmp_path / "b").exists()


def test_a_folder_that_cannot_be_made_is_said_before_a_report_is_asked_for(configuration: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file, not a folder")
    for command in (["report", "--kommune", "5001", "--year", "2018"], ["transport", "fetch"]):
        assert "taken" in told(run(*command, "--out", taken, "--config", configuration), 2)


def test_simulate_prints_lines_that_build_reads_and_tells_what_it_put_in(tmp_path: Path) -> None:
    tally = tmp_path / "tally.json"
    result = run("simulate", "--persons", "5", "--year", "2018", "--mess", "--tally", tally)
    events = tmp_path / "events.jsonl"
    events.write_bytes(result.stdout_bytes)
    assert json.loads(tally.read_text())["persons"] == 5
    assert build(events, tmp_path / "b").exit_code == 0
    assert "nowhere" in told(
        run("simulate", "--persons", "1", "--year", "2018", "--tally", tmp_path / "nowhere" / "t"), 2
    )


def test_valid_files_give_0_and_a_broken_one_1_with_line_element_and_reason(tmp_path: Path) -> None:
    number_in_clear = "23879912345"
    broken = tmp_path / "broken.xml"
    text = FULL.read_text("utf-8")
    broken.write_text(
        re.sub(r"<peKjonn>[^<]*</peKjonn>", f"<peKjonn>{number_in_clear}</peKjonn>", text, count=1), "utf-8"
    )
    line = next(number for number, one in enumerate(broken.read_text().splitlines(), start=1) if number_in_clear in one)
    assert run("validate", FULL, SENDING).exit_code == 0
    result = run("validate", FULL, broken)
    assert result.exit_code == 1
    assert f"{FULL}: valid" in result.stdout
    assert f"{broken}: NOT valid" in result.stdout
    assert f"line {line}, peKjonn:" in result.stdout
    assert number_in_clear not in result.output
    described = json.loads(run("validate", broken, "--json").stdout)
    assert [one["valid"] for one in described] == [False]
    assert number_in_clear not in json.dumps(described)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "Document is empty"),
        (b"not xml", "Start tag expected"),
        (b"<a/>", "of no kind this program knows"),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "document type declaration"),
        (None, "No such file"),
    ],
)
def test_what_is_not_one_of_our_kinds_is_not_valid(tmp_path: Path, content: bytes | None, reason: str) -> None:
    path = tmp_path / "file.xml"
    if content is not None:
        path.write_bytes(content)
    result = run("validate", path)
    assert result.exit_code == 1
    assert reason in result.stdout
    assert "Traceback" not in result.output
