"""What an expression of PromQL speaks of: metrics that the service has, by labels that they have.

Prometheus takes a misspelt name for a series that happens not to be there, and says nothing. So each expression is
followed from its selectors outwards, and the labels its result carries are worked out on the way.
"""

from functools import cache

import promql_parser as promql
from prometheus_client.metrics import Counter, Histogram, MetricWrapperBase

from adapter.ops.metrics import Metrics
from tests.deploy.place import rules

Labels = frozenset[str]

# Put on by whoever scrapes; the namespace only in Kubernetes.
TARGET: Labels = frozenset({"job", "namespace", "instance"})
_FILTERS = frozenset({"and", "unless"})


def exposed() -> dict[str, Labels]:
    """Every series the service exposes, by name, with its labels."""
    found: dict[str, Labels] = {}
    for metric in vars(Metrics()).values():
        if not isinstance(metric, MetricWrapperBase):
            continue
        labels = frozenset(metric._labelnames)
        match metric:
            case Counter():
                found[f"{metric._name}_total"] = labels
            case Histogram():
                found |= {f"{metric._name}_{end}": labels for end in ("sum", "count")}
                found[f"{metric._name}_bucket"] = labels | {"le"}
            case _:
                found[metric._name] = labels
    return found


@cache
def known() -> dict[str, Labels]:
    """What an expression may name: the service's series, the scraper's own, and what the rules record."""
    found = {name: labels | TARGET for name, labels in (exposed() | {"up": frozenset()}).items()}
    for rule in rules("record"):
        found[rule["record"]] = labels_of(rule["expr"], found)
    return found


def labels_of(expression: str, series: dict[str, Labels]) -> Labels:
    """The labels of the expression's result. AssertionError for a name or a label that is not there."""
    return _labels(promql.parse(expression), series)


def names_in(expression: str) -> set[str]:
    """The series it names."""
    found: set[str] = set()

    def visit(part: promql.Expr) -> None:
        if isinstance(part, promql.VectorSelector):
            found.add(part.name or "")

    promql.walk(promql.parse(expression), visit)
    return found


def values_in(expression: str, label: str) -> set[str]:
    """The values it compares this label with; the alternatives of a pattern one by one."""
    found: set[str] = set()

    def visit(part: promql.Expr) -> None:
        if isinstance(part, promql.VectorSelector):
            found.update(*(one.value.split("|") for one in part.matchers.matchers if one.name == label))

    promql.walk(promql.parse(expression), visit)
    return found


def _labels(part: promql.Expr, series: dict[str, Labels]) -> Labels:
    match part:
        case promql.VectorSelector():
            assert part.name in series, f"no such series: {part.name}"
            return _has(series[part.name], [one.name for one in part.matchers.matchers], part)
        case promql.MatrixSelector():
            return _labels(part.vector_selector, series)
        case promql.ParenExpr() | promql.UnaryExpr() | promql.SubqueryExpr():
            return _labels(part.expr, series)
        case promql.AggregateExpr():
            inner = _labels(part.expr, series)
            if part.modifier is None:
                return frozenset()
            _has(inner, part.modifier.labels, part)
            named = frozenset(part.modifier.labels)
            return named if part.modifier.type == promql.AggModifierType.By else inner - named
        case promql.Call():
            inner = frozenset().union(*(_labels(one, series) for one in part.args))
            return inner - {"le"} if part.func.name == "histogram_quantile" else inner
        case promql.BinaryExpr():
            return _of_two(part, series)
        case _:
            return frozenset()


def _of_two(part: promql.BinaryExpr, series: dict[str, Labels]) -> Labels:
    left, right = _labels(part.lhs, series), _labels(part.rhs, series)
    matching = part.modifier.matching if part.modifier else None
    if matching is not None:
        for side in (left, right):
            _has(side, matching.labels, part)
    if str(part.op) == "or":
        return left | right
    # A number on the left takes the labels of what it is compared with.
    return left if left or str(part.op) in _FILTERS else right


def _has(labels: Labels, wanted: list[str], part: promql.Expr) -> Labels:
    missing = set(wanted) - labels
    assert not missing, f"{sorted(missing)} is no label there: {part.prettify()}"
    return labels
