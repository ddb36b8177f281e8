"""Kafka's closed doors in Norwegian, by their codes: what is wrong, and who can put it right."""

from typing import NamedTuple


class Dor(NamedTuple):
    """What is wrong, in one sentence, and what to do about it."""

    setning: str
    rad: str


_EIER = "Klyngens eier må"
_TILGANG = "Gi tilgangene som `iplos-adapter topics list` skriver ut; `iplos-adapter doctor` sier hvilke som mangler."

DORER: dict[str, Dor] = {
    "unreachable": Dor(
        "Får ikke kontakt med Kafka.",
        "Se om klyngen er oppe, og om `bootstrap` i innstillingene er riktig. Ingenting går tapt så lenge.",
    ),
    "tls-wanted": Dor("Kafka krever kryptert forbindelse (TLS).", "Sett `tls = true` under `[kafka.sikkerhet]`."),
    "tls-not-spoken": Dor(
        "Kafka svarer ikke kryptert (TLS) på denne porten.",
        "Bruk porten der TLS er slått på, eller sett `tls = false` om klyngen ikke har det.",
    ),
    "authority-unknown": Dor(
        "Kafkas sertifikat er utstedt av noen vi ikke stoler på.",
        "Oppgi klyngens egen utsteder i `ca_fil`.",
    ),
    "broker-certificate-expired": Dor("Kafkas sertifikat er ikke gyldig i dag.", f"{_EIER} fornye det."),
    "broker-name-differs": Dor(
        "Kafkas sertifikat gjelder et annet navn.",
        "Bruk et navn som står i sertifikatet, i `bootstrap` og i meglernes `advertised.listeners`.",
    ),
    "broker-certificate-unfit": Dor("Kafkas sertifikat kan ikke brukes.", f"{_EIER} bytte det."),
    "credentials-unreadable": Dor(
        "Filene med passord, nøkkel eller sertifikat kan ikke leses.",
        "`iplos-adapter config check` sier hvilken, og hvorfor.",
    ),
    "certificate-expired": Dor("Sertifikatet vårt er utløpt.", "Forny filen i `sertifikat_fil`."),
    "certificate-wanted": Dor(
        "Kafka krever at vi viser et sertifikat.", "Sett `sertifikat_fil` og `nokkel_fil` under `[kafka.sikkerhet]`."
    ),
    "certificate-refused": Dor(
        "Kafka godtar ikke sertifikatet vårt.", "`sertifikat_fil` må være utstedt av noen klyngen stoler på."
    ),
    "login-wanted": Dor("Kafka krever innlogging.", "Sett `bruker` og `passord_fil` under `[kafka.sikkerhet]`."),
    "login-not-offered": Dor(
        "Ingen logger inn på denne porten.", "Ta bort `bruker`, eller bruk porten der man logger inn."
    ),
    "mechanism-not-offered": Dor("Denne måten å logge inn på tilbys ikke.", "Sett en annen `mekanisme`."),
    "login-refused": Dor("Innloggingen er avvist.", "Rett `bruker` eller filen i `passord_fil`."),
    "topic-denied": Dor("Vi mangler tilgang til et emne.", _TILGANG),
    "group-denied": Dor("Vi mangler tilgang til en gruppe.", _TILGANG),
    "transactional-id-denied": Dor("Vi mangler tilgang til å skrive i transaksjoner.", _TILGANG),
    "cluster-denied": Dor("Vi mangler tilgang til klyngen.", _TILGANG),
}
# For a code that is newer than these words.
UKJENT = Dor("Kafka slipper oss ikke inn.", "Kjør `iplos-adapter doctor`; den sier hva som er galt.")
