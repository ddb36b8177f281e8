"""The curves as SVG. matplotlib comes with `requirements/bench.lock`, and is asked for only when something is drawn."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl

from tests.bench.sweeps import Line, Sweep

mpl.use("svg")
# Text stays text, and the same curve gives the same file.
mpl.rcParams["svg.fonttype"] = "none"
mpl.rcParams["svg.hashsalt"] = "bench"


def draw(sweep: Sweep, lines: Sequence[Line], folder: Path) -> Path:
    """Both axes begin at nothing, so that a line that looks flat is flat."""
    from matplotlib import pyplot as plt  # noqa: PLC0415  # only after the backend is chosen

    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    for marker, line in zip("osv^", lines, strict=False):
        axes.plot([x for x, _ in line.points], [y for _, y in line.points], marker=marker, label=line.contender)
    axes.set(title=sweep.title, xlabel=sweep.across, ylabel=sweep.up, xlim=(0, None), ylim=(0, None))
    axes.grid(visible=True, alpha=0.3)
    axes.legend()
    file = folder / f"{sweep.name}.svg"
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)
    return file
