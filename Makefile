# `make demo` shows the engine on an invented network; `make test` tests it. Both set up .venv first.
BIN = .venv/bin
PYTEST = $(BIN)/python -m pytest

.PHONY: demo test test-all perf lint docs wheel clean

demo: .venv/ready
	$(BIN)/lead-engine demo

test: .venv/ready lint
	$(PYTEST) -m "not long"

test-all: .venv/ready lint wheel
	$(PYTEST)

perf: .venv/ready
	$(BIN)/python -m tests.perf

lint: .venv/ready
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check .
	$(BIN)/mypy

docs: .venv/ready
	$(BIN)/python -m lead_engine.tables.dictionary > docs/reference/tables.md
	$(BIN)/python -m lead_engine.methodology.guide > docs/reference/parameters.md
	$(BIN)/python -m lead_engine.sources.inputs.guide > docs/reference/inputs.md

wheel: .venv/ready
	rm -rf dist
	$(BIN)/python -m hatchling build -t wheel

clean:
	rm -rf .venv dist demo perf .mypy_cache .ruff_cache .hypothesis spark-warehouse

.venv/ready: requirements-dev.lock pyproject.toml deploy/setup.sh
	@PYTHON="$(PYTHON)" deploy/setup.sh
