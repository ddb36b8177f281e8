"""The rules as a list a care worker can read: `python -m adapter.domain.rules.catalogue > schemas/REGLER.md`."""

import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, get_args

from adapter.domain.records import RECORD_TYPES, Kind
from adapter.domain.rules import RULES
from adapter.domain.rules.rule import Rule, Severity

HEAD = """\
# Reglene

Laget av reglene selv: `python -m adapter.domain.rules.catalogue`. Endre regelens fil, ikke denne.

Følgene er tre. **Stopper meldingen**: ingenting sendes før feilen er rettet. **Holdes tilbake**: raden, eller personen,
sendes ikke før den er rettet; resten sendes. **Merknad**: sendes som det står, men bør rettes eller forklares.

| regel | tittel | hva den sier | følge | grunnlag | år |
|---|---|---|---|---|---|
"""

CONSEQUENCES = {
    Severity.BLOCK: "stopper meldingen",
    Severity.WITHHOLD: "holdes tilbake",
    Severity.WARN: "merknad",
}


def catalogue(rules: Iterable[Rule]) -> str:
    """The list in Markdown, one row a rule, in the order given."""
    return HEAD + "".join(f"| {' | '.join(_row(rule))} |\n" for rule in rules)


def _row(rule: Rule) -> Iterator[str]:
    checks = list(_checks(rule))
    yield rule.id
    yield rule.title
    yield _law(rule, checks[0][2])
    # A rule may check the same kind several times; each consequence is told once.
    yield "; ".join(dict.fromkeys(f"{what}: {CONSEQUENCES[severity]}" for what, severity, _ in checks))
    yield rule.ground
    yield _years(rule)


def _checks(rule: Rule) -> Iterator[tuple[str, Severity, Callable[..., Any]]]:
    kinds: dict[type[Any], Kind] = {RECORD_TYPES[kind]: kind for kind in get_args(Kind)}
    for severity, message_check in rule.message_checks:
        yield "melding", severity, message_check
    for record_type, severity, record_check in rule.record_checks:
        yield kinds[record_type], severity, record_check
    for severity, person_check in rule.person_checks:
        yield "personens år", severity, person_check


def _law(rule: Rule, check: Callable[..., Any]) -> str:
    """The sentence that opens the rule's file, after its number."""
    said = inspect.getdoc(inspect.getmodule(check)) or ""
    sentence = said.split("\n\n", maxsplit=1)[0].removeprefix(f"{rule.id}: ").replace("\n", " ")
    return sentence[:1].upper() + sentence[1:]


def _years(rule: Rule) -> str:
    first = f"fra {rule.from_year}" if rule.from_year else ""
    last = f"til {rule.to_year}" if rule.to_year < 9999 else ""
    return f"{first} {last}".strip() or "alle"


if __name__ == "__main__":
    sys.stdout.write(catalogue(RULES))
