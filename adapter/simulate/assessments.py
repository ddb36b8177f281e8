"""What is mapped about a person: function scores, the set of personopplysninger, diagnoses."""

from datetime import date, timedelta

from msgspec.structs import replace

from adapter.domain.records import Diagnose, Funksjon, Personopplysning
from adapter.simulate.chart import Chart
from adapter.simulate.population import CHILD, OLD

VARIABLES = range(1, 19)
SCORES = (1, 2, 3, 4, 5, 9)
_WHOLE_REASSESSMENT = 0.1
_YES_NO = (1, 2)
_YES_NO_OTHER = (1, 2, 9)


def assess(chart: Chart, day: date, valid_from: date) -> None:
    """The first mapping: a score for each of the eighteen variables."""
    values = chart.rng.choices(SCORES, chart.profile.scores, k=len(VARIABLES))
    chart.scores = [
        chart.journal.register(day, Funksjon(funksjonstype=variable, verdi=value, fra_dato=valid_from))
        for variable, value in zip(VARIABLES, values, strict=True)
    ]


def reassess(chart: Chart, day: date) -> None:
    """Some variables get a new score, seldom all; the old row ends the day before."""
    count = 18 if chart.rng.random() < _WHOLE_REASSESSMENT else chart.rng.randint(2, 6)
    for at in chart.rng.sample(range(len(chart.scores)), min(count, len(chart.scores))):
        old = chart.scores[at]
        if old.innhold.fra_dato is None or old.innhold.fra_dato >= day:
            continue
        chart.journal.revise(day, old, til_dato=day - timedelta(days=1))
        value = chart.rng.choices(SCORES, chart.profile.scores)[0]
        fresh = Funksjon(funksjonstype=old.innhold.funksjonstype, verdi=value, fra_dato=day)
        chart.scores[at] = chart.journal.register(day, fresh)


def describe(chart: Chart, day: date, valid_from: date) -> None:
    """A new set of personopplysninger; the one before it ends the day before."""
    old = chart.opplysning
    if old is not None:
        if old.innhold.fra_dato is None or old.innhold.fra_dato >= valid_from:
            return
        chart.journal.revise(day, old, til_dato=valid_from - timedelta(days=1))
    chart.opplysning = chart.journal.register(day, _opplysning(chart, valid_from))


def yearly_set(chart: Chart, day: date) -> None:
    """The set that is gone through once a year."""
    describe(chart, day, day)


def end_assessments(chart: Chart, last: date) -> None:
    """What is mapped holds no longer, because another unit will map it."""
    for score in chart.scores:
        chart.journal.revise(last, score, til_dato=last)
    if chart.opplysning is not None:
        chart.journal.revise(last, chart.opplysning, til_dato=last)
    chart.scores, chart.opplysning = [], None


def diagnose(chart: Chart, day: date) -> None:
    """A diagnosis is fetched from the doctor."""
    kodeverk, kode = chart.rng.choice(chart.profile.diagnoses)
    since = day - chart.days(0, 900)
    chart.journal.register(
        day,
        Diagnose(
            kodeverk="ICPC-2" if kodeverk == "ICPC-2" else "ICD-10",
            kode=kode,
            fra_dato=max(since, chart.recipient.born),
        ),
    )


def _opplysning(chart: Chart, valid_from: date) -> Personopplysning:
    rng, profile = chart.rng, chart.profile
    husstand = rng.choices((1, 2, 3), profile.household)[0]
    reviewed = valid_from - chart.days(0, 300) if rng.random() < 0.4 else None
    common = Personopplysning(
        husstand=husstand,
        omsorg_barn=1 if profile is not OLD and rng.random() < 0.08 else 2,
        privat_hjelp=rng.choice((1, 1, 2, 2, 3, 4, 5, 6)),
        bolig_tilrettelagt=rng.choice(_YES_NO),
        vurdert_lege=_month(chart, valid_from, 0.8),
        vurdert_tannhelse=_month(chart, valid_from, 0.5),
        individuell_plan=rng.choice((2, 2, 2, 9, 1, 3)),
        har_koordinator=rng.choice(_YES_NO_OTHER),
        legemiddelgjennomgang=1 if reviewed else 2,
        legemiddelgjennomgang_dato=reviewed,
        fra_dato=valid_from,
    )
    if profile is OLD:
        return _with_nutrition(chart, common, valid_from)
    return _with_activity(chart, common, work=9 if profile is CHILD else rng.choice(_YES_NO_OTHER))


def _with_nutrition(chart: Chart, common: Personopplysning, valid_from: date) -> Personopplysning:
    if chart.rng.random() < 0.5:
        return common
    day = valid_from - chart.days(0, 60)
    risk = chart.rng.random() < 0.3
    return replace(
        common,
        ernaring_kartlagt=1,
        ernaring_kartlagt_dato=day,
        ernaring_risiko=1 if risk else 2,
        ernaring_risiko_dato=day,
        ernaring_plan=1 if risk else 2,
        ernaring_plan_dato=day if risk else None,
    )


def _with_activity(chart: Chart, common: Personopplysning, work: int) -> Personopplysning:
    leisure = chart.rng.choice(_YES_NO_OTHER)
    received = chart.rng.choice((1, 1, 2))
    return replace(
        common,
        arbeid_bistand_behov=work,
        arbeid_bistand_mottar=received if work == 1 else 9,
        fritid_bistand_behov=leisure,
        fritid_bistand_mottar=received if leisure == 1 else 9,
        fritid_transport_behov=leisure,
        fritid_transport_mottar=received if leisure == 1 else 9,
    )


def _month(chart: Chart, day: date, known: float) -> str | None:
    """A month of the last twelve, if the municipality knows it."""
    return (day - chart.days(0, 330)).strftime("%Y-%m") if chart.rng.random() < known else None
