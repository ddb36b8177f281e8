"""Templates and stylesheets of the pages: strict, escaped, and whole in themselves."""

from collections.abc import Callable, Mapping
from pathlib import Path

import jinja2
from markupsafe import Markup

_SHARED = Path(__file__).with_name("look.css")


def template(file: Path, filters: Mapping[str, Callable[..., str]]) -> jinja2.Template:
    """The template; it may include its neighbours. A name it does not get is an error, never a blank."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(file.parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= filters
    return environment.get_template(file.name)


def stylesheet(own: Path) -> Markup:
    """What the pages share, and a page's own after it."""
    return Markup(_SHARED.read_text("utf-8") + own.read_text("utf-8"))  # noqa: S704  # our own files
