"""An overlay put together with its base: what kustomize would do with the few things that are used here.

Merging goes by the rules of a strategic merge for maps and for lists of containers, no further. It does not show that
kustomize itself accepts the files, how it names the generated ConfigMap, or where it puts labels and namespace.
"""

from copy import deepcopy
from pathlib import Path
from typing import Any

from tests.deploy.place import read

Manifest = dict[str, Any]


def manifests(folder: Path) -> list[Manifest]:
    """Every object of a folder's kustomization, its bases' first, patched."""
    wanted = read(folder / "kustomization.yaml")
    found: list[Manifest] = []
    for name in wanted["resources"]:
        path = folder / name
        found += manifests(path) if path.is_dir() else [read(path)]
    for patch in wanted.get("patches", []):
        change = read(folder / patch["path"])
        [target] = [one for one in found if same(one, change)]
        found[found.index(target)] = merged(target, change)
    return found


def same(one: Manifest, other: Manifest) -> bool:
    return all(one[key] == other[key] for key in ("apiVersion", "kind")) and name_of(one) == name_of(other)


def name_of(manifest: Manifest) -> str:
    return str(manifest["metadata"]["name"])


def merged(base: Any, change: Any) -> Any:
    """The base with the change in it. Lists are merged by name, where their items have one."""
    if isinstance(base, dict) and isinstance(change, dict):
        return {key: merged(base.get(key), change[key]) if key in change else base[key] for key in {**base, **change}}
    if isinstance(base, list) and isinstance(change, list) and all("name" in one for one in change):
        new = {one["name"]: one for one in change}
        assert set(new) <= {one["name"] for one in base}, "a patch of what is not there"
        return [merged(one, new.get(one["name"], {})) for one in base]
    return deepcopy(change)
