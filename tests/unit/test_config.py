"""The configuration: file, environment over it, and one sentence about whatever is wrong."""

from pathlib import Path

import pytest

from adapter.domain.enhet import Enhet
from adapter.settings.config import Config, ConfigError, load
from adapter.settings.example import example_text

EXAMPLE = example_text()


def loaded(tmp_path: Path, text: str, **environ: str) -> Config:
    path = tmp_path / "c.toml"
    path.write_text(text, "utf-8")
    return load(path, environ)


def refusal(tmp_path: Path, text: str, **environ: str) -> str:
    with pytest.raises(ConfigError) as refused:
        loaded(tmp_path, text, **environ)
    sentence = str(refused.value)
    assert "\n" not in sentence
    return sentence


def test_defaults_hold_when_nothing_is_said() -> None:
    config = load(None, {})
    assert config == Config()
    assert (config.http.vert, config.rapport.send) == ("127.0.0.1", "test")


def test_the_file_wins_over_the_defaults_and_the_environment_over_the_file(tmp_path: Path) -> None:
    text = 'nokkelfil = "a"\n[http]\nport = 1000\n[ingest]\nbatch = 50\n'
    config = loaded(tmp_path, text, IPLOS_HTTP__PORT="2000", IPLOS_NOKKELFIL="b")
    assert (config.http.port, config.ingest.batch, config.ingest.vent_ms) == (2000, 50, 200)
    assert config.nokkelfil == "b"


def test_the_environment_says_numbers_yes_and_no_as_text() -> None:
    config = load(None, {"IPLOS_KALENDER__PA": "false", "IPLOS_INGEST__BATCH": "7", "IPLOS_RAPPORT__SEND": "never"})
    assert (config.kalender.pa, config.ingest.batch, config.rapport.send) == (False, 7, "never")


def test_the_environment_reaches_the_assumptions_of_a_year() -> None:
    config = load(None, {"IPLOS_ANTAKELSER__2018__SEND_UNDERTYPE": "true"})
    assert config.antakelser == {"2018": {"send_undertype": "true"}}


@pytest.mark.parametrize("name", ["IPLOS_CONFIG", "IPLOS_SANDBOX_DIR", "KAFKA_BOOTSTRAP", "iplos_http__port"])
def test_names_that_are_not_settings_are_left_alone(name: str) -> None:
    assert load(None, {name: "x"}) == Config()


def test_the_example_is_sound_and_names_its_municipality(tmp_path: Path) -> None:
    config = loaded(tmp_path, EXAMPLE)
    kommune = config.kommune(Enhet("5001", ""))
    assert kommune is not None
    assert [one.type for one in kommune.kontakter] == [1, 2]
    assert config.kommune(Enhet("0301", "03")) is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[kafka]\nbootstrap_servers = 'x:1'", "unknown setting kafka.bootstrap_servers: did you mean 'bootstrap'?"),
        ("[rapprot]\nsend = 'test'", "unknown setting rapprot: did you mean 'rapport'?"),
        ("[http]\nxyzzy = 1", "unknown setting http.xyzzy: known here: port, vert"),
        (
            "[mottaker]\nnavn = 'KPR'\norgnr = '123456785'\nherid = '1'",
            "unknown setting mottaker.herid: did you mean 'her_id'?",
        ),
        (EXAMPLE.replace("telefon", "telefn", 1), "unknown setting kommuner.kontakter.telefn: did you mean 'telefon'?"),
    ],
)
def test_an_unknown_setting_suggests_the_nearest(tmp_path: Path, text: str, sentence: str) -> None:
    assert refusal(tmp_path, text) == sentence


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("[http]\nport = -1", "http.port is -1: "),
        ("[http]\nport = 65536", "http.port is 65536: "),
        ("[ingest]\nbatch = 0", "ingest.batch is 0: "),
        ("[ingest]\nbatch = 'many'", "ingest.batch is 'many': "),
        ("[kafka]\nsesjon_ms = 10", "kafka.sesjon_ms is 10: "),
        ("[rapport]\ndelstorrelse = 2000000", "rapport.delstorrelse is 2000000: "),
        ("[rapport]\nsend = 'prod'", "rapport.send is 'prod': "),
        ("[kalender]\nprove_klokken = '25:00'", "kalender.prove_klokken is '25:00': "),
        ("[mottaker]\nnavn = 'KPR'\norgnr = '12345'", "mottaker.orgnr is '12345': "),
        ("[mottaker]\nnavn = 'KPR'", "mottaker: "),
        (EXAMPLE.replace('"5001"', '"501"'), "kommuner[0].nummer is '501': "),
        (EXAMPLE.replace("type = 2", "type = 4"), "kommuner[0].kontakter[1].type is 4: "),
    ],
)
def test_a_value_out_of_bounds_is_shown_with_its_setting_and_a_remedy(
    tmp_path: Path, text: str, beginning: str
) -> None:
    sentence = refusal(tmp_path, text)
    assert sentence.startswith(beginning)
    assert "iplos-adapter config example" in sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "[kafka]\nbootstrap = 'broker'",
            "kafka.bootstrap is 'broker': 'broker' is not host:port; give each broker a port",
        ),
        (
            "[kafka]\nbootstrap = 'a:1,,b:2'",
            "kafka.bootstrap is 'a:1,,b:2': '' is not host:port; give each broker a port",
        ),
        ("[topics]\nbuss = 'hendelser i år'", "topics.buss is 'hendelser i år': Kafka takes 1 to 249 letters"),
        (
            "[topics]\ntransport_ide = 'kpr.transport.ipl.v1'",
            "topics.transport_ide is 'kpr.transport.ipl.v1', and so is topics.transport_ipl: give each",
        ),
        (EXAMPLE + EXAMPLE[EXAMPLE.index("[[kommuner]]\n") :], "kommuner has '5001' twice: keep one of the two"),
        (
            EXAMPLE.replace("type = 2", "type = 3"),
            "kommuner.kontakter of 5001 has types [1, 3]: give two or three, with types 1 and 2",
        ),
    ],
)
def test_settings_that_contradict_each_other_are_refused(tmp_path: Path, text: str, sentence: str) -> None:
    assert refusal(tmp_path, text).startswith(sentence)


def test_a_section_cannot_be_a_value_nor_a_value_a_section(tmp_path: Path) -> None:
    assert refusal(tmp_path, "http = 8680").startswith("http is 8680: ")
    assert "'nokkelfil' is not a section" in refusal(tmp_path, "nokkelfil = 'k'", IPLOS_NOKKELFIL__X="1")


def test_what_is_not_toml_and_what_is_not_there_is_said(tmp_path: Path) -> None:
    assert "cannot be read as TOML" in refusal(tmp_path, "[kafka")
    with pytest.raises(ConfigError, match="no such file; start from what `iplos-adapter config example` prints"):
        load(tmp_path / "nowhere.toml", {})
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path, {})
