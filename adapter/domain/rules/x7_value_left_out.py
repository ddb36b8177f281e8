"""X7: en valgfri verdi som meldingen ikke kan bære, utelates; resten av raden sendes.

Ground: the codes of PERSONOPPL are closed lists, and hours have two decimals and five digits in all
(domain/iplos.md 3.4, 3.6 [X1]). All these fields are optional, so nothing else of the row is lost. The message writer
leaves out the same: a test holds it to `code_carried` and `hours_carried`.
"""

from msgspec.structs import astuple

from adapter.domain.records import Personopplysning, Tjeneste
from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Sak
from adapter.domain.rules.wording import hours, listing
from adapter.domain.yearpack import YearPack

RULE = Rule(
    id="X7", severity=Severity.WARN, title="Verdien kan ikke stå i meldingen", ground="domain/iplos.md 3.4, 3.6 [X1]"
)


def code_carried(felt: str, kode: int, pack: YearPack) -> bool:
    """Whether the year's list for the field has the code as the message would write it."""
    return kode in pack.skrevne_koder.get(felt, ())


def hours_carried(timer: float) -> bool:
    """Whether the number fits a decimal of five digits, two of them after the comma, and is not below zero."""
    return 0 <= timer <= 999.99 and round(timer, 2) == timer


@RULE.for_each(Personopplysning)
def code_is_not_in_the_list(opplysning: Personopplysning, sak: Sak) -> str | None:
    left_out = [
        f"{felt.replace('_', ' ')} ({kode})"
        for felt, kode in zip(opplysning.__struct_fields__, astuple(opplysning), strict=True)
        if isinstance(kode, int) and not code_carried(felt, kode, sak.pack)
    ]
    return f"Rett {listing(left_out)}: koden finnes ikke i {sak.pack.aar} og utelates." if left_out else None


@RULE.for_each(Tjeneste)
def hours_do_not_fit(tjeneste: Tjeneste, sak: Sak) -> str | None:
    timer = tjeneste.timer_per_uke
    if timer is None or timer > sak.pack.grenser.timer_per_uke or hours_carried(timer):
        return None  # too many hours are the concern of S6
    return _left_out("timer per uke", timer)


@RULE.for_each(Tjeneste)
def remaining_hours_do_not_fit(tjeneste: Tjeneste, sak: Sak) -> str | None:
    timer = tjeneste.rest_timer_per_uke
    if timer is None or not sak.pack.antakelser.send_rest_timer or hours_carried(timer):
        return None
    return _left_out("resttimer per uke", timer)


def _left_out(felt: str, timer: float) -> str:
    return f"Rett {felt}: {hours(timer)} kan ikke skrives i meldingen (0 til 999,99, to desimaler) og utelates."
