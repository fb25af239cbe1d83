# The two commands a newcomer needs are `make demo` and `make test`; the others are for maintainers.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test long lint bench chaos clean

$(VENV)/demo: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[demo]"
	touch $@

$(VENV)/dev: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	touch $@ $(VENV)/demo

# Reports on a sample repository, from signed webhooks to comments, with everything on loopback.
demo: $(VENV)/demo
	$(BIN)/prhub demo

# The suite.
test: $(VENV)/dev
	$(BIN)/python -m pytest -n 6 --dist worksteal

# The long forms of tests, a few minutes more.
long: $(VENV)/dev
	$(BIN)/python -m pytest -n 4 --dist worksteal -m long

# Style, types, and the contract that data flows one way.
lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Speed and memory, as figures to read.
bench: $(VENV)/dev
	$(BIN)/python -m tests.benchmarks

# Kill the server again and again on a GitHub that fails; ends with 1 if a promise was broken.
chaos: $(VENV)/dev
	$(BIN)/python -m tests.chaos
	$(BIN)/python -m tests.chaos --database postgresql --processes 2

clean:
	rm -rf $(VENV) build dist *.egg-info
