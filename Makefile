# Förtur. `make help` lists what there is. Every path is relative: the folder's name may have spaces.
.DEFAULT_GOAL := help
.PHONY: help demo test lint format types audit unit smoke browser words bench lock clean
.DELETE_ON_ERROR:

PY := .venv/bin/python
PORT ?= 8000
RESET ?=
export PORT RESET

# What reads the settings without a database (types, imports) gets settings that lead nowhere.
NOWHERE := env FORTUR_TESTING=1 FORTUR_DEMO=0 DATABASE_URL=postgresql://nobody@/nowhere \
	SECRET_KEY=only-for-checks-of-the-source-never-for-a-server

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name what; do \
		printf '  make %-8s %s\n' "$$name" "$$what"; done

demo: .venv/.run words ## try it: the whole service with an invented town (PORT=8000, RESET=1 starts over)
	@exec $(PY) -m casework.demo

test: .venv/.dev words browser lint types audit unit ## everything that CI runs: style, types, contracts, all tests

lint: .venv/.dev ## format, lint, import contracts, templates
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -c 'from importlinter.cli import lint_imports_command as lint; lint()'
	$(PY) -m djlint --quiet --lint templates
	find templates -name '*.html' -print0 | xargs -0 $(PY) -m djhtml --check

types: .venv/.dev ## mypy --strict
	$(NOWHERE) $(PY) -m mypy .

unit: .venv/.dev words ## all tests, in two processes
	$(PY) -m pytest -q -n 2 --dist loadgroup -m 'not bench'

audit: .venv/.dev ## known holes in the packages; skipped where the advisory service can't be reached
	@set +e; said=$$($(PY) -m pip_audit --progress-spinner off --timeout 5 --disable-pip \
		-r requirements.lock 2>&1); status=$$?; \
	if [ $$status -eq 0 ]; then echo 'pip-audit: no known holes'; \
	elif echo "$$said" | grep -q 'known vulnerabilit'; then echo "$$said"; exit 1; \
	else echo 'pip-audit: skipped, the advisory service did not answer'; fi

browser: # a browser for the browser tests
	@for name in chromium chromium-browser google-chrome; do \
		command -v "$$name" >/dev/null 2>&1 && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
		apt-get update -q && DEBIAN_FRONTEND=noninteractive \
			apt-get install -q -y --no-install-recommends chromium; \
	else echo 'No chromium found, needed by the browser tests. As root: apt-get install chromium'; \
		exit 1; fi

smoke: .venv/.run words ## make demo, log in, take one step, stop: as a stranger would
	$(PY) tests/smoke_demo.py

bench: .venv/.dev words ## a thousand and a million cases, beside the packages out of the box (SIZES=1000,10000)
	FORTUR_BENCH=1 $(PY) -m tests.bench

format: .venv/.dev ## write what lint asks for
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .
	find templates -name '*.html' -print0 | xargs -0 $(PY) -m djhtml

lock: .venv/.dev ## newest packages that pyproject.toml allows, with their hashes
	$(PY) -m uv pip compile pyproject.toml --universal --generate-hashes --no-header \
		--no-emit-index-url --upgrade -q -o requirements.lock
	$(PY) -m uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-header \
		--no-emit-index-url --upgrade -q -c requirements.lock -o requirements-dev.lock

clean: ## stop embedded servers; delete them with their data, the environment and every cache
	@for home in .run/*/; do if [ -e "$$home/home-id" ]; then \
		$(PY) -m access.embedded erase --home "$$home"; fi; done
	rm -rf .run .venv staticfiles .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache .benchmarks
	find . -name __pycache__ -prune -exec rm -rf {} +

# Catalogues, compiled where they are older than their source.
words: | .venv/.any
	@find locale -name '*.po' 2>/dev/null | while IFS= read -r po; do mo="$${po%.po}.mo"; \
		if [ ! -e "$$mo" ] || [ "$$po" -nt "$$mo" ]; then \
			$(PY) -m babel.messages.frontend -q compile -i "$$po" -o "$$mo" || exit 1; fi; done

.venv/.run: requirements.lock | .venv/bin/python
	$(PY) -m pip install --disable-pip-version-check --require-hashes -r requirements.lock
	@touch .venv/.run .venv/.any

.venv/.dev: requirements-dev.lock | .venv/bin/python
	$(PY) -m pip install --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch .venv/.dev .venv/.run .venv/.any

.venv/.any:
	@$(MAKE) --no-print-directory .venv/.run

# The newest Python from 3.11 on that can make an environment and has wheels for every package.
.venv/bin/python:
	@for python in python3.13 python3.12 python3.11 python3; do \
		if "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
			2>/dev/null; then rm -rf .venv && echo "Environment: $$python" && \
			"$$python" -m venv .venv && exit 0; fi; done; \
	echo 'Förtur needs Python 3.11 or newer with venv (Debian: apt-get install python3-venv)'; exit 1
