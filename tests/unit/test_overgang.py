"""One message per old municipality, from a bus that already speaks in the numbers of the year after."""

from collections.abc import Callable
from typing import Any

import pytest

from adapter.domain.enhet import Enhet
from adapter.domain.overgang import Overgang, numbers_of
from adapter.domain.places import Places
from adapter.domain.records import Funksjon, Kind, Person, Record, Sammenslaing
from adapter.domain.tilstand import Linje, Tilstand, encode_record, record_key
from adapter.packs import load_places
from adapter.report.population import Population

# Trøgstad 0122, Spydeberg 0123, Askim 0124, Eidsberg 0125 and Hobøl 0138 became 3014 Indre Østfold in 2020.
OLD = ("0122", "0123", "0124", "0125", "0138")
NEW = "3014"


@pytest.fixture(scope="module")
def places() -> Places:
    return load_places()


def line(kommune: str, record: Record, *, annulled: bool = False) -> Linje:
    return Linje(1, annulled, kommune, "", encode_record(record))


def lines(*rows: tuple[Kind, str, Record]) -> dict[str, Linje]:
    return {record_key(kind, f"r{n}"): line(kommune, record) for n, (kind, kommune, record) in enumerate(rows)}


SCORE = Funksjon(funksjonstype=1, verdi=2)


def home(kommune: str) -> Person:
    return Person(kommunenummer=kommune)


@pytest.mark.parametrize(
    ("why", "rows", "number", "becomes"),
    [
        ("a number of the year is itself", [("funksjon", "0122", SCORE)], "0122", "0122"),
        ("renumbered in 2018: Trondheim 1601 is 5001 later", [("funksjon", "1601", SCORE)], "1601", "5001"),
        (
            "merged, and the person lived in one of the old",
            [("funksjon", NEW, SCORE), ("person", NEW, home("0124"))],
            NEW,
            "0124",
        ),
        (
            "merged, and another record still has its old number",
            [("funksjon", NEW, SCORE), ("funksjon", "0125", SCORE)],
            NEW,
            "0125",
        ),
        ("merged, and nothing tells which: it keeps its number", [("funksjon", NEW, SCORE)], NEW, NEW),
        (
            "merged, and two old numbers fit: it keeps its number",
            [("funksjon", NEW, SCORE), ("funksjon", "0122", SCORE), ("funksjon", "0123", SCORE)],
            NEW,
            NEW,
        ),
        ("unknown numbers are left alone", [("funksjon", "9999", SCORE)], "9999", "9999"),
    ],
)
def test_a_number_becomes_the_one_of_2019(
    places: Places, why: str, rows: list[tuple[Kind, str, Record]], number: str, becomes: str
) -> None:
    assert Overgang(places, 2019).for_person(lines(*rows).items())(number) == becomes, why


def test_a_setting_answers_where_the_data_cannot(places: Places) -> None:
    overgang = Overgang(places, 2019, {NEW: "0138"})
    assert overgang.for_person(lines(("funksjon", NEW, SCORE)).items())(NEW) == "0138"


def test_an_annulled_record_ties_nobody_to_a_municipality(places: Places) -> None:
    rows = {"funksjon/a": line(NEW, SCORE), "funksjon/b": line("0122", SCORE, annulled=True)}
    assert Overgang(places, 2019).for_person(rows.items())(NEW) == NEW


def test_persons_are_found_under_their_old_municipality(places: Places) -> None:
    person: Callable[[str], dict[str, Any]] = lambda old: lines(("funksjon", NEW, SCORE), ("person", NEW, home(old)))  # noqa: E731
    states = {f"p-{old}": Tilstand(person(old)).encode() for old in OLD}
    population = Population.of(states, Overgang(places, 2019))
    assert population.units() == [Enhet(old) for old in OLD]
    assert {unit.kommunenummer: list(population.groups(unit)) for unit in population.units()} == {
        old: [f"p-{old}"] for old in OLD
    }


def test_events_may_carry_any_number_a_municipality_ever_had(places: Places) -> None:
    assert numbers_of(places, NEW) >= {NEW, *OLD}
    assert "0301" not in numbers_of(places, NEW)


def test_a_merged_person_is_settled_by_the_records_of_all_its_keys(places: Places) -> None:
    """One key has only the doubtful number; what tells which municipality it is stands under the other."""
    old = {**lines(("funksjon", NEW, SCORE)), "sammenslaing/s": line(NEW, Sammenslaing(videre_til="ny"))}
    new = lines(("person", NEW, home("0124")))
    states = {"gammel": Tilstand(old).encode(), "ny": Tilstand(new).encode()}
    population = Population.of(states, Overgang(places, 2019))
    assert population.units() == [Enhet("0124")]
    assert population.groups(Enhet("0124")) == {"ny": ("ny", "gammel")}
