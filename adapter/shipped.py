"""Where the data that travels with the program is: the event contract (`topics`) and the year packs (`schemas`).

In an installed wheel it lies inside the package; in a checkout at the top of the project, beside the package.
"""

from pathlib import Path
from typing import Literal

_PACKAGE = Path(__file__).parent


def shipped(name: Literal["topics", "schemas"], package: Path = _PACKAGE) -> Path:
    """The folder `name`. Raises FileNotFoundError when the program was installed without it."""
    installed = package / "_shipped" / name
    if installed.is_dir():
        return installed
    project = package.parent
    # Beside an installed package lie other people's packages; only a project's own top is taken at its word.
    if (project / "pyproject.toml").is_file() and (project / name).is_dir():
        return project / name
    raise FileNotFoundError(
        f"the data folder {name!r} is neither in {installed} nor beside {package}: "
        "install the program from its wheel, or run it from a full checkout"
    )
