"""Whether the service is ready, in words: why not, and what to do about it."""

from adapter.ops.http import Health
from adapter.report.gaps.words import tall
from adapter.report.status.doors import DORER, UKJENT
from adapter.report.status.figures import Figures
from adapter.report.status.status import Klarhet


def klarhet(figures: Figures, live: Health, ready: Health) -> Klarhet:
    """What the two probes and the figures come to."""
    if ready.ok:
        return Klarhet(stilling="klar", setning=_running(figures))
    if figures.door:
        setning, rad = DORER.get(figures.door, UKJENT)
        return Klarhet(stilling="utestengt", setning=setning, rad=rad, teknisk=ready.why)
    if not live.ok:
        return Klarhet(
            stilling="star",
            setning="Innlesingen står stille.",
            rad="Se i loggen hva den sist gjorde, og start prosessen på nytt. Ingenting går tapt: den fortsetter der "
            "den slapp.",
            teknisk=live.why,
        )
    if figures.restoring:
        return Klarhet(
            stilling="leser-tilbake",
            setning=f"Leser tilbake tilstanden: {100 * figures.restored:.0f} % av "
            f"{_partitions(figures.restoring + figures.running)}.",
            rad="Vent: dette skjer etter hver start, og nye hendelser står i kø på bussen så lenge. Står prosenten "
            "stille, se i loggen om Kafka svarer.",
            teknisk=ready.why,
        )
    return Klarhet(
        stilling="venter",
        setning="Venter på partisjoner fra Kafka.",
        rad="Det tar noen sekunder etter en start, og opptil ett minutt etter at en annen prosess ble borte. Varer "
        "det lenger, kjør `iplos-adapter topics check`, og se i loggen.",
        teknisk=ready.why,
    )


def _running(figures: Figures) -> str:
    if not figures.running:
        return "Andre prosesser har alle partisjonene; denne tar over om de blir borte."
    behind = sum(figures.lag.values())
    lag = f"{tall(behind)} hendelser gjenstår" if behind else "ingen hendelser gjenstår"
    return f"Leser {figures.running} av {_partitions(figures.bus_partitions)}; {lag}."


def _partitions(number: int) -> str:
    return f"{number} {'partisjon' if number == 1 else 'partisjoner'}"
