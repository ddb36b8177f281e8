"""From the settings to what a gap report needs. Unlike a build it needs no key, no receiver and no message format."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from adapter.domain.enhet import Enhet
from adapter.domain.overgang import Overgang
from adapter.domain.places import Places
from adapter.domain.rules import RULES
from adapter.domain.rules.rule import Rule
from adapter.domain.rules.sak import Modus
from adapter.domain.yearpack import YearPack
from adapter.packs import PackError, load_pack, load_places
from adapter.report.setup import RefusedError, check_unit, extra_packs, kommune_of, make_overgang
from adapter.settings.config import Config


@dataclass(frozen=True, slots=True)
class Grunnlag:
    """What one municipality's year is measured by. `kontakttyper` are those of the message's contact persons."""

    pack: YearPack
    places: Places
    rules: Sequence[Rule]
    overgang: Overgang
    kontakttyper: Sequence[int]
    i_dag: date
    modus: Modus
    ekte_i_test: bool = True


def make_grunnlag(config: Config, enhet: Enhet, aar: int, i_dag: date) -> Grunnlag:
    """Everything but the persons. Raises `RefusedError`."""
    try:
        pack = load_pack(aar, extra_packs(config), config.antakelser.get(str(aar), {}))
    except PackError as error:
        raise RefusedError("no-pack", str(error)) from None
    places = load_places()
    check_unit(places, enhet, pack)
    kommune = kommune_of(config, places, enhet)
    if kommune is None:
        raise RefusedError(
            "not-ours", f"Kommune {enhet.kommunenummer} står ikke i [[kommuner]] i konfigurasjonen: legg den til der."
        )
    return Grunnlag(
        pack=pack,
        places=places,
        rules=RULES,
        overgang=make_overgang(config, places, aar),
        kontakttyper=[one.type for one in kommune.kontakter],
        i_dag=i_dag,
        modus="produksjon" if config.rapport.send == "production" else "test",
        ekte_i_test=config.rapport.ekte_i_test,
    )
