"""Bad registrations about the person: identity, death, scores, diagnoses. Each returns the id of the row it spoiled.

`None` means that this person has nothing the mistake could be made in.
"""

from datetime import date, timedelta

from msgspec.structs import replace

from adapter.domain.records import Diagnose, Funksjon, Ident, PersonInn
from adapter.simulate.history import History, Version
from adapter.simulate.identities import as_h_number, with_wrong_check_digit


def wrong_check_digit(history: History) -> str | None:
    """I1: a digit of the identity number was mistyped."""
    return _other_ident(history, Ident(nummer=with_wrong_check_digit(history.recipient.number)))


def h_number(history: History) -> str | None:
    """I3: the journal only has the hospital's own number."""
    return _other_ident(history, Ident(nummer=as_h_number(history.recipient.number), type="3"))


def same_number_twice(history: History) -> str | None:
    """I2: the person is registered under a second key, and nobody has merged them."""
    person, service = _person(history), history.granted()
    if person is None or service is None or person[-1].innhold.dod_dato:
        return None
    day = history.any_day()
    key = f"p-{history.rng.getrandbits(64):016x}"
    spoiled = history.register(day, person[-1].innhold)
    history.drafts[-1].key = key
    history.register(day, service[-1].innhold)
    history.drafts[-1].key = key
    for variable in range(1, 19):
        history.register(day, Funksjon(funksjonstype=variable, verdi=1, fra_dato=day))
        history.drafts[-1].key = key
    return spoiled


def other_sex(history: History) -> str | None:
    """P1: sex differs from what the identity number says."""
    return _everywhere(_person(history), kjonn="M" if history.recipient.sex == "K" else "K")


def other_birth_date(history: History) -> str | None:
    """P1: birth date differs from what the identity number says."""
    born = history.recipient.born
    return _everywhere(_person(history), fodselsdato=born + timedelta(days=history.rng.choice((-365, -31, 31, 365))))


def dies_in_the_future(history: History) -> str | None:
    """P2: someone wrote the wrong year."""
    person = _person(history)
    if person is None or person[-1].innhold.dod_dato:
        return None
    return _everywhere(person, dod_dato=date(history.year + 3, history.rng.randint(1, 12), 11))


def services_outlive_the_person(history: History) -> str | None:
    """P2: death is registered, the services are not closed."""
    person, service = _person(history), history.granted(lambda row: row.til_dato is None)
    if person is None or service is None or person[-1].innhold.dod_dato:
        return None
    died = max(history.day_of(draft) for draft in history.drafts)
    _register_death(history, person[-1], died)
    return service[-1].data.registrerings_id


def died_before_the_year(history: History) -> str | None:
    """P3: dead for a while, and still in the journal with services."""
    person = _person(history)
    if person is None or person[-1].innhold.dod_dato:
        return None
    return _everywhere(person, dod_dato=date(history.year - 1, history.rng.randint(6, 12), history.rng.randint(1, 28)))


def no_scores(history: History) -> str | None:
    """F1: services were granted without an assessment."""
    if history.granted() is None or not history.rows(Funksjon):
        return None
    spared = {id(version.draft) for row in history.rows(Funksjon) for version in row}
    history.drafts[:] = [draft for draft in history.drafts if id(draft) not in spared]
    return ""


def score_seven(history: History) -> str | None:
    """F2: a value that is not on the scale."""
    return _everywhere(history.some_row(Funksjon), verdi=7)


def malformed_diagnosis(history: History) -> str | None:
    """D1: the code has not the form of its code system."""
    if history.granted() is None:
        return None
    kode = history.rng.choice(("1G30", "F", "demens", "I6X9", "G30.12345"))
    day = history.any_day()
    return history.register(day, Diagnose(kodeverk="ICD-10", kode=kode, fra_dato=day))


def _person(history: History) -> list[Version[PersonInn]] | None:
    """The person row, of those whose identity is an ordinary fødselsnummer."""
    return history.some_row(PersonInn, lambda row: row.ident is not None and row.ident.type == "1")


def _other_ident(history: History, ident: Ident) -> str | None:
    return _everywhere(_person(history), ident=ident)


def _everywhere(row: list[Version[PersonInn]] | list[Version[Funksjon]] | None, **changes: object) -> str | None:
    if row is None:
        return None
    for version in row:
        version.change(**changes)
    return row[-1].data.registrerings_id


def _register_death(history: History, newest: Version[PersonInn], died: date) -> None:
    """Death as the person row's last version, after everything else."""
    data = replace(
        newest.data,
        versjon=newest.data.versjon + 1,
        innhold=replace(newest.innhold, dod_dato=died, endret_dato=died),
    )
    moment = max(draft.moment for draft in history.drafts) + 60
    history.append(newest.draft.key, newest.draft.type, data, moment)
