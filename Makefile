# Everything runs in .venv, which `make` builds from what was tested (constraints.txt).
PYTHON ?= python3
VENV := .venv/bin
PYTEST := $(VENV)/python -m pytest -q -n auto

.PHONY: check lint fix test slow docs eval bench

# All that .ci/run does; tests/README.md says how long each part takes.
check: test lint slow

test: .venv/installed
	$(PYTEST)

lint: .venv/installed
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy

slow: .venv/ray
	$(PYTEST) -m slow --dist loadscope

fix: .venv/installed
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .

docs: .venv/installed
	$(VENV)/python tests/support/document_tables.py
	$(VENV)/python -m pytest -q tests/test_documents.py

# The floors follow what was measured, and never sink; tests/benchmarks/README.md has the figures of the same run.
eval: .venv/installed
	$(VENV)/summarizer golden run fixtures
	$(VENV)/summarizer eval fixtures -m replay --update
	$(VENV)/summarizer eval fixtures -m extractive --update --into tests/benchmarks/README.md
	$(VENV)/python tests/benchmarks/bench_corruptions.py
	$(VENV)/python tests/benchmarks/bench_checks.py $(LABELLED)

bench: .venv/installed
	for bench in tests/benchmarks/bench_*.py; do echo "== $$bench"; $(VENV)/python $$bench || exit 1; done

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(VENV)/pip install -q -c constraints.txt -e '.[dev]'
	touch $@

.venv/ray: .venv/installed
	$(VENV)/pip install -q -c constraints.txt -e '.[dev,ray]'
	touch $@
