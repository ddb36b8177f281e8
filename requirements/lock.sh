#!/usr/bin/env bash
# Writes runtime.lock and dev.lock: exact versions and hashes, never the address they came from.
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
