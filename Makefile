# Everything a newcomer needs: `make demo`, `make test`, `make check`. Each sets itself up; a second run downloads nothing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-fast check format contract lock clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

setup: $(READY) ## Virtual environment with the hash-locked dependencies and this project
$(READY): requirements/dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python >= 3.11 is needed: set PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements/dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

lock: ## Resolve pyproject.toml anew into requirements/*.lock (versions and hashes, no addresses)
	requirements/lock.sh

clean: ## Remove what the targets made, the virtual environment and the broker's files included
	rm -rf $(VENV) .sandbox build dist demo-out test-artifacts .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage htmlcov
