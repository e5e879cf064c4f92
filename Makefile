# Carnet's commands. `make` alone lists them.

PYTHON ?= python3
BIN := .venv/bin
RUN_STAMP := .venv/.run-$(shell cat requirements.txt | sha256sum | cut -c1-16)
DEV_STAMP := .venv/.dev-$(shell cat requirements.txt requirements-dev.txt | sha256sum | cut -c1-16)
TYPED := covage sync outbox drafts lists notifications extranet sessions_app tracking accounts geo portal sandbox web demo
GATED := covage sync outbox drafts lists notifications extranet sessions_app tracking
SEED := $(shell shuf -i 1-99999 -n 1)
PYTEST := $(BIN)/pytest -q -p no:playwright -n 3 --dist loadfile --random-order --random-order-seed=$(SEED) --ignore=tests/browser --ignore=tests/campaign
# What no choice of database changes is tested once, beside SQLite: what is marked so, and packages that ask none.
BUT_ONCE := -m "not once" --ignore=tests/covage --ignore=tests/sandbox --ignore=tests/geo
CAMPAIGN := $(BIN)/pytest -q -p no:playwright tests/campaign
LOCK := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-strip-extras --quiet
COVER := --cov --cov-branch --cov-report=

.PHONY: help demo setup messages test test-sqlite test-postgres test-campaign campaign-sqlite campaign-postgres \
	test-browser coverage bench lint format hooks lock clean

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: $(RUN_STAMP) messages  ## the portal on http://127.0.0.1:8000 with a stand-in for Covage, people and data
	@scripts/demo

setup: $(RUN_STAMP) messages  ## bring an installation up to date: database, cache table, static files
	$(BIN)/python manage.py check --deploy
	$(BIN)/python manage.py migrate
	$(BIN)/python manage.py createcachetable
	$(BIN)/python manage.py collectstatic --noinput

messages: $(RUN_STAMP)
	@if [ -d locale ]; then $(BIN)/pybabel --quiet compile --directory locale --domain django; fi

test: $(DEV_STAMP) messages  ## all tests: on SQLite, on PostgreSQL, in a browser; then the share of branches covered
	@scripts/system-packages test
	@rm -rf var/coverage
	@$(MAKE) --no-print-directory test-sqlite test-postgres test-campaign test-browser coverage

test-sqlite: $(DEV_STAMP) messages  ## the tests without a browser, on SQLite
	@mkdir -p var/coverage
	env -u DATABASE_URL $(PYTEST) $(COVER)

test-postgres: $(DEV_STAMP) messages  ## those that ask a database, on PostgreSQL
	scripts/with-postgres sh -c 'export DATABASE_URL=$$TEST_POSTGRES_URL; $(PYTEST) $(BUT_ONCE)'

test-campaign: $(DEV_STAMP) messages  ## everything takes effect once, whatever dies: on SQLite and on PostgreSQL
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target campaign-sqlite campaign-postgres

campaign-sqlite:
	env -u DATABASE_URL $(CAMPAIGN)

campaign-postgres:
	scripts/with-postgres sh -c 'export DATABASE_URL=$$TEST_POSTGRES_URL; $(CAMPAIGN)'

test-browser: $(DEV_STAMP) messages  ## the tests in Chromium
	env -u DATABASE_URL $(BIN)/pytest -q -n 2 tests/browser

coverage: $(DEV_STAMP)
	@$(BIN)/coverage json --quiet -o var/coverage/report.json
	@$(BIN)/python scripts/coverage_gate.py 90 $(GATED)

bench: $(RUN_STAMP)  ## measure
	$(BIN)/python -m bench

lint: $(DEV_STAMP)  ## style, types, templates, migrations, settings, translations
	@scripts/system-packages lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(TYPED)
	$(BIN)/djlint templates --lint --quiet
	scripts/lint-templates
	$(BIN)/python scripts/check_words.py
	DEBUG=true $(BIN)/python manage.py makemigrations --check --dry-run
	scripts/check-production
	scripts/check-messages

format: $(DEV_STAMP)  ## put Python into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

hooks: $(DEV_STAMP)  ## let git run the quick checks before each commit
	$(BIN)/pre-commit install

lock: $(DEV_STAMP)  ## write requirements*.txt from pyproject.toml, every version with its hashes
	$(LOCK) -o requirements.txt
	$(LOCK) --extra dev -o requirements-dev.txt

clean:  ## remove what was generated, the demo's data included
	rm -rf var .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/bin/python:
	@scripts/system-packages run
	$(PYTHON) -m venv .venv

$(RUN_STAMP): .venv/bin/python requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@rm -f .venv/.run-* && touch $@

$(DEV_STAMP): $(RUN_STAMP) requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@rm -f .venv/.dev-* && touch $@
