"""Whether a year pack makes sense: what its types cannot say. Pure; the XSD files are looked at elsewhere."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import NamedTuple, get_type_hints

from adapter.domain.records import Personopplysning
from adapter.domain.yearpack import Frister, YearPack

# The fields that hold a code, as opposed to a date or a month: only these are ints.
CODED_FIELDS = tuple(name for name, kind in get_type_hints(Personopplysning).items() if kind == int | None)


class Check(NamedTuple):
    """One thing looked at. `id` stays; `text` says what was found, and when not ok what to correct."""

    id: str
    ok: bool
    text: str


def content_checks(pack: YearPack) -> list[Check]:
    """All checks of the content, in the order of the pack."""
    return [
        Check("format", bool(pack.melding) is not bool(pack.mangler), _format(pack)),
        _check("deadlines", _deadlines(pack.aar, pack.frister), "all dates in order and in the right years"),
        *_codes("service-codes", ((kind.kode, kind.navn) for kind in pack.tjenestetyper)),
        *_codes("function-codes", ((kind.kode, kind.navn) for kind in pack.funksjonstyper)),
        _check("function-values", _unique(pack.funksjonsverdier), f"{len(pack.funksjonsverdier)} values"),
        _check("person-codes", _person_codes(pack), f"{len(pack.opplysningskoder)} fields with codes"),
        _check("settings", _settings(pack), "agree with the code lists and the calendar"),
        *_totals(pack),
    ]


def _check(check_id: str, problems: Iterable[str], well: str) -> Check:
    found = "; ".join(problems)
    return Check(check_id, not found, found or well)


def _format(pack: YearPack) -> str:
    if pack.melding is not None:
        found = f"message {pack.melding.versjon}, ident message {pack.melding.ident_versjon}"
        return f"{found}, and yet `mangler` says: {pack.mangler[0]}" if pack.mangler else found
    return (
        f"no format, so nothing can be sent: {len(pack.mangler)} reasons are given"
        if pack.mangler
        else "no [melding], and `mangler` does not say what is missing"
    )


def _deadlines(year: int, frister: Frister) -> Iterator[str]:
    steps = [
        ("prove_fra", frister.prove_fra, (year,)),
        ("prove_til", frister.prove_til, (year, year + 1)),
        ("innsending_fra", frister.innsending_fra, (year + 1,)),
        ("innsending_til", frister.innsending_til, (year + 1,)),
        ("rettelser_til", frister.rettelser_til, (year + 1,)),
    ]
    for name, day, years in steps:
        if day is not None and day.year not in years:
            yield f"`frister.{name}` is {day}, but must be in {' or '.join(map(str, years))}"
    # The test window may be held open while the real one runs, so the two are put in order each for itself.
    yield from _in_order(steps[:2])
    yield from _in_order(steps[2:])


def _in_order(steps: list[tuple[str, date | None, tuple[int, ...]]]) -> Iterator[str]:
    known = [(name, day) for name, day, _ in steps if day is not None]
    for (earlier, one), (later, other) in pairwise(known):
        if other < one:
            yield f"`frister.{later}` ({other}) is before `frister.{earlier}` ({one})"


def _codes(check_id: str, rows: Iterable[tuple[int, str]]) -> Iterator[Check]:
    kept = list(rows)
    yield _check(check_id, _unique([code for code, _ in kept]), f"{len(kept)} codes, each once")
    unnamed = [f"code {code} has no label" for code, name in kept if not name.strip()]
    yield _check(f"{check_id}-labels", unnamed, "every code has a label")


def _unique(codes: list[int]) -> Iterator[str]:
    for code, times in Counter(codes).items():
        if times > 1:
            yield f"{code} stands {times} times"
    if not codes:
        yield "there are none"


def _person_codes(pack: YearPack) -> Iterator[str]:
    for name in CODED_FIELDS:
        for problem in _unique(pack.opplysningskoder.get(name, [])):
            yield f"`opplysningskoder.{name}`: {problem}"


def _settings(pack: YearPack) -> Iterator[str]:
    settings = pack.antakelser
    try:
        date(pack.aar, settings.alder_maned, settings.alder_dag)
    except ValueError:
        yield f"`alder_maned` {settings.alder_maned} has no day {settings.alder_dag}"
    for name, codes in pack.opplysningskoder.items():
        if name.endswith("_mottar") and settings.mottar_nei not in codes:
            yield f"`mottar_nei` is {settings.mottar_nei}, which `opplysningskoder.{name}` does not have"
    if settings.vedtak_innvilget == settings.vedtak_avslag:
        yield "`vedtak_innvilget` and `vedtak_avslag` are the same"
    if settings.rullerende_ja == settings.rullerende_nei:
        yield "`rullerende_ja` and `rullerende_nei` are the same"


def _totals(pack: YearPack) -> Iterator[Check]:
    if pack.kontrolltall is None:
        return
    for name, wanted, found in (
        ("tjenestetyper", pack.kontrolltall.tjenestetyper, len(pack.tjenestetyper)),
        ("funksjonstyper", pack.kontrolltall.funksjonstyper, len(pack.funksjonstyper)),
        ("opplysningskoder", pack.kontrolltall.opplysningskoder, len(pack.opplysningskoder)),
    ):
        counted = f"{found} {name}"
        yield Check(f"total-{name}", found == wanted, counted if found == wanted else f"{counted}, not {wanted}")
