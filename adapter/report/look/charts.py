"""Small bars as inline SVG. They repeat what the text beside them says, so screen readers pass them over."""

from collections.abc import Sequence

from markupsafe import Markup

_HEIGHT = 10


def bar(parts: Sequence[tuple[str, float]], whole: float) -> Markup:
    """One bar on a track; `parts` are (class of the fill, size), laid end to end on a track of size `whole`."""
    drawn, at = [], 0.0
    for name, size in parts:
        width = 100 * size / whole if whole else 0.0
        drawn.append(
            Markup('<rect class="{}" x="{:.2f}" width="{:.2f}" height="{}"/>').format(name, at, width, _HEIGHT)
        )
        at += width
    return svg(Markup('<rect class="spor" width="100" height="{}"/>').format(_HEIGHT) + Markup().join(drawn), _HEIGHT)


def pair(now: float, before: float | None, whole: float) -> Markup:
    """Two bars on one scale: the upper is this year, the lower the year before."""
    rows = [("i-ar", now), ("i-fjor", before or 0.0)]
    drawn = [
        Markup('<rect class="{}" y="{}" width="{:.2f}" height="5"/>').format(name, 6 * row, 100 * size / (whole or 1))
        for row, (name, size) in enumerate(rows)
    ]
    return svg(Markup().join(drawn), 11)


def svg(inner: Markup, height: int) -> Markup:
    """A drawing 100 wide, as wide as its place."""
    return Markup(
        '<svg class="soyle" viewBox="0 0 100 {}" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        "{}</svg>"
    ).format(height, inner)
