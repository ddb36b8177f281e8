#!/usr/bin/env bash
# Writes the locks: exact versions and hashes, never the address they came from.
set -euo pipefail
cd "$(dirname "$0")/.."
tool=$(mktemp -d)
trap 'rm -rf "$tool"' EXIT
python3 -m venv "$tool"
"$tool/bin/pip" install --quiet uv
resolve=("$tool/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes
         --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock")
"${resolve[@]}" pyproject.toml --output-file requirements/runtime.lock
"${resolve[@]}" pyproject.toml --extra sandbox --extra dev --constraint requirements/runtime.lock --output-file requirements/dev.lock
"${resolve[@]}" pyproject.toml --extra fuzz --constraint requirements/dev.lock --output-file requirements/fuzz.lock
# An environment of its own (make bench): Quix Streams wants an older pydantic than the rest. All else is as it runs.
awk '/^[a-z0-9]/{keep = !/^pydantic/} keep' requirements/dev.lock > "$tool/without-pydantic.lock"
"${resolve[@]}" pyproject.toml --extra sandbox --extra bench --constraint "$tool/without-pydantic.lock" --output-file requirements/bench.lock
# The installer itself: pip before 23.3 does not see that `coverage==7` in a lock is what `coverage[toml]` asks for, and
# refuses a lock as soon as a newer version of such a package is out.
echo pip | "${resolve[@]}" - --output-file requirements/pip.lock
