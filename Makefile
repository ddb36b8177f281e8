# Everything a newcomer needs: `make demo`, `make test`, `make check`. Each sets itself up; a second run downloads nothing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes --only-binary :all:
# Kafka's jars, where adapter/sandbox/place.py has them. Nothing is fetched when KAFKA_BOOTSTRAP names another cluster.
JARS := $(or $(IPLOS_SANDBOX_DIR),.sandbox)/jars/.ready
KAFKA := $(if $(KAFKA_BOOTSTRAP),,$(JARS))

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-fast chaos check audit sbom fuzz bench bench-smoke format contract lock clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

demo: $(READY) $(KAFKA) ## Play a made-up year through the service on a real Kafka; messages and reports in demo-out/
	$(BIN)/python -m adapter.demo

test: $(READY) $(KAFKA) ## All tests, those on a real Kafka and in a browser too
	@sh tests/browser/install.sh
	@sh tests/deploy/install.sh
	@sh tests/docs/install.sh
	$(BIN)/pytest

test-fast: $(READY) ## The tests that need no Kafka
	$(BIN)/pytest -m "not kafka"

chaos: $(READY) $(JARS) ## 200 faults under load on three brokers and three workers, and what they did: tests/chaos/README.md
	$(BIN)/python -m tests.chaos --faults 200 $(if $(SEED),--seed $(SEED))

check: $(READY) ## Style, types, import directions, generated files, lock files
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	@made=$$(mktemp -d) && trap 'rm -rf "$$made"' EXIT && $(BIN)/python -m adapter.ingest.contract_files "$$made" \
		&& diff -r topics/schemas "$$made/schemas" || { echo "topics/schemas is not what the types say: make contract"; exit 1; }
	@$(BIN)/python -m adapter.domain.rules.catalogue | diff schemas/REGLER.md - || { echo "REGLER.md is not what the rules say: make contract"; exit 1; }
	@$(BIN)/python -m adapter.settings.table | diff deploy/CONFIGURATION.md - || { echo "CONFIGURATION.md is not what the settings say: make contract"; exit 1; }
	@! grep -nE '://|--(extra-)?index-url|--find-links' requirements/*.lock || { echo "an address in a lock file"; exit 1; }

# Inputs for each target.
RUNS ?= 600000
fuzz: $(READY) ## Coverage-guided fuzzing of what others write, events and receipts: RUNS=600000 inputs each (Linux)
	$(INSTALL) -r requirements/fuzz.lock
	$(BIN)/python -m tests.fuzz events --runs $(RUNS)
	$(BIN)/python -m tests.fuzz receipts --runs $(RUNS)

audit: $(READY) ## Known vulnerabilities of what is locked, insecure habits in the code; AUDIT_REQUIRE_REACH=1: not reached is an error
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive adapter
	$(BIN)/python -m tests.supply

sbom: $(READY) ## Bill of materials of an installation (CycloneDX) in dist/
	@mkdir -p dist
	$(BIN)/python -m tests.supply.sbom > dist/iplos-adapter.cdx.json

# The environment the figures are measured in: what they are measured beside wants other versions than ours.
BENCH := .venv-bench
BENCH_READY := $(BENCH)/.ready
bench: $(BENCH_READY) $(KAFKA) ## The figures side by side, hours of both cores; BENCH_ARGS="--quick --only 1,6"; bench-out/
	$(BENCH)/bin/python -m tests.bench $(BENCH_ARGS)

bench-smoke: $(READY) $(KAFKA) ## Ratios that must not fall off a cliff, within two minutes
	$(BIN)/python -m tests.bench.smoke

$(BENCH_READY): requirements/bench.lock requirements/pip.lock pyproject.toml
	@$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --disable-pip-version-check --quiet --require-hashes --only-binary :all: -r requirements/pip.lock
	$(BENCH)/bin/python -m pip install --disable-pip-version-check --quiet --require-hashes --only-binary :all: -r requirements/bench.lock
	$(BENCH)/bin/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@touch $@

format: $(READY) ## Put the code in the house's format
	$(BIN)/ruff check --fix-only --quiet
	$(BIN)/ruff format

contract: $(READY) ## Write anew what is made from code: topics/schemas, schemas/REGLER.md, deploy/CONFIGURATION.md
	$(BIN)/python -m adapter.ingest.contract_files
	$(BIN)/python -m adapter.domain.rules.catalogue > schemas/REGLER.md
	$(BIN)/python -m adapter.settings.table > deploy/CONFIGURATION.md

setup: $(READY) ## Virtual environment with the hash-locked dependencies and this project
$(READY): requirements/dev.lock requirements/pip.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python >= 3.11 is needed: make PYTHON=python3.12"; exit 1; }
	@echo "Setting up $(VENV): a minute or two, the first time only"
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv is needed: on Debian, apt install python3-venv"; exit 1; }
	$(INSTALL) -r requirements/pip.lock
	$(INSTALL) -r requirements/dev.lock
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(JARS): adapter/sandbox/kafka.lock | $(READY)
	$(BIN)/python -m adapter.sandbox --prepare
	@touch $@

lock: ## Resolve pyproject.toml anew into requirements/*.lock (versions and hashes, no addresses)
	requirements/lock.sh

clean: ## Remove what the targets made, the virtual environment and the broker's files included
	rm -rf $(VENV) $(BENCH) .sandbox build dist demo-out bench-out test-artifacts .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov
