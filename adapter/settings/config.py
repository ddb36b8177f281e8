"""Settings: one TOML file, environment variables over it, typed, refused as a whole with one clear message.

`IPLOS_KAFKA__BOOTSTRAP=host:9092` sets `[kafka] bootstrap`, `IPLOS_NOKKELFIL=path` what stands in no section. Every
field's description is the documentation of the setting; unknown names are errors that suggest the nearest one.
"""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from adapter.domain.enhet import Enhet
from adapter.kafka.sikkerhet import Sikkerhet
from adapter.kafka.sikkerhet import contradictions as contradictions_of_access
from adapter.settings.tree import (
    ConfigError,
    blame,
    in_environment,
    made,
    no_unknown,
    override,
    read_file,
    refuse_near_misses,
    secrets,
    variable,
)

__all__ = ["Config", "ConfigError", "load"]

# Units stand in the types; the table of settings and whoever reads it go by them.
_MS, _SECONDS, _MINUTES, _DAYS, _WEEKS, _BYTES = (
    {"unit": unit} for unit in ("ms", "seconds", "minutes", "days", "weeks", "bytes")
)
_TIME = "^([01][0-9]|2[0-3]):[0-5][0-9]$"


class _Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the sections."""


class Kafka(_Section, frozen=True):
    """How to reach the bus."""

    bootstrap: Annotated[str, Meta(min_length=1, description="Brokers, host:port separated by commas.")] = (
        "127.0.0.1:9092"
    )
    gruppe: Annotated[str, Meta(min_length=1, description="Consumer group; also prefix of transactional ids.")] = (
        "iplos-adapter"
    )
    sesjon_ms: Annotated[
        int,
        Meta(
            ge=1000,
            le=300_000,
            extra=_MS,
            description="Session timeout: how long a silent worker keeps its partitions.",
        ),
    ] = 45_000
    transaksjon_ms: Annotated[
        int,
        Meta(ge=1000, le=900_000, extra=_MS, description="Timeout of one transaction; the broker allows 15 minutes."),
    ] = 60_000
    dor_sekunder: Annotated[
        float,
        Meta(
            ge=0,
            le=86_400,
            extra=_SECONDS,
            description="How long a start waits for Kafka to let us in; 0 does not wait.",
        ),
    ] = 60.0
    sikkerhet: Annotated[Sikkerhet, Meta(description="TLS, and who we are.")] = Sikkerhet()


class Topics(_Section, frozen=True):
    """Names of the topics by role; the rest of what they are stands in topics/topics.toml."""

    buss: Annotated[str, Meta(description="Events from the journal system.")] = "kommune.iplos.hendelser.v1"
    tilstand: Annotated[str, Meta(description="State of persons, compacted.")] = "iplos.person-tilstand.v1"
    avvist: Annotated[str, Meta(description="Dead letters, sealed.")] = "iplos.avvist.v1"
    revisjon: Annotated[str, Meta(description="The audit trail: who saw or dealt with what.")] = "iplos.revisjon.v1"
    kommando: Annotated[str, Meta(description="Commands to the service.")] = "iplos.kommando.v1"
    rapport: Annotated[str, Meta(description="The ledger of runs, compacted.")] = "iplos.rapport.v1"
    transport_ipl: Annotated[str, Meta(description="Care data messages to the transport.")] = "kpr.transport.ipl.v1"
    transport_ide: Annotated[str, Meta(description="Identity messages to the transport.")] = "kpr.transport.ide.v1"
    kvittering: Annotated[str, Meta(description="Receipts (AppRec) from the transport.")] = "kpr.transport.inn.v1"


class Ingest(_Section, frozen=True):
    """From the bus to the state."""

    batch: Annotated[int, Meta(ge=1, le=100_000, description="Most events in one transaction of one partition.")] = (
        2_000
    )
    vent_ms: Annotated[int, Meta(ge=1, le=60_000, extra=_MS, description="How long a poll waits for events.")] = 200
    maks_hendelse: Annotated[
        int, Meta(ge=1024, le=100_000_000, extra=_BYTES, description="A longer event is parked unread.")
    ] = 1_048_576


class Http(_Section, frozen=True):
    """Metrics and health."""

    vert: Annotated[str, Meta(description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535, description="Port to listen on; 0 takes a free one.")] = 8680


class Part(_Section, frozen=True):
    """A communication party of the message head: an organisation, and the service within it."""

    navn: Annotated[str, Meta(min_length=1, description="Name of the organisation.")]
    orgnr: Annotated[str, Meta(pattern="^[0-9]{9}$", description="Organisation number (ENH).")]
    her_id: Annotated[str, Meta(description="HER-id of the organisation; empty leaves it out.")] = ""
    tjeneste: Annotated[str, Meta(description="Name of the service within it; empty leaves it out.")] = ""
    tjeneste_her_id: Annotated[str, Meta(description="HER-id of the service.")] = ""


class Kontakt(_Section, frozen=True):
    """A contact person of the message."""

    type: Annotated[
        Literal[1, 2, 3],
        Meta(description="1 innsendingsansvarlig, 2 IPLOS kontaktperson, 3 alternativ IPLOS kontaktperson."),
    ]
    navn: Annotated[str, Meta(min_length=1, max_length=140, description="Name.")]
    telefon: Annotated[str, Meta(max_length=40, description="Telephone.")]
    epost: Annotated[str, Meta(max_length=140, description="E-mail.")]


class Kommune(_Section, frozen=True):
    """A municipality this installation reports for."""

    nummer: Annotated[str, Meta(pattern="^[0-9]{4}$", description="Municipality number, of any time.")]
    avsender: Annotated[Part, Meta(description="The municipality as sender.")]
    kontakter: Annotated[list[Kontakt], Meta(description="Two or three contacts; types 1 and 2 must be there.")]


class Rapport(_Section, frozen=True):
    """The report."""

    send: Annotated[
        Literal["never", "test", "production"],
        Meta(description="Whether runs are emitted at all, as tests, or for real."),
    ] = "test"
    ekte_i_test: Annotated[
        bool, Meta(description="Whether a test may carry real persons; the register's own test round wants them.")
    ] = False
    aar: Annotated[
        int,
        Meta(
            ge=0,
            description="Reporting year of the live findings; 0 goes by the calendar (the new year from 22 March).",
        ),
    ] = 0
    delstorrelse: Annotated[
        int,
        Meta(
            ge=1024,
            le=900_000,
            extra=_BYTES,
            description="Size of one transport record; the broker's default limit is 1 MB.",
        ),
    ] = 800_000
    barriere_sekunder: Annotated[
        int,
        Meta(
            ge=1,
            le=86_400,
            extra=_SECONDS,
            description="How long a report waits for the state to catch up with the bus.",
        ),
    ] = 600
    prosesser: Annotated[
        int,
        Meta(
            ge=0,
            le=64,
            description="Processes that build a report, a unit each at a time; 0 is one a core, and four at most.",
        ),
    ] = 0


class Kalender(_Section, frozen=True):
    """What happens by itself. Times of day are Norwegian time."""

    pa: Annotated[bool, Meta(description="Whether runs begin by themselves when the calendar says so.")] = True
    takt_sekunder: Annotated[
        float, Meta(ge=0.2, le=3600, extra=_SECONDS, description="Seconds between two looks at the calendar.")
    ] = 10.0
    prove: Annotated[bool, Meta(description="Whether test runs are made in November and December.")] = True
    prove_ukedager: Annotated[
        list[Annotated[int, Meta(ge=1, le=7)]], Meta(description="Weekdays of test runs, 1 is Monday.")
    ] = msgspec.field(default_factory=lambda: [1])
    prove_hver_uke: Annotated[int, Meta(ge=1, le=9, extra=_WEEKS, description="Every how many weeks.")] = 1
    prove_klokken: Annotated[str, Meta(pattern=_TIME, description="Time of day of test runs, HH:MM.")] = "06:00"
    ordinaer_dager_etter: Annotated[
        int, Meta(ge=0, le=13, extra=_DAYS, description="Days from 2 January to the ordinary run.")
    ] = 0
    ordinaer_klokken: Annotated[str, Meta(pattern=_TIME, description="Time of day of the ordinary run, HH:MM.")] = (
        "06:00"
    )
    gjentak_ved: Annotated[
        list[Literal["avvist", "ubesvart", "rettet", "ikke-sendt"]],
        Meta(description="What repeats a run in the window: rejected, unanswered, findings mended, not sent."),
    ] = msgspec.field(default_factory=lambda: ["avvist", "rettet", "ikke-sendt"])
    gjentak_minste_rettet: Annotated[int, Meta(ge=1, description="So many findings must be mended for a repeat.")] = 1
    gjentak_minutter: Annotated[
        int, Meta(ge=0, extra=_MINUTES, description="Minutes from the end of a run to a repeat of it.")
    ] = 360
    gjentak_maks: Annotated[int, Meta(ge=0, description="Repeats of a unit in a window.")] = 10
    sjekk_minutter: Annotated[
        int,
        Meta(
            ge=1,
            extra=_MINUTES,
            description="Minutes between two dry runs in the window that look for mended findings.",
        ),
    ] = 60


class Config(_Section, frozen=True):
    """All settings."""

    kafka: Kafka = Kafka()
    topics: Topics = Topics()
    ingest: Ingest = Ingest()
    http: Http = Http()
    rapport: Rapport = Rapport()
    kalender: Kalender = Kalender()
    kommuner: Annotated[list[Kommune], Meta(description="The municipalities reported for.")] = []
    mottaker: Annotated[Part | None, Meta(description="The register as receiver.")] = None
    nokkelfil: Annotated[str, Meta(description="Path of the key file.")] = ""
    pakker: Annotated[str, Meta(description="Folder with year packs of one's own; empty for none.")] = ""
    antakelser: Annotated[
        dict[str, dict[str, Any]], Meta(description="Settings of a year pack to override, by year: [antakelser.2018].")
    ] = {}
    oversett: Annotated[
        dict[str, dict[str, str]],
        Meta(description='Which municipality of the year a later number stands for: [oversett.2019] 3014 = "0122".'),
    ] = {}

    def kommune(self, enhet: Enhet) -> Kommune | None:
        """The settings of the unit's municipality, or None when it is not one of ours."""
        return next((kommune for kommune in self.kommuner if kommune.nummer == enhet.kommunenummer), None)


def load(path: Path | None, environ: Mapping[str, str] | None = None) -> Config:
    """Read the file (none: defaults) and the environment. Raises `ConfigError`."""
    environ = os.environ if environ is None else environ
    tree = read_file(path)
    for place in secrets(tree, Config):
        raise ConfigError(
            f"{place} stands in {path}: a secret belongs in a file of its own ({place}_fil) or in the environment "
            f"({variable(place)}); take it out, and change it, since it has been seen"
        )
    refuse_near_misses(environ)
    for name, place in in_environment(environ):
        one: dict[str, Any] = {}
        override(one, name, place, environ[name])
        try:
            no_unknown(one, Config, "")
        except ConfigError as error:
            raise ConfigError(f"{name}: {error}") from None
        override(tree, name, place, environ[name])
    no_unknown(tree, Config, "")
    try:
        config = msgspec.convert(tree, Config, strict=False, dec_hook=made)
    except msgspec.ValidationError as error:
        where, value = blame(tree, str(error))
        shown = "" if value is None else f" is {value!r}"
        why = str(error).split(" - at ")[0]
        raise ConfigError(f"{where}{shown}: {why}; `iplos-adapter config example` shows how it is written") from None
    for contradiction in _contradictions(config):
        raise ConfigError(contradiction)
    return config


def _contradictions(config: Config) -> Iterator[str]:
    """What no single setting is to blame for."""
    yield from contradictions_of_access(config.kafka.sikkerhet)
    brokers = [one.strip() for one in config.kafka.bootstrap.split(",")]
    for broker in brokers:
        if not re.fullmatch(r"\S+:[0-9]{1,5}", broker):
            yield f"kafka.bootstrap is {config.kafka.bootstrap!r}: {broker!r} is not host:port; give each broker a port"
    roles: dict[str, str] = {}
    for role, name in msgspec.structs.asdict(config.topics).items():
        if not re.fullmatch(r"[A-Za-z0-9._-]{1,249}", name):
            yield f"topics.{role} is {name!r}: Kafka takes 1 to 249 letters, digits, '.', '_' and '-'"
        elif (other := roles.setdefault(name, role)) != role:
            yield f"topics.{role} is {name!r}, and so is topics.{other}: give each a topic of its own"
    numbers: set[str] = set()
    for kommune in config.kommuner:
        if kommune.nummer in numbers:
            yield f"kommuner has {kommune.nummer!r} twice: keep one of the two"
        numbers.add(kommune.nummer)
        types = sorted(one.type for one in kommune.kontakter)
        if not 2 <= len(types) <= 3 or not {1, 2} <= set(types):
            yield f"kommuner.kontakter of {kommune.nummer} has types {types}: give two or three, with types 1 and 2"
