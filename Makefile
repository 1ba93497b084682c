# Every target works on a fresh machine with Python 3.11 or newer and make: the first one called makes .venv.
# PYTHON=… chooses another interpreter.

PYTHON ?= python3
VENV := .venv
READY := $(VENV)/.ready
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help install demo up test lint types contracts check prefect-yaml life-cycle lock clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

install: $(READY) ## .venv, from the lock

demo: $(READY) ## the whole system with simulated units and citizens; EXIT=1 stops when all is closed
	@$(BIN)/huiyin demo $(if $(filter-out 0,$(EXIT)),--exit)

up: $(READY) ## the local stack for real use, until Ctrl-C
	@$(BIN)/huiyin up

test: $(READY) ## the test suite, on up to four cores; ARGS=… goes to pytest
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(READY) ## ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY) ## mypy, strict
	$(BIN)/mypy

contracts: $(READY) ## the arrows between the packages
	$(BIN)/lint-imports

check: lint types contracts test ## everything that CI looks at, but the demo

prefect-yaml: $(READY) ## prefect.yaml, from the district files
	$(BIN)/huiyin deploy --write-prefect-yaml

life-cycle: $(READY) ## docs/life-cycle.md, from the table
	$(BIN)/python -m casework.picture > docs/life-cycle.md

# The lock names no index: what is written holds wherever packages are fetched from.
lock: ## requirements.lock, from pyproject.toml (fetches the resolver into a folder of its own)
	$(PYTHON) -m venv .lock-venv
	.lock-venv/bin/python -m pip install --quiet uv
	.lock-venv/bin/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --no-annotate --no-strip-extras --output-file requirements.lock
	rm -rf .lock-venv

clean: ## what can be made again (the data folder stays)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis *.egg-info

# A new lock or new entry points are installed by whatever target comes next.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("huiyin needs Python 3.11 or newer, and $(PYTHON) is " + sys.version.split()[0] + ": name another with make PYTHON=python3.11 …")'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make virtual environments: install its venv package (Debian, Ubuntu: apt-get install python3-venv)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)
