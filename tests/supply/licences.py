"""Which licence a package has, as SPDX says it: from what it declares, or from `requirements/licences.toml`."""

import tomllib
from importlib.metadata import PackageNotFoundError, metadata

import msgspec

from tests.supply.locks import REQUIREMENTS


class Licences(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file: what is allowed, what loose names mean, and what had to be read by hand."""

    allowed: frozenset[str]
    means: dict[str, str]
    packages: dict[str, str]

    def of(self, package: str) -> str:
        """The licence; empty when nobody knows."""
        if package in self.packages:
            return self.packages[package]
        try:
            declared = metadata(package)
        except PackageNotFoundError:
            return ""
        [expression, loose] = ((declared.get_all(name) or [""])[0] for name in ("License-Expression", "License"))
        return expression or self.means.get(loose, "")

    def may_be_used(self, expression: str) -> bool:
        """Whether all that must be accepted of an expression is allowed; of alternatives one is enough."""
        terms = (term.strip("() ").split(" OR ") for term in expression.split(" AND "))
        return bool(expression) and all(any(one.strip("() ") in self.allowed for one in term) for term in terms)


def load_licences() -> Licences:
    """The list of this project."""
    return msgspec.convert(tomllib.loads((REQUIREMENTS / "licences.toml").read_text("utf-8")), Licences)
