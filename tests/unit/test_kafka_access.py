"""`[kafka.sikkerhet]`: what contradicts itself is refused, secrets come from elsewhere and are never shown."""

import contextlib
import json
import ssl
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from adapter.cli.main import cli
from adapter.kafka.clients import login
from adapter.kafka.problem import AccessError
from adapter.kafka.sikkerhet import Sikkerhet, context
from adapter.kafka.tls import shared_context
from adapter.settings.config import Config, ConfigError, Kafka, load
from adapter.settings.secret import MASK, Secret
from tests.security.certificates import Certificates

PASSWORD = "svært-hemmelig-8"  # noqa: S105
ENV = {"IPLOS_KAFKA__SIKKERHET__PASSORD": PASSWORD}
KEY_ENV = {"IPLOS_KAFKA__SIKKERHET__NOKKEL_PASSORD": PASSWORD}


class Files:
    """Certificates, and files with passwords."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        made = Certificates(folder)
        self.ca, self.own, self.locked = made.ca, made.client("own"), made.client("locked", password=PASSWORD)
        self.other, self.broker = made.client("other"), made.broker("broker", "megler")
        self.password = self.file("password", f"{PASSWORD}\n")
        self.empty, self.noise = self.file("empty", "\n"), self.file("noise", "not a certificate")

    def file(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, "utf-8")
        return path


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def loaded(files: Files, *lines: str, **environ: str) -> Config:
    text = "[kafka.sikkerhet]\n" + "\n".join(lines)
    return load(files.file("config.toml", text), environ)


CONTRADICTIONS: list[tuple[Callable[[Files], list[str]], dict[str, str], str]] = [
    (
        lambda _: ["bruker = 'a'", "passord_fil = 'finnes-ikke'"],
        {},
        "nothing secret goes over plain text; set tls = true",
    ),
    (lambda f: [f"ca_fil = '{f.ca}'"], {}, "kafka.sikkerhet.ca_fil is set and kafka.sikkerhet.tls is not"),
    (
        lambda _: ["tls = true", "bruker = 'a'"],
        {},
        "bruker has no password: name its file in passord_fil, or set IPLOS",
    ),
    (lambda f: ["tls = true", f"passord_fil = '{f.password}'"], {}, "has a password and no user"),
    (lambda _: ["tls = true"], ENV, "has a password and no user"),
    (lambda f: ["tls = true", "bruker = 'a'", f"passord_fil = '{f.password}'"], ENV, "are both set: keep one"),
    (
        lambda f: ["tls = true", f"sertifikat_fil = '{f.own.certificate}'"],
        {},
        "nokkel_fil is not: a certificate and its",
    ),
    (
        lambda f: ["tls = true", f"nokkel_fil = '{f.own.key}'"],
        {},
        "sertifikat_fil is not: a certificate and its key go",
    ),
    (lambda _: ["tls = true", "ca_fil = 'finnes-ikke'"], {}, "ca_fil finnes-ikke: cannot be read: No such file"),
    (lambda f: ["tls = true", f"ca_fil = '{f.folder}'"], {}, "cannot be read: Is a directory"),
    (lambda f: ["tls = true", f"ca_fil = '{f.noise}'"], {}, "holds no certificate that can be read"),
    (lambda f: ["tls = true", "bruker = 'a'", f"passord_fil = '{f.empty}'"], {}, "is empty"),
    (
        lambda f: ["tls = true", f"sertifikat_fil = '{f.own.certificate}'", f"nokkel_fil = '{f.other.key}'"],
        {},
        "cannot be used with kafka.sikkerhet.nokkel_fil",
    ),
    (
        lambda f: ["tls = true", f"sertifikat_fil = '{f.locked.certificate}'", f"nokkel_fil = '{f.locked.key}'"],
        {},
        "the key's password must be right",
    ),
    (lambda _: ["mekanisme = 'GSSAPI'"], {}, "kafka.sikkerhet.mekanisme is 'GSSAPI'"),
]


@pytest.mark.parametrize(("lines", "environ", "says"), CONTRADICTIONS)
def test_what_contradicts_itself_is_refused_in_one_sentence(
    files: Files, lines: Callable[[Files], list[str]], environ: dict[str, str], says: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        loaded(files, *lines(files), **environ)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
    assert PASSWORD not in str(refused.value)


@pytest.mark.parametrize("name", ["passord", "nokkel_passord"])
def test_a_password_in_the_configuration_file_is_refused_and_not_repeated(files: Files, name: str) -> None:
    with pytest.raises(ConfigError) as refused:
        loaded(files, "tls = true", "bruker = 'a'", f"{name} = '{PASSWORD}'")
    assert f"kafka.sikkerhet.{name} stands in" in str(refused.value)
    assert f"IPLOS_KAFKA__SIKKERHET__{name.upper()}" in str(refused.value)
    assert PASSWORD not in str(refused.value)


def test_secrets_come_from_the_environment_or_from_files_and_do_what_they_are_for(files: Files) -> None:
    own = [f"sertifikat_fil = '{files.locked.certificate}'", f"nokkel_fil = '{files.locked.key}'"]
    from_env = loaded(files, "tls = true", "bruker = 'a'", *own, **ENV, **KEY_ENV).kafka
    from_file = loaded(
        files,
        "tls = true",
        "bruker = 'a'",
        *own,
        f"passord_fil = '{files.password}'",
        f"nokkel_passord_fil = '{files.password}'",
    ).kafka
    for access in (from_env, from_file):
        settings = login(access)
        assert settings["security_protocol"] == "SASL_SSL"
        assert settings["sasl_plain_password"] == PASSWORD
        assert settings["ssl_context"].verify_mode == ssl.CERT_REQUIRED
        assert settings["ssl_context"].check_hostname


def test_without_settings_it_is_plain_text_and_with_a_certificate_alone_tls(files: Files) -> None:
    assert login(Kafka()) == {"security_protocol": "PLAINTEXT"}
    assert login(loaded(files, "tls = true").kafka)["security_protocol"] == "SSL"


def test_a_file_that_is_gone_when_a_client_is_made_is_a_sentence(files: Files) -> None:
    access = loaded(files, "tls = true", "bruker = 'a'", f"passord_fil = '{files.password}'").kafka
    files.password.unlink()
    with pytest.raises(AccessError) as told:
        login(access)
    assert told.value.problem.code == "credentials-unreadable"
    assert str(files.password) in str(told.value)


def test_a_certificate_renewed_on_disk_comes_into_the_context_all_clients_share(files: Files) -> None:
    given = Sikkerhet(
        tls=True, ca_fil=str(files.ca), sertifikat_fil=str(files.own.certificate), nokkel_fil=str(files.own.key)
    )
    shared = shared_context(given)
    files.own.certificate.write_bytes(files.other.certificate.read_bytes())
    assert shared_context(given) is shared, "the key is not there yet: the old pair is kept"
    files.own.key.write_bytes(files.other.key.read_bytes())
    assert shared_context(given) is shared
    assert handshake(shared, files) == "other"


def handshake(client: ssl.SSLContext, files: Files) -> str:
    """The name in the certificate that a client with this context shows; both ends in memory."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.minimum_version = server.maximum_version = ssl.TLSVersion.TLSv1_2
    server.load_verify_locations(files.ca)
    server.verify_mode = ssl.CERT_REQUIRED
    server.load_cert_chain(files.broker)
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(to_client, to_server, server_hostname="megler")
    theirs = server.wrap_bio(to_server, to_client, server_side=True)
    for end in (ours, theirs) * 3:
        with contextlib.suppress(ssl.SSLWantReadError):
            end.do_handshake()
    shown = theirs.getpeercert()
    assert shown
    subject: Any = shown["subject"]
    return str(dict(pair for part in subject for pair in part)["commonName"])


# ---- never shown -----------------------------------------------------------------------------------------------------


def settled(files: Files) -> Config:
    return loaded(files, "tls = true", "bruker = 'a'", **ENV)


def test_no_way_of_printing_a_configuration_shows_a_secret(files: Files) -> None:
    config = settled(files)
    assert config.kafka.sikkerhet.passord.reveal() == PASSWORD
    for text in (repr(config), str(config), f"{config.kafka.sikkerhet.passord}", f"{config.kafka.sikkerhet!r:>300}"):
        assert MASK in text
        assert PASSWORD not in text
    with pytest.raises(TypeError):
        msgspec.json.encode(config)


def test_no_traceback_shows_a_secret(files: Files) -> None:
    config = settled(files)
    with pytest.raises(AttributeError) as raised:
        _ = config.finnes_ikke  # type: ignore[attr-defined]
    trace = traceback.TracebackException.from_exception(raised.value, capture_locals=True)
    assert "config = Config(" in "".join(trace.format())
    assert PASSWORD not in "".join(trace.format())


def test_two_secrets_are_equal_when_they_hold_the_same() -> None:
    assert Secret("a") == Secret("a") != Secret("b")
    assert len({Secret("a"), Secret("a")}) == 1
    assert not Secret("")


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_config_show_masks_a_secret_and_says_where_it_comes_from(files: Files, form: list[str]) -> None:
    settled(files)
    env = {**ENV, "IPLOS_CONFIG": str(files.folder / "config.toml"), "COLUMNS": "200"}
    shown = CliRunner().invoke(cli, ["config", "show", *form], env=env)
    assert shown.exit_code == 0
    assert PASSWORD not in shown.output
    if form:
        by_name = {one["name"]: one for one in json.loads(shown.stdout)}
        told = by_name["kafka.sikkerhet.passord"]
        assert (told["value"], told["origin"]) == (MASK, "IPLOS_KAFKA__SIKKERHET__PASSORD")
        assert by_name["kafka.sikkerhet.nokkel_passord"]["value"] == ""
        assert by_name["kafka.sikkerhet.bruker"]["origin"].endswith("config.toml")
    else:
        assert MASK in shown.stdout
        assert "IPLOS_KAFKA__SIKKERHET__PASSORD" in shown.stdout


def test_a_context_is_never_one_that_trusts_everybody(files: Files) -> None:
    for given in (Sikkerhet(tls=True), Sikkerhet(tls=True, ca_fil=str(files.ca))):
        made = context(given)
        assert made.verify_mode == ssl.CERT_REQUIRED
        assert made.check_hostname
        assert made.minimum_version >= ssl.TLSVersion.TLSv1_2
