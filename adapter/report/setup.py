"""From the settings to what a build needs: pack, places, schemas, addresses. What is missing is refused."""

from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeAlias

from adapter.domain.enhet import Enhet
from adapter.domain.overgang import Overgang, numbers_of
from adapter.domain.places import Places
from adapter.domain.planned_run import Emisjon
from adapter.domain.rules import RULES
from adapter.domain.yearpack import YearPack
from adapter.message.gate import Gate
from adapter.message.hode import Partsinfo
from adapter.message.kpr_ipl import Kontaktinfo
from adapter.packs import PackError, load_pack, load_places, pack_folder
from adapter.report.build import Oppsett
from adapter.sealing import Sealer
from adapter.settings.config import Config, Kommune, Part

RefusalCode: TypeAlias = Literal[
    "no-pack",
    "no-format",
    "unknown-municipality",
    "unknown-district",
    "not-ours",
    "no-receiver",
    "switched-off",
    "outside-window",
    "identity-in-text",
    "state-unreadable",
    "state-incomplete",
]


class RefusedError(ValueError):
    """The report cannot be made; the sentence says why and what to do."""

    def __init__(self, code: RefusalCode, text: str) -> None:
        super().__init__(text)
        self.code = code


def make_oppsett(config: Config, sealer: Sealer, enhet: Enhet, aar: int) -> Oppsett:
    """Everything a build of this unit and year needs. Raises `RefusedError`."""
    pack, places = check_year_and_unit(config, enhet, aar)
    kommune, fmt = kommune_of(config, places, enhet), pack.melding
    if kommune is None or config.mottaker is None or fmt is None:
        raise AssertionError("check_year_and_unit refuses these")
    folder = pack_folder(aar, extra_packs(config))
    gate_ipl, gate_ide = _gates(folder, fmt.xsd_sending_fag, fmt.xsd_sending_ident)
    return Oppsett(
        pack=pack,
        places=places,
        rules=RULES,
        gate_ipl=gate_ipl,
        gate_ide=gate_ide,
        sealer=sealer,
        avsender=_part(kommune.avsender),
        mottaker=_part(config.mottaker),
        kontakter=[Kontaktinfo(one.type, one.navn, one.telefon, one.epost) for one in kommune.kontakter],
        overgang=make_overgang(config, places, aar),
    )


def check_year_and_unit(config: Config, enhet: Enhet, aar: int) -> tuple[YearPack, Places]:
    """The pack and the places, if this unit can be reported for this year at all. Raises `RefusedError`."""
    try:
        pack = load_pack(aar, extra_packs(config), config.antakelser.get(str(aar), {}))
    except PackError as error:
        raise RefusedError("no-pack", str(error)) from None
    if pack.melding is None:
        reasons = " ".join(pack.mangler)
        raise RefusedError("no-format", f"Årspakken {aar} har ikke meldingsformat, og kan ikke sendes. {reasons}")
    places = load_places()
    check_unit(places, enhet, pack)
    if kommune_of(config, places, enhet) is None:
        raise RefusedError(
            "not-ours", f"Kommune {enhet.kommunenummer} står ikke i [[kommuner]] i konfigurasjonen: legg den til der."
        )
    if config.mottaker is None:
        raise RefusedError("no-receiver", "[mottaker] mangler i konfigurasjonen: registerets adresse må stå der.")
    return pack, places


def unknown_municipalities(config: Config, places: Places) -> list[str]:
    """Configured numbers that no municipality ever had: events would be passed over because of a slip."""
    return [one.nummer for one in config.kommuner if one.nummer not in places.kommuner]


def check_emission(config: Config, emisjon: Emisjon) -> None:
    """Refuse what the switch does not allow: production only where it is on, nothing at all where it is off."""
    send = config.rapport.send
    if emisjon == "produksjon" and send != "production":
        raise RefusedError("switched-off", f"rapport.send er {send!r}: det sendes ikke i produksjon.")
    if emisjon == "test" and send == "never":
        raise RefusedError("switched-off", "rapport.send er 'never': det sendes ikke noe. Bruk --dry-run.")


def extra_packs(config: Config) -> Path | None:
    """The folder with packs of one's own, if there is one."""
    return Path(config.pakker) if config.pakker else None


def check_unit(places: Places, enhet: Enhet, pack: YearPack) -> None:
    """Refuse a municipality or district that did not exist in the year."""
    if not places.existed_in(enhet.kommunenummer, pack.aar):
        raise RefusedError(
            "unknown-municipality",
            f"Kommunenummer {enhet.kommunenummer} fantes ikke i {pack.aar}: kontroller nummeret.",
        )
    known = not enhet.bydelsnummer or places.is_district(enhet.kommunenummer, enhet.bydelsnummer, pack.aar)
    if not known and places.has_districts(enhet.kommunenummer):
        raise RefusedError(
            "unknown-district", f"Bydel {enhet.bydelsnummer} fantes ikke i {enhet.kommunenummer} i {pack.aar}."
        )


def make_overgang(config: Config, places: Places, aar: int) -> Overgang:
    """From the numbers on the bus to those of the year."""
    return Overgang(places, aar, config.oversett.get(str(aar), {}))


def kommune_of(config: Config, places: Places, enhet: Enhet) -> Kommune | None:
    """The settings of the unit's municipality, whichever of its numbers they name."""
    return config.kommune(enhet) or next(
        (one for one in config.kommuner if enhet.kommunenummer in numbers_of(places, one.nummer)), None
    )


def our_numbers(config: Config, places: Places) -> frozenset[str]:
    """Every number, of any year, that events of our municipalities may carry."""
    return frozenset(number for one in config.kommuner for number in numbers_of(places, one.nummer))


@lru_cache(maxsize=4)
def _gates(folder: Path, fag: str, ident: str) -> tuple[Gate, Gate]:
    """Compiling the schemas takes a moment; a process needs each pair once."""
    return Gate(folder / fag), Gate(folder / ident)


def _part(part: Part) -> Partsinfo:
    return Partsinfo(part.navn, part.orgnr, part.her_id, part.tjeneste, part.tjeneste_her_id)
