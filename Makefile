# The two commands are `make run` and `make test`; the rest is for those who change the desk.
.PHONY: help setup run test bench lint format types clean

help:
	@echo "make run      set up and start the demo desk"
	@echo "make test     set up and run every check and test"
	@echo "make setup    make .venv with the towerdesk command in it"
	@echo "make bench    measure speed and size, one JSON line per figure"
	@echo "make lint | format | types | clean"

setup:
	@scripts/setup

run: setup
	@exec .venv/bin/towerdesk demo

test:
	@scripts/test

bench:
	@scripts/bench

lint:
	@scripts/test ruff format imports templates

types:
	@scripts/test types

format:
	@scripts/setup dev
	@.venv/bin/ruff check --quiet --fix . || true
	@.venv/bin/ruff format --quiet .
	@git ls-files 'towerdesk/*.html' | xargs -r .venv/bin/djhtml --tabwidth 2

clean:
	@rm -rf .mypy_cache .ruff_cache .import_linter_cache .hypothesis test-results staticfiles
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
