"""What a build came to: counts that add up, findings by rule, and the reasons if the message is blocked."""

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import Any

from adapter.domain.judge import Vurdering
from adapter.domain.rules.rule import Funn, Severity
from adapter.domain.yearview import PersonAar


@dataclass(slots=True)
class Resultat:
    """Persons and rows of one unit's view. `rader_i_visningen` = `rader_sendt` + `rader_holdt`, for each kind."""

    personer_i_visningen: int = 0
    personer_sendt: int = 0
    personer_holdt: int = 0
    rader_i_visningen: Counter[str] = field(default_factory=Counter)
    rader_sendt: Counter[str] = field(default_factory=Counter)
    rader_holdt: Counter[str] = field(default_factory=Counter)
    holdt_etter_regel: Counter[str] = field(default_factory=Counter)
    avslag_sendt: int = 0
    funn: Counter[str] = field(default_factory=Counter)
    funn_etter_alvor: Counter[str] = field(default_factory=Counter)
    tjenestemottakere: Counter[int] = field(default_factory=Counter)
    orgnumre: int = 0
    sjekker: int = 0
    stoppet_av: list[str] = field(default_factory=list)

    def saw(self, view: PersonAar, vurdering: Vurdering) -> None:
        """Count one person's view and judgement."""
        self.personer_i_visningen += 1
        self.sjekker += vurdering.sjekker
        for kind, rows in view.etter_slag():
            if rows:
                self.rader_i_visningen[kind] += len(rows)
        for held in vurdering.holdt:
            self.rader_holdt[held.kind] += 1
            self.holdt_etter_regel[held.rule] += 1
        if vurdering.sendes is None:
            self.personer_holdt += 1
        for funn in vurdering.funn:
            self.found(funn)

    def found(self, funn: Funn) -> None:
        """Count a finding."""
        self.funn[funn.rule] += 1
        self.funn_etter_alvor[funn.severity.value] += 1
        if funn.severity is Severity.BLOCK:
            self.stoppet_av.append(f"{funn.rule}: {funn.text}")

    def sent(self, sendes: PersonAar) -> None:
        """Count a person that is in the message."""
        self.personer_sendt += 1
        for kind, rows in sendes.etter_slag():
            if rows:
                self.rader_sendt[kind] += len(rows)
        self.avslag_sendt += sum(rad.innhold.vedtak == "avslag" for rad in sendes.tjenester)
        granted = {rad.innhold.tjenestetype for rad in sendes.tjenester if rad.innhold.vedtak != "avslag"}
        self.tjenestemottakere.update(granted)

    def adds_up(self) -> bool:
        """Conservation: nothing in the view is lost on the way."""
        rows = self.rader_i_visningen == self.rader_sendt + self.rader_holdt
        return rows and self.personer_i_visningen == self.personer_sendt + self.personer_holdt

    def as_dict(self) -> dict[str, Any]:
        """Plain data with sorted keys, for JSON."""
        plain = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            name: dict(sorted(value.items())) if isinstance(value, Counter) else value for name, value in plain.items()
        }
