# Carnet's commands. `make` alone lists them.

PYTHON ?= python3
BIN := .venv/bin
RUN_STAMP := .venv/.run-$(shell cat requirements.txt | sha256sum | cut -c1-16)
DEV_STAMP := .venv/.dev-$(shell cat requirements.txt requirements-dev.txt | sha256sum | cut -c1-16)
TYPED := covage sync outbox drafts lists notifications extranet sessions_app tracking accounts geo portal sandbox web demo
GATED := covage sync outbox drafts lists notifications extranet sessions_app tracking
SEED := $(shell shuf -i 1-99999 -n 1)
# Without a browser and without the campaign; in random order, one process more than two cores have.
PYTEST := $(BIN)/pytest -q -p no:playwright -n 3 --dist loadfile --random-order --random-order-seed=$(SEED) --ignore=tests/browser --ignore=tests/campaign
QUICK := --hypothesis-profile=quick
NO_DATABASE := --ignore=tests/covage --ignore=tests/sandbox --ignore=tests/geo
BROWSER := $(BIN)/pytest -q -n 2 tests/browser
CAMPAIGN := $(BIN)/pytest -q -p no:playwright tests/campaign
ON_SQLITE := env -u DATABASE_URL
ON_POSTGRESQL := scripts/with-postgres
LOCK := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-strip-extras --quiet
# Tests start many processes: each module is compiled once.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo setup messages test test-sqlite test-postgresql test-browser \
	test-slow slow-sqlite slow-postgresql slow-browser campaign campaign-sqlite campaign-postgresql \
	coverage mutations bench lint format hooks lock clean

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

test: $(DEV_STAMP) messages  ## the product on SQLite, on PostgreSQL and in a browser, in minutes
	@scripts/system-packages test
	@$(MAKE) --no-print-directory test-sqlite test-postgresql test-browser

test-sqlite: $(DEV_STAMP) messages  ## its part without a browser, on SQLite
	$(ON_SQLITE) $(PYTEST) $(QUICK) -m "not slow"

test-postgresql: $(DEV_STAMP) messages  ## what asks a database, on PostgreSQL
	$(ON_POSTGRESQL) $(PYTEST) $(QUICK) -m "postgresql and not slow"

test-browser: $(DEV_STAMP) messages  ## its part in Chromium
	$(ON_SQLITE) $(BROWSER) -m "not slow"

test-slow: $(DEV_STAMP) messages  ## all the rest; then the share of branches covered
	@scripts/system-packages test
	@$(MAKE) --no-print-directory slow-sqlite coverage slow-postgresql campaign slow-browser

slow-sqlite: $(DEV_STAMP) messages  ## every test without a browser, on SQLite, with all examples and branches counted
	@rm -rf var/coverage && mkdir -p var/coverage
	$(ON_SQLITE) $(PYTEST) --cov --cov-branch --cov-report=

slow-postgresql: $(DEV_STAMP) messages  ## what `make test` leaves out on PostgreSQL
	$(ON_POSTGRESQL) $(PYTEST) -m "slow or not postgresql" $(NO_DATABASE)

slow-browser: $(DEV_STAMP) messages  ## what `make test` leaves out in Chromium
	$(ON_SQLITE) $(BROWSER) -m slow

campaign: $(DEV_STAMP) messages  ## everything takes effect once, whatever dies: on SQLite and on PostgreSQL
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target campaign-sqlite campaign-postgresql

campaign-sqlite:
	$(ON_SQLITE) $(CAMPAIGN)

campaign-postgresql:
	$(ON_POSTGRESQL) $(CAMPAIGN)

mutations: $(DEV_STAMP) messages  ## whether the tests notice when the product is made wrong, place by place; an hour
	$(BIN)/python -m tests.mutations

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
