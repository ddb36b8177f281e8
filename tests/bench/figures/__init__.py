"""The figures, one file each, in order."""

from tests.bench.figures.f01_ingest import FIGURE as F1
from tests.bench.figures.f02_faust import FIGURE as F2
from tests.bench.figures.f03_quix import FIGURE as F3
from tests.bench.figures.f04_two_processes import FIGURE as F4
from tests.bench.figures.f05_restore import FIGURE as F5
from tests.bench.figures.f06_build import FIGURE as F6
from tests.bench.figures.f07_memory import FIGURE as F7
from tests.bench.figures.f08_january import FIGURE as F8
from tests.bench.figures.f09_nation import FIGURE as F9
from tests.bench.figures.f10_findings import FIGURE as F10
from tests.bench.figures.f11_idle import FIGURE as F11

FIGURES = {one.number: one for one in (F1, F2, F3, F4, F5, F6, F7, F8, F9, F10, F11)}

__all__ = ["FIGURES"]
