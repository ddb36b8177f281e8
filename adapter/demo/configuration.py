"""The configuration the demo's service gets: the shipped example, for two municipalities, on this cluster."""

from pathlib import Path

from msgspec.structs import asdict

from adapter.demo.scenario import KOMMUNER
from adapter.sealing import new_key_file
from adapter.settings.config import Topics
from adapter.settings.example import example_text

_MUNICIPALITY = "[[kommuner]]\n"


def write_configuration(folder: Path, bootstrap: str, prefix: str, port: int) -> Path:
    """Write the configuration and a key file of its own; the path of the configuration.

    With a prefix, topics and group have names nobody else on the cluster uses.
    """
    keys = folder / "keys.toml"
    keys.unlink(missing_ok=True)
    keys.touch(mode=0o600)
    keys.write_text(new_key_file("demo"))
    example = example_text()
    general, municipality = example.split(_MUNICIPALITY, 1)
    for old, new in (
        ('nokkelfil = "keys.toml"', f'nokkelfil = "{keys.resolve()}"'),
        ('bootstrap = "127.0.0.1:9092"', f'bootstrap = "{bootstrap}"'),
        ('gruppe = "iplos-adapter"', f'gruppe = "{prefix}iplos-adapter"'),
        ("port = 8680", f"port = {port}"),
    ):
        if old not in general:
            raise ValueError(f"the example configuration has no {old}")
        general = general.replace(old, new)
    topics = "".join(f'{role} = "{prefix}{name}"\n' for role, name in asdict(Topics()).items())
    municipalities = [_MUNICIPALITY + municipality.replace('"5001"', f'"{number}"') for number in KOMMUNER]
    text = "\n".join([f"{general.rsplit('#', 1)[0].rstrip()}\n", f"[topics]\n{topics}", *municipalities])
    path = folder / "iplos-adapter.toml"
    path.write_text(text, "utf-8")
    return path
