"""The example configuration that travels with the program: to begin with, and for what needs no installation."""

from importlib.resources import files
from pathlib import Path

import msgspec

from adapter.settings.config import Config, Kommune, load


def example_text() -> str:
    """The example as it is written, with its comments."""
    return _file().read_text("utf-8")


def example_of(kommune: str) -> Config:
    """The example's settings for one municipality; the environment has no say in them."""
    config = load(_file(), {})
    only: Kommune = msgspec.structs.replace(config.kommuner[0], nummer=kommune)
    return msgspec.structs.replace(config, kommuner=[only])


def _file() -> Path:
    return Path(str(files("adapter.settings").joinpath("eksempel.toml")))
