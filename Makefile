# The whole workflow: make demo | run | test | lint | bench | help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_ARGS ?=
RUN_ARGS ?=
TEST_ARGS ?= -n 2
BENCH_ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo run test lint format bench pins clean

help: ## print this
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

demo: $(VENV)/runtime ## a first look with no network: sample feeds of 2019, then the dashboard (DEMO_ARGS="--no-serve --json")
	@$(BIN)/flask --app app demo $(DEMO_ARGS)

run: $(VENV)/scale ## the real thing on feeds.toml: web on http://127.0.0.1:8000, and the clock (RUN_ARGS="--port 8080")
	@$(BIN)/flask --app app up $(RUN_ARGS)

test: $(VENV)/dev ## every test (TEST_ARGS="-n 2")
	@$(BIN)/pytest $(TEST_ARGS)

lint: $(VENV)/dev ## format, style, types, layers
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/dev ## put the code into the house's format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(VENV)/scale ## speed beside newsboat and rss2email in the same run (BENCH_ARGS="--feeds 300 --runs 1")
	@$(BIN)/python -m bench $(BENCH_ARGS)

pins: $(VENV)/dev ## compile requirements*.txt anew from requirements*.in
	@$(PYTHON) -m venv $(VENV)/pins && $(VENV)/pins/bin/pip -q install uv
	@for name in requirements requirements-scale requirements-train requirements-dev; do \
	  $(VENV)/pins/bin/uv pip compile -q --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header $$name.in -o $$name.txt; done

clean: ## remove the virtual environment and every cache; instance/ stays
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Oversight needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another: make PYTHON=python3.12 demo") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV)

# One stamp a set of pins; a larger set satisfies the smaller ones.
$(VENV)/runtime: requirements.txt | $(VENV)/bin/python
	@echo "installing the pinned requirements into $(VENV)/" >&2
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt && touch $@

$(VENV)/scale: requirements-scale.txt $(VENV)/runtime
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-scale.txt && touch $@

$(VENV)/dev: requirements-dev.txt $(VENV)/scale
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt && touch $@
