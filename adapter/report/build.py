"""State → message pair: the year view, the rules, the text, the gate; one person after another, memory flat.

The same code builds for the service and for `iplos-adapter build`. It is deterministic: the same population, order
and setup give the same bytes. It is a generator, so that whoever drives it can show progress and let others run.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Protocol

from msgspec.structs import replace

from adapter import __version__
from adapter.domain.enhet import Enhet
from adapter.domain.judge import Judge
from adapter.domain.merged import lines_of, owner_of
from adapter.domain.overgang import Overgang, uendret
from adapter.domain.person_number import assign
from adapter.domain.places import Places
from adapter.domain.records import Person
from adapter.domain.rules.rule import Funn, Rule, Severity
from adapter.domain.rules.sak import Meldingsfakta, Modus, Sak
from adapter.domain.tilstand import Tilstand
from adapter.domain.windows import OSLO
from adapter.domain.yearpack import YearPack
from adapter.domain.yearview import PersonAar, Rad, year_view
from adapter.message import hode, kpr_ide, kpr_ipl
from adapter.message.gate import Gate
from adapter.message.read_back import of_ide, of_ipl, person_of, person_of_ident
from adapter.report.ledger import Fjorstall
from adapter.report.resultat import Resultat
from adapter.sealing import SealBrokenError, Sealer

SYSTEM = "iplos-adapter"
BATCH = 200  # persons in one look of the gate: parsing costs nothing more a person, and memory stays at a few MB


class Sink(Protocol):
    """Where the bytes of a message go."""

    def write(self, block: bytes, /) -> object:
        """The next bytes."""


class Persons(Protocol):
    """Whom to build of: the whole population, or a unit's share of it."""

    def shared_prints(self) -> frozenset[bytes]:
        """Prints of identity numbers that more than one person has."""

    def groups(self, enhet: Enhet) -> Mapping[str, Sequence[str]]:
        """The unit's persons: the key each goes by → the keys that are this person."""

    def states(self, keys: Iterable[str]) -> Iterator[tuple[str, Tilstand]]:
        """The states of these keys."""


@dataclass(frozen=True, slots=True)
class Bestilling:
    """What is to be built: one unit's pair for one run. `tidspunkt` is the run's, not the clock's.

    `ekte_i_test` lets persons who are not synthetic into a test message.
    """

    enhet: Enhet
    lopenr: str
    tidspunkt: datetime
    melding_id_ipl: str
    melding_id_ide: str
    modus: Modus
    ekte_i_test: bool = True
    i_fjor: Fjorstall | None = None

    @property
    def dag(self) -> date:
        """The run's day where it is sent from: late in the evening by UTC it is the next day in Norway."""
        return self.tidspunkt.astimezone(OSLO).date()


@dataclass(frozen=True, slots=True)
class Oppsett:
    """What a build needs besides the persons, for one year and one municipality."""

    pack: YearPack
    places: Places
    rules: Sequence[Rule]
    gate_ipl: Gate
    gate_ide: Gate
    sealer: Sealer
    avsender: hode.Partsinfo
    mottaker: hode.Partsinfo
    kontakter: Sequence[kpr_ipl.Kontaktinfo]
    overgang: Overgang | None = None


@dataclass(frozen=True, slots=True)
class Framdrift:
    """How far a build has come, in persons."""

    ferdig: int
    av: int


@dataclass(frozen=True, slots=True, repr=False)
class _Ferdig:
    """A person who may be written: the view, the text of it, and the identity number in clear until it is written."""

    number: int
    sendes: PersonAar
    fragment: str
    ident: str
    ident_type: str

    def __repr__(self) -> str:
        return f"_Ferdig({self.number})"


OnFunn = Callable[[str, Funn], None]


def _ignore(_nokkel: str, _funn: Funn) -> None:
    """Findings are counted in any case; most callers need no more."""


class PairBuilder:
    """Builds one pair. Iterate `run()` to the end; then `resultat` holds what came of it."""

    def __init__(self, bestilling: Bestilling, oppsett: Oppsett, persons: Persons, on_funn: OnFunn = _ignore) -> None:
        if oppsett.pack.melding is None:
            raise ValueError(f"the pack for {oppsett.pack.aar} has no message format")
        self.resultat = Resultat()
        self._bestilling = bestilling
        self._oppsett = oppsett
        self._format = oppsett.pack.melding
        self._persons = persons
        self._on_funn = on_funn
        self._judge = Judge(oppsett.rules, oppsett.pack.aar)
        self._shared = persons.shared_prints()
        self._writer = kpr_ipl.PersonWriter(oppsett.pack)
        self._orgnumre: set[str] = set()
        self._ident_count = 0
        self._skjemafeil: list[str] = []
        # Which persons stand in each message, in the order they stand there.
        self._persons_ipl, self._persons_ide = hashlib.sha256(), hashlib.sha256()
        info = kpr_ipl.Innholdsinfo(
            bestilling.enhet,
            oppsett.kontakter,
            bestilling.lopenr,
            bestilling.dag,
            SYSTEM,
            __version__,
        )
        self._head_ipl = hode.head(self._hode(self._format.meldingstype_fag, bestilling.melding_id_ipl)) + kpr_ipl.head(
            info, oppsett.pack, self._format.navnerom, self._format.versjon
        )
        self._head_ide = hode.head(
            self._hode(self._format.meldingstype_ident, bestilling.melding_id_ide)
        ) + kpr_ide.head(
            info, oppsett.pack, self._format.ident_navnerom, self._format.ident_versjon, oppsett.avsender.orgnr
        )
        self._tail_ipl = kpr_ipl.TAIL + hode.TAIL
        self._tail_ide = kpr_ide.TAIL + hode.TAIL
        self._sound_ipl = self._sound_ide = True

    def run(self, ipl: Sink, ide: Sink) -> Iterator[Framdrift]:
        """Write both messages, a step for each batch of persons; at the end judge the messages as a whole."""
        oppsett, scope = self._oppsett, f"{self._bestilling.enhet}/{self._oppsett.pack.aar}"
        groups = self._persons.groups(self._bestilling.enhet)
        numbers = assign({key: oppsett.sealer.person_number(key, scope) for key in groups})
        in_order = iter(sorted(groups, key=numbers.__getitem__))
        self._look_at_the_envelopes()
        ipl.write(self._head_ipl.encode())
        ide.write(self._head_ide.encode())
        done = 0
        while keys := list(islice(in_order, BATCH)):
            ready = [one for key in keys if (one := self._person(key, groups[key], numbers[key])) is not None]
            ready = self._through_the_gate(ready)
            idents = self._idents(ready)
            ipl.write("".join(one.fragment for one in ready).encode())
            ide.write("".join(idents).encode())
            self._persons_ipl.update("".join(f"{person_of(one.fragment)}," for one in ready).encode())
            self._persons_ide.update("".join(f"{person_of_ident(row)}," for row in idents).encode())
            for one in ready:
                self.resultat.sent(one.sendes)
                self._orgnumre.update(rad.innhold.orgnummer or "" for rad in one.sendes.tjenester)
            done += len(keys)
            yield Framdrift(done, len(groups))
        ipl.write(self._tail_ipl.encode())
        ide.write(self._tail_ide.encode())
        self.resultat.orgnumre = len(self._orgnumre - {""})
        self._judge_message()

    def _person(self, key: str, members: Sequence[str], number: int) -> _Ferdig | None:
        """View and judge one person; None when nothing of the person is to be written."""
        bestilling, oppsett = self._bestilling, self._oppsett
        states = list(self._persons.states(members))
        lines = lines_of(key, states)
        oversett = oppsett.overgang.for_person(lines) if oppsett.overgang else uendret
        view = year_view(key, lines, bestilling.enhet, oppsett.pack.aar, oversett)
        if view is None:
            return None
        sak = Sak(
            oppsett.pack,
            bestilling.enhet,
            view,
            bestilling.dag,
            bestilling.modus,
            self._shared,
            bestilling.ekte_i_test,
        )
        vurdering = self._judge.judge(sak)
        self.resultat.saw(view, vurdering)
        for funn in vurdering.funn:
            self._on_funn(key, funn)
        if vurdering.sendes is None or view.person is None:
            return None
        row = replace(view.person.innhold, kommunenummer=oversett(view.person.innhold.kommunenummer))
        if row.ident is None:
            raise ValueError("a person without identity passed the rules")
        try:
            ident = oppsett.sealer.open_ident(row.ident, owner_of(key, view.person, states))
        except SealBrokenError:
            text = "Legg nøkkelen identiteten er forseglet med, tilbake i nøkkelfilen: identiteten kan ikke åpnes."
            self._withhold(vurdering.sendes, "X3", text)
            return None
        fragment = self._writer.person(vurdering.sendes, row, number)
        return _Ferdig(number, vurdering.sendes, fragment, ident, row.ident.type_in(oppsett.pack.aar))

    def _look_at_the_envelopes(self) -> None:
        """A fault in what stands around the persons stops the message, and is laid on no person."""
        ipl = self._oppsett.gate_ipl.envelope(self._head_ipl, self._tail_ipl, kpr_ipl.HOLDER)
        ide = self._oppsett.gate_ide.envelope(self._head_ide, self._tail_ide, kpr_ide.HOLDER)
        self._sound_ipl, self._sound_ide = not ipl, not ide
        for kind, problems in ((self._format.meldingstype_fag, ipl), (self._format.meldingstype_ident, ide)):
            if problems:
                self._skjemafeil.append(f"{kind}, avsender, mottaker eller kontakter: {problems[0]}")

    def _through_the_gate(self, ready: list[_Ferdig]) -> list[_Ferdig]:
        if not self._sound_ipl:
            return ready
        failing = self._oppsett.gate_ipl.failing(self._head_ipl, [one.fragment for one in ready], self._tail_ipl)
        for index, problems in failing.items():
            self._withhold(ready[index].sendes, "M1", f"Meldingsformatet tar ikke imot personen ({problems[0]}).")
        return [one for index, one in enumerate(ready) if index not in failing]

    def _idents(self, ready: list[_Ferdig]) -> list[str]:
        """The ident rows of the persons who go, checked like the care data."""
        rows = [kpr_ide.person(one.number, one.ident, one.ident_type) for one in ready]
        checked = rows if self._sound_ide else []
        if checked and (failing := self._oppsett.gate_ide.failing(self._head_ide, checked, self._tail_ide)):
            # Every row is three values we made ourselves: the fault is not the person's, and the message is stopped.
            self._sound_ide = False
            first = next(iter(failing.values()))[0]
            self._skjemafeil.append(f"{self._format.meldingstype_ident}: {first}")
        self._ident_count += len(rows)
        return rows

    def _withhold(self, sendes: PersonAar, rule: str, text: str) -> None:
        """Keep a person out after all: the rules let through what cannot be written."""
        self._found(sendes.nokkel, Funn(rule, Severity.WITHHOLD, "person", _row_id(sendes.person), text))
        self.resultat.personer_holdt += 1
        for rad in sendes.rader():
            self.resultat.rader_holdt[rad.kind] += 1
            self.resultat.holdt_etter_regel[rule] += 1

    def _found(self, key: str, funn: Funn) -> None:
        self.resultat.found(funn)
        self._on_funn(key, funn)

    def _judge_message(self) -> None:
        resultat, oppsett, bestilling = self.resultat, self._oppsett, self._bestilling
        if resultat.personer_i_visningen == 0:
            self._found("", Funn("M1", Severity.BLOCK, "melding", "", "Ingen personer: det er ingenting å rapportere."))
        elif resultat.personer_sendt == 0:
            text = "Ingen personer kan sendes: alle er holdt tilbake. Rett funnene og bestill på nytt."
            self._found("", Funn("M1", Severity.BLOCK, "melding", "", text))
        # M0 is the builder's own: no rule can tell that no rule was run, or that rows were lost on the way.
        if resultat.personer_i_visningen and resultat.sjekker == 0:
            self._found("", Funn("M0", Severity.BLOCK, "melding", "", "Ingen kontroller ble kjørt."))
        if not resultat.adds_up():
            self._found("", Funn("M0", Severity.BLOCK, "melding", "", "Regnskapet over rader går ikke opp."))
        fag = of_ipl(self._head_ipl, self._tail_ipl, self._format.navnerom)
        ident = of_ide(self._head_ide, self._tail_ide, self._format.ident_navnerom)
        fakta = Meldingsfakta(
            pack=oppsett.pack,
            places=oppsett.places,
            enhet=bestilling.enhet,
            kontakttyper=[one.type for one in oppsett.kontakter],
            fra_dato=fag.fra_dato,
            til_dato=fag.til_dato,
            versjon=fag.versjon,
            lopenr_fag=fag.lopenr,
            lopenr_ident=ident.lopenr,
            personer_fag=resultat.personer_sendt,
            personer_ident=self._ident_count,
            samme_personer=self._persons_ipl.digest() == self._persons_ide.digest(),
            skjemafeil=self._skjemafeil,
            tjenester=resultat.tjenestemottakere,
            orgnumre=resultat.orgnumre,
            tjenester_i_fjor=bestilling.i_fjor.tjenester if bestilling.i_fjor else None,
            orgnumre_i_fjor=bestilling.i_fjor.orgnumre if bestilling.i_fjor else None,
        )
        for rule in oppsett.rules:
            if rule.applies_to(oppsett.pack.aar):
                resultat.sjekker += len(rule.message_checks)
                for funn in rule.check_message(fakta):
                    self._found("", funn)

    def _hode(self, meldingstype: str, melding_id: str) -> hode.Hode:
        antakelser = self._oppsett.pack.antakelser
        return hode.Hode(
            melding_id=melding_id,
            type=meldingstype,
            typenavn=meldingstype,
            generert=self._bestilling.tidspunkt,
            avsender=self._oppsett.avsender,
            mottaker=self._oppsett.mottaker,
            prosesseringsstatus=(
                antakelser.prosesseringsstatus_produksjon
                if self._bestilling.modus == "produksjon"
                else antakelser.prosesseringsstatus_test
            ),
        )


def _row_id(row: Rad[Person] | None) -> str:
    return row.id if row else ""
