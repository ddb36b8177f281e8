"""`python -m tests.supply.sbom > FILE`: what an installation consists of, as a CycloneDX bill of materials.

cyclonedx-py reads the lock; what it cannot know (licences) is added and what it says too much of (the registry it was
never asked to name) is taken out. The same lock gives the same bytes.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.supply.licences import Licences, load_licences
from tests.supply.locks import RUNTIME, normalized

Json = dict[str, Any]
SPEC = "1.6"
# A package's files, of which one is installed; any mirror will do.
FROM_ANYWHERE = {"type": "distribution", "comment": "one of these files, from any mirror"}
PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def sbom(lock: Path = RUNTIME) -> str:
    """The whole document."""
    tool = Path(sys.executable).with_name("cyclonedx-py")
    words = ("requirements", "--output-reproducible", "--spec-version", SPEC, "--pyproject", str(PROJECT), str(lock))
    made = subprocess.run([str(tool), *words], capture_output=True, text=True, check=True)
    return json.dumps(cleaned(json.loads(made.stdout), load_licences()), indent=2, sort_keys=True) + "\n"


def cleaned(document: Json, licences: Licences) -> Json:
    """Components named by their purl, with licence and hashes, from no particular registry."""
    components = [_component(one, licences) for one in document["components"]]
    root = _named(document["metadata"]["component"], "bom-ref", "description", "licenses")
    tools = document["metadata"]["tools"]["components"]
    depends = {"ref": root["bom-ref"], "dependsOn": [one["bom-ref"] for one in components]}
    return {
        **document,
        "metadata": {"component": root, "tools": {"components": [_named(one) for one in tools]}},
        "components": components,
        "dependencies": [depends, *({"ref": one["bom-ref"]} for one in components)],
    }


def _component(component: Json, licences: Licences) -> Json:
    purl: str = component["purl"]
    hashes = [one for reference in component.get("externalReferences", ()) for one in reference.get("hashes", ())]
    expression = licences.of(normalized(component["name"]))
    told = {"licenses": [{"expression": expression}]} if expression else {}
    return {
        **_named(component),
        "bom-ref": purl,
        "purl": purl,
        "externalReferences": [{**FROM_ANYWHERE, "url": purl, "hashes": hashes}],
        **told,
    }


def _named(component: Json, *more: str) -> Json:
    return {name: component[name] for name in ("name", "type", "version", *more) if name in component}


if __name__ == "__main__":
    sys.stdout.write(sbom())
