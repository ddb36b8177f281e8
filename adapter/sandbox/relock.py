"""Writes kafka.lock anew: `python -m adapter.sandbox.relock`.

Change the versions in `[kafka]` first. Needs the network. The hashes are those of what is served now, so look at the
difference before it is committed.
"""

import tempfile
import tomllib
from pathlib import Path

from adapter.sandbox.jars import LOCK, fetch_with_jgo, maven_context, sha256_of


def relock(lock: Path = LOCK) -> None:
    text = lock.read_text()
    wanted = tomllib.loads(text)["kafka"]
    with tempfile.TemporaryDirectory(prefix="relock-") as scratch:
        coordinates = resolve(wanted["with_dependencies"], Path(scratch)) | set(wanted["alone"])
        coordinates = {one for one in coordinates if one.rpartition(":")[0] not in wanted["left_out"]}
        jars = [f'"{one}" = "{sha256_of(fetch_with_jgo(one, Path(scratch)))}"' for one in sorted(coordinates)]
    before, mark, _ = text.partition("[jars]\n")
    lock.write_text(before + mark + "\n".join(jars) + "\n")


def resolve(roots: list[str], scratch: Path) -> set[str]:
    maven = maven_context(scratch)
    inputs, transitive = maven.resolver.resolve([maven.create_dependency(root) for root in roots])
    needed = [dependency.artifact for dependency in inputs]
    needed += [dependency.artifact for dependency in transitive if dependency.scope in {"compile", "runtime"}]
    return {f"{jar.groupId}:{jar.artifactId}:{jar.version}" for jar in needed}


if __name__ == "__main__":
    relock()
