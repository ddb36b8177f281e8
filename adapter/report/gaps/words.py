"""The report's words: names of kinds, consequences, causes; numbers and dates as Norwegians write them."""

import re
from datetime import date

from adapter.domain.outcome import OUTCOME_NAMES, PARK_CODES
from adapter.report.gaps.mangelrapport import Alvor

BLANK = "\u00a0"

FOLGE: dict[Alvor, str] = {"block": "Stopper meldingen", "withhold": "Holdes tilbake", "warn": "Merknad"}
KORT: dict[Alvor, str] = {
    "block": "feil stopper meldingen",
    "withhold": "feil holder noe tilbake",
    "warn": "merknader",
}
FORKLARING: dict[Alvor, str] = {
    "block": "Ingenting sendes før feilen er rettet.",
    "withhold": "Raden, eller personen, blir ikke med før den er rettet. Resten sendes.",
    "warn": "Sendes som det står, men bør rettes eller forklares.",
}
RADTYPER = {
    "melding": "melding",
    "person": "person",
    "personopplysning": "personopplysning",
    "funksjon": "funksjonsskår",
    "tjeneste": "tjeneste",
    "diagnose": "diagnose",
    "dogntilbud": "døgntilbud",
}
UTFALL: dict[str, str] = dict(
    zip(
        OUTCOME_NAMES,
        ("tatt inn", "annullerte en rad", "gjentakelse", "eldre enn det vi har", "ikke for oss", "stoppet i døra"),
        strict=True,
    )
)

# Park code → what happened, and who can do what about it.
STOPPKODER: dict[str, tuple[str, str]] = {
    "empty-value": ("Hendelsen er tom.", "Leverandøren må sende en annullering eller en sletting i stedet."),
    "too-large": ("Hendelsen er for stor.", "Leverandøren må sende raden alene, uten vedlegg."),
    "not-utf8": ("Tegnsettet er feil.", "Leverandøren må sende UTF-8."),
    "not-json": ("Hendelsen er avkortet eller ikke JSON.", "Leverandøren må rette formatet og sende på nytt."),
    "not-a-cloudevent": ("Konvolutten er ikke CloudEvents 1.0.", "Leverandøren må rette formatet og sende på nytt."),
    "missing-key": ("Hendelsen mangler personnøkkel.", "Leverandøren må sette nøkkel på hendelsen."),
    "key-not-allowed": ("Personnøkkelen har tegn den ikke kan ha.", "Leverandøren må bruke et pseudonym som nøkkel."),
    "key-is-identity": (
        "Et identitetsnummer er brukt som personnøkkel.",
        "Leverandøren må bruke et pseudonym. Vurder avviksmelding: nummeret har ligget åpent på bussen.",
    ),
    "key-differs-from-subject": (
        "Hendelsen nevner to ulike personer.",
        "Leverandøren må rette nøkkel eller subject og sende på nytt.",
    ),
    "missing-field": ("Et felt som må være med, mangler.", "Fyll ut feltet i fagsystemet, eller meld fra."),
    "wrong-type": ("Et felt har feil type.", "Leverandøren må rette formatet og sende på nytt."),
    "out-of-bounds": ("Et felt har en verdi utenfor det tillatte.", "Rett verdien i fagsystemet, eller meld fra."),
    "impossible-date": ("En dato finnes ikke i kalenderen.", "Rett datoen i fagsystemet; raden sendes da på nytt."),
    "identity-in-clear": (
        "Et identitetsnummer står i et felt der det ikke skal stå.",
        "Leverandøren må bruke en annen id. Vurder avviksmelding: nummeret har ligget åpent på bussen.",
    ),
    "state-too-large": (
        "Personen har så mange rader at tilstanden ikke kan skrives.",
        "Leverandøren må finne ut hvorfor: samme rad sendes trolig under stadig nye id-er.",
    ),
    "internal-error": ("Tjenesten selv feilet på hendelsen.", "Meld fra til drift: hendelsen er tatt vare på."),
    "": ("Ukjent årsak.", "Meld fra til drift."),
}
if set(PARK_CODES) - set(STOPPKODER):
    raise AssertionError(f"park codes without words: {sorted(set(PARK_CODES) - set(STOPPKODER))}")

_ISO_DATE = re.compile(r"\b([0-9]{4})-([0-9]{2})-([0-9]{2})\b")


def tall(number: int) -> str:
    """`12 345`, with blanks that do not break."""
    return f"{number:,}".replace(",", BLANK)


def prosent(part: int, whole: int) -> str:
    """`97,2 %`; never rounded up to all, nor down to none, when it is not."""
    if not whole:
        return "–"
    share = 100 * part / whole
    if 0 < part < whole:
        share = min(max(share, 0.1), 99.9)
    return f"{share:.1f}".replace(".", ",").removesuffix(",0") + f"{BLANK}%"


def endring(now: int, before: int) -> str:
    """`+12 %`, `−50 %`, `uendret`, or `ny` where there was none."""
    if now == before:
        return "uendret"
    if not before:
        return "ny"
    percent = round(100 * (now - before) / before)
    return f"{'+' if now > before else '−'}{tall(abs(percent))}{BLANK}%"


def dato(day: date) -> str:
    """`15.01.2019`"""
    return f"{day:%d.%m.%Y}"


def tekst(text: str) -> str:
    """A finding's text with its dates as `dato` writes them."""
    return _ISO_DATE.sub(r"\3.\2.\1", text)


def utfall(name: str) -> str:
    """An outcome, with its code after a colon, in words."""
    outcome, _, code = name.partition(":")
    return f"{UTFALL.get(outcome, outcome)} ({code})" if code else UTFALL.get(outcome, outcome)


def hendelse(hendelsestype: str) -> str:
    """`tjeneste registrert` of a type's full name; other types are not told apart."""
    parts = hendelsestype.split(".")
    return f"{RADTYPER.get(parts[-3], parts[-3])} {parts[-2]}" if len(parts) > 3 else "ukjent"
