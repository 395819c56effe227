# make run      the demonstration newsroom at http://localhost:8000 (PORT= changes it)
# make test     every test, on SQLite and on PostgreSQL, browser tests included
# make check    every linter
# make bench    measurements beside the programs we compare ourselves with
# make faults   the fault tests that take minutes
# make setup    only what those need
# make messages the translations, collected from the sources and compiled
#
# Each sets up what it needs and does nothing twice. All of it works on a fresh Debian with make and Python 3.11.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-builtin-rules --no-print-directory

# Where Python is told to keep nothing it has compiled, each program that the tests start would begin by compiling.
unexport PYTHONDONTWRITEBYTECODE

PORT ?= 8000
# On two processors: tests wait for browsers and for programs they have started.
WORKERS ?= 3
BIN := .venv/bin
CHECKERS := tests/checkers/node_modules/.in-step

.PHONY: help
help:
	@sed -n '/^# make/s/^# //p' Makefile

.PHONY: run
run: setup-python
	@exec $(BIN)/coranto demo --port $(PORT)

.PHONY: check
check: setup-python
	@bin/check

.PHONY: test
test: test-sqlite test-postgresql

.PHONY: test-sqlite
test-sqlite: setup-test
	@$(BIN)/pytest -n $(WORKERS)

.PHONY: test-postgresql
test-postgresql: setup-test
	@bin/with-postgresql $(BIN)/pytest -n $(WORKERS) -m "django_db and not browser and not long and not one_database"

.PHONY: faults
faults: setup-test
	@$(BIN)/pytest -m long

.PHONY: bench
bench: setup-python
	@bin/system-packages nginx-light=/usr/sbin/nginx wrk=wrk
	@for program in benchmarks/*.py; do echo "== $$program"; $(BIN)/python "$$program"; done

.PHONY: messages
messages: setup-python
	@bin/system-packages gettext=msgfmt
	@$(BIN)/coranto manage makemessages --all --no-obsolete --no-wrap --add-location file --ignore 'coranto/desk/*'
	@$(BIN)/coranto manage compilemessages

.PHONY: setup
setup: setup-python setup-test

.PHONY: setup-python
setup-python: .venv/.in-step

.PHONY: setup-test
setup-test: setup-python $(CHECKERS)
	@bin/system-packages chromium=chromium 'postgresql=/usr/lib/postgresql/*/bin/initdb' \
		nginx=/usr/sbin/nginx redis-server=redis-server varnish=/usr/sbin/varnishd

.venv/.in-step: pyproject.toml uv.lock bin/setup
	@bin/setup

$(CHECKERS): tests/checkers/package-lock.json bin/setup-checkers | .venv/.in-step
	@bin/setup-checkers
