# Everything that people and machines do with this project, by one word each: `make help` lists them.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 8000
DATA   ?=
T      ?= tests
# As many test processes as there are processors; `make test N=0` runs in one, which a debugger needs.
N      ?= auto
# The lock names every library, so pip has nothing to resolve: left to resolve, it may take the newest release of one
# that another asks for with an extra, finds no hash for it, and a fresh machine installs nothing.
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps

SHELL       := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test test-long check format lint types layers coverage bench demo-reset lock translations \
        revision golden pictures samples audit provision clean

help:  ## list these commands
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ------------------------------------------------------------------------------------------------- the platform

run: $(VENV)/.run  ## start the platform (PORT=8000, DATA=./data); Ctrl-C stops it
	@PORT='$(PORT)' DATA='$(DATA)' exec $(BIN)/python run.py

demo-reset: $(VENV)/.run  ## empty the database under DATA and load the demo data again
	@DATA='$(DATA)' $(BIN)/python run.py demo-reset

samples: $(VENV)/.run  ## write the sample workbooks and pictures of samples/ again
	$(BIN)/python samples/make_qualifications.py
	$(BIN)/python samples/make_history.py
	$(BIN)/python samples/make_pictures.py

# ----------------------------------------------------------------------------------------------- what is checked

test: $(VENV)/.dev provision  ## run the tests (T=tests/workflow narrows, N=0 uses one process)
	$(BIN)/python -m pytest -n $(N) $(T)

test-long: $(VENV)/.dev provision  ## the same with the large searches and crash drills
	PROFILE=long $(BIN)/python -m pytest -n $(N) $(T)

check: lint types layers messages test  ## exactly what continuous integration runs

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.dev
	$(BIN)/mypy

layers: $(VENV)/.dev
	$(BIN)/lint-imports --no-logo --no-cache

messages: $(VENV)/.dev
	$(BIN)/python translations/catalogues.py check

format: $(VENV)/.dev  ## let ruff format and mend what it can
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

coverage: $(VENV)/.dev provision  ## run the tests and show what they do not reach
	$(BIN)/python -m pytest -n $(N) --cov --cov-report=term $(T)

bench: $(VENV)/.dev provision  ## measure what has a number to keep, over a million rows, into benchmarks/results.md
	$(BIN)/python -m pytest -n 0 -s benchmarks

audit: $(VENV)/.dev  ## look for known holes in the locked libraries (needs the network)
	$(BIN)/pip-audit --strict --require-hashes --disable-pip -r requirements.lock

golden: $(VENV)/.dev provision  ## write the golden files again; read the difference before you commit it
	GOLDEN=write $(BIN)/python -m pytest -n 0 -m golden tests

pictures: $(VENV)/.dev provision  ## take the pictures of the guides again; look at each before you commit it
	PICTURES=write $(BIN)/python -m pytest -n 0 tests/browser/test_help_pictures.py

# --------------------------------------------------------------------------------------- what is made from source

translations: $(VENV)/.dev  ## collect the messages of the source into both catalogues and compile them
	$(BIN)/python translations/catalogues.py extract
	$(BIN)/python translations/catalogues.py compile

revision: $(VENV)/.dev  ## make a migration from the models: make revision m="add renewal"
	@test -n '$(m)' || { echo 'Say what the migration does: make revision m="add renewal"'; exit 2; }
	$(BIN)/python migrations/number.py '$(m)'

lock: $(VENV)/.dev  ## resolve requirements*.in into requirements*.lock (needs uv)
	@command -v uv >/dev/null || { echo 'uv is missing: https://docs.astral.sh/uv/ tells how to install it.'; exit 2; }
	uv pip compile --quiet --generate-hashes --no-emit-index-url --universal --python-version 3.11 \
	    requirements.in -o requirements.lock
	uv pip compile --quiet --generate-hashes --no-emit-index-url --universal --python-version 3.11 \
	    requirements-dev.in -o requirements-dev.lock

# ------------------------------------------------------------------------------------------------- what it stands on

provision:
	@$(PYTHON) tests/provision.py

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo 'Python 3.11 or newer is needed: make run PYTHON=python3.12'; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	    || { echo 'Package python3-venv is missing: sudo apt install python3-venv'; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock | $(VENV)/bin/python
	@echo 'Installing the locked libraries into $(VENV) (about a minute, only when the lock changes) …'
	@$(PIP) -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock | $(VENV)/bin/python
	@echo 'Installing the locked libraries and the tools of the tests into $(VENV) …'
	@$(PIP) -r requirements-dev.lock
	@touch $@ $(VENV)/.run

clean:  ## remove what was made here (.venv and caches), not the data
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache htmlcov .coverage*
