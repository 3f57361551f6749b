# Everything runs in .venv, which `make` builds from what was tested (constraints.txt).
PYTHON ?= python3
VENV := .venv/bin

.PHONY: check fix test docs eval bench

check: .venv/installed
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy
	$(VENV)/python -m pytest -q

fix: .venv/installed
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .

test: .venv/installed
	$(VENV)/python -m pytest -q

docs: .venv/installed
	$(VENV)/python -m pytest -q tests/test_readme.py

# The floors follow what was measured, and never sink; the README has the figures of the same run.
eval: .venv/installed
	$(VENV)/summarizer golden run fixtures
	$(VENV)/summarizer eval fixtures -m replay --update
	$(VENV)/summarizer eval fixtures -m extractive --update --into README.md
	$(VENV)/python tests/benchmarks/bench_corruptions.py

bench: .venv/installed
	for bench in tests/benchmarks/bench_*.py; do echo "== $$bench"; $(VENV)/python $$bench || exit 1; done

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(VENV)/pip install -q -c constraints.txt -e '.[dev]'
	touch $@
