"""The status in words: names of kinds and states, what each means, and a shape for each, since not all see colours."""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias, get_args

from adapter.domain.calendar_view import Stilling
from adapter.domain.planned_run import Emisjon, Kjoretilstand, Send
from adapter.domain.windows import Slag
from adapter.report.ledger import Stage
from adapter.report.status.status import (
    Enhetslinje,
    Innlesing,
    Kjoringslinje,
    Klarstilling,
    Meldingslinje,
    Vinduslinje,
    Vindustilling,
)
from adapter.report.status.tall import Tall, size

Farge: TypeAlias = str


class Merke(NamedTuple):
    """A state as a chip: what it is called, the shape before it, and the colour's class."""

    navn: str
    form: str
    farge: Farge


SLAG_NAVN: dict[Slag, str] = {
    "prove": "Prøve",
    "ordinaer": "Ordinær",
    "gjentak": "Gjentak",
    "rettelse": "Rettelse",
}
EMISJON: dict[Emisjon, str] = {"ingen": "sendes ikke", "test": "som test", "produksjon": "i produksjon"}
SEND: dict[Send, tuple[str, str]] = {
    "never": ("Sender ikke", "Rapporter bygges og kontrolleres, men ingenting sendes."),
    "test": ("Prøve", "Alt som sendes, er merket som test."),
    "production": ("Produksjon", "Det som sendes i vinduet, er kommunens rapport."),
}
STEG: dict[Stage, str] = {
    "": "",
    "venter": "venter på tilstanden",
    "leser": "leser tilstanden",
    "bygger": "bygger meldingene",
    "sender": "sender",
}
TILSTAND: dict[Kjoretilstand, Merke] = {
    "under-arbeid": Merke("Under arbeid", "◐", "warn"),
    "sendt": Merke("Venter på svar", "◐", "warn"),
    "kvittert": Merke("Kvittert", "✓", "ok"),
    "kvittert-med-feil": Merke("Kvittert med feil", "▲", "withhold"),
    "avvist": Merke("Avvist", "■", "block"),
    "ubesvart": Merke("Ubesvart", "▲", "withhold"),
    "nektet": Merke("Nektet", "■", "block"),
    "feilet": Merke("Feilet", "■", "block"),
    "prøvd": Merke("Prøvd, ikke sendt", "○", "rolig"),
    "fordelt": Merke("Fordelt", "○", "rolig"),
}
STILLING: dict[Stilling, Merke] = {
    "gjort": Merke("Gjort", "✓", "ok"),
    "forfalt": Merke("Kjøres nå", "◐", "warn"),
    "kommer": Merke("Kommer", "○", "rolig"),
    "forbi": Merke("Forbi", "–", "rolig"),
    "pa-bestilling": Merke("På bestilling", "◇", "rolig"),
    "ikke-mulig": Merke("Ikke mulig", "▲", "withhold"),
}
VINDU: dict[Vindustilling, Merke] = {
    "apent": Merke("Åpent", "●", "ok"),
    "kommer": Merke("Kommer", "○", "rolig"),
    "lukket": Merke("Lukket", "–", "rolig"),
    "ukjent": Merke("Ukjent frist", "?", "rolig"),
}
KLARHET: dict[Klarstilling, Merke] = {
    "klar": Merke("Klar", "✓", "ok"),
    "leser-tilbake": Merke("Ikke klar ennå", "◐", "withhold"),
    "venter": Merke("Ikke klar ennå", "◐", "withhold"),
    "star": Merke("Står stille", "■", "block"),
    "utestengt": Merke("Slipper ikke inn i Kafka", "■", "block"),
}
OM_TILSTAND: dict[Kjoretilstand, str] = {
    "under-arbeid": "Den er ikke ferdig.",
    "sendt": "Den er sendt, og venter på kvittering.",
    "kvittert": "Begge meldinger er kvittert: registeret kan lese dem. Om innholdet er rett, sier kvitteringen ikke.",
    "kvittert-med-feil": "Meldingene er kvittert, med feil: se feilkodene.",
    "avvist": "Den er avvist: rett årsaken og send på nytt (`iplos-adapter resend`), med nye meldings-id-er.",
    "ubesvart": "Ingen kvittering innen 96 timer; det regnes som avvist. Undersøk transporten, og send på nytt.",
    "nektet": "Den ble nektet, og ingenting er sendt: se grunnen.",
    "feilet": "Den feilet, og ingenting er sendt: se loggen.",
    "prøvd": "Den ble bygget og kontrollert, men ikke sendt.",
    "fordelt": "Kommandoen er ferdig; hver enhet har sin egen kjøring.",
}
if any(set(get_args(union)) - set(words) for union, words in ((Kjoretilstand, TILSTAND), (Stilling, STILLING))):
    raise AssertionError("a state without words")


def antall(tall: Tall, ukjent: str = "–") -> str:
    """A masked number as it is written."""
    return ukjent if tall is None else tall if isinstance(tall, str) else f"{tall:,}".replace(",", "\u00a0")


def svar(run: Kjoringslinje) -> list[tuple[str, Meldingslinje]]:
    """The receipts of a run, by message type; one without a type where both messages stand alike."""
    if len({(one.tilstand, one.feil) for one in run.meldinger}) == 1:
        return [("", run.meldinger[0])]
    return [(one.type, one) for one in run.meldinger]


def stander(window: Vinduslinje) -> str:
    """How a window's runs stand: `9 gjort, 1 kommer`."""
    runs = window.kjoringer
    if runs is None:
        return "ikke lest ennå"
    named = ((runs.gjort, "gjort"), (runs.forfalt, "kjøres nå"), (runs.kommer, "kommer"), (runs.tapt, "ble ikke kjørt"))
    nothing = "på bestilling" if window.slag == "rettelse" else "ingen"
    return ", ".join(f"{number} {name}" for number, name in named if number) or nothing


def dekning(innlesing: Innlesing) -> str:
    """What the findings that are open now are counted over."""
    here, all_of_it = innlesing.partisjoner, innlesing.partisjoner_i_alt
    if not here:
        return "Funn som er åpne nå, kommer når denne prosessen leser partisjoner."
    if here >= all_of_it:
        return "«Nå» er funn som er åpne akkurat nå."
    return (
        f"«Nå» er funn som er åpne akkurat nå i {here} av bussens {all_of_it} partisjoner, de denne prosessen har; "
        "resten står på de andre prosessenes statussider."
    )


def largest(enheter: Sequence[Enhetslinje]) -> float:
    """What the bars of persons are measured by."""
    counted = [one.tellinger.personer for one in enheter if one.tellinger]
    return max((size(each) for one in counted for each in (one.i_ar, one.i_fjor)), default=1.0)
