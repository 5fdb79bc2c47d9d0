# Two commands matter: `make demo` shows the platform, `make test` checks it.
# Needed beforehand: python3 (3.11, 3.12 or 3.13), git and make. Nothing is done twice: what was made leaves a stamp.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
unexport VIRTUAL_ENV

UV_VERSION := 0.13.9
export PORT ?= 8000
WORKERS ?= 2
BIN := .venv/bin
UV := .venv-boot/bin/uv
BOOT := .venv-boot/uv-$(UV_VERSION)
export UV_PROJECT_ENVIRONMENT := .venv
export UV_PYTHON_DOWNLOADS := never
export UV_NO_PROGRESS := 1

# The first Python that fits, by its real path (a version switcher's shim would not do for a virtual environment).
ifndef PYTHON
PYTHON := $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; (3, 11) <= sys.version_info[:2] <= (3, 13) or sys.exit(1); print(sys.executable)' \
	2>/dev/null && break; done)
endif
export UV_PYTHON = $(PYTHON)

CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/*.po))
TEMPLATES := $(wildcard consult/templates $(wildcard plugins/*/templates))
CODE := consult plugins tests $(if $(wildcard bench/*.py),bench)
IS_ROOT = [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null

.PHONY: help demo demo-reset test lint audit bench translations chromium clean

help:
	@echo 'make demo          show the platform on http://localhost:$(PORT)/ (PORT=8000)'
	@echo 'make demo-reset    delete what is in the demo and show it anew (YES=1 asks nothing)'
	@echo 'make test          check everything'
	@echo 'make lint          only what needs no running'
	@echo 'make audit         the full product of pages, widths, languages and roles'
	@echo 'make bench         measure'
	@echo 'make translations  collect the words to translate'
	@echo 'make clean         remove what make made (the data in instance/ stays)'

# --------------------------------------------------------------------------------------------------- show

demo: .venv/.runs $(CATALOGUES)
	@exec $(BIN)/consult demo

demo-reset: .venv/.runs $(CATALOGUES)
	@$(BIN)/consult demo-reset $(if $(YES),--yes)
	@exec $(BIN)/consult demo

# --------------------------------------------------------------------------------------------------- check

test: lint chromium
	@$(BIN)/pytest -n $(WORKERS)

lint: .venv/.tests $(CATALOGUES)
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/mypy $(CODE)
	@$(BIN)/lint-imports
	@$(if $(TEMPLATES),$(BIN)/djlint --quiet --lint $(TEMPLATES))

audit: lint chromium
	@$(BIN)/pytest -n $(WORKERS) -m 'audit or not audit'

bench: .venv/.tests $(CATALOGUES)
	@for file in bench/[a-z]*.py; do echo "== $$file"; $(BIN)/python "$$file"; done

# Journeys are tested in a real browser. Where none can be had, their tests say so; CI refuses to go without.
chromium:
	@if command -v chromium chromium-browser google-chrome >/dev/null; then exit 0; \
	elif $(IS_ROOT); then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
		--no-install-recommends chromium >/dev/null; \
	elif [ -n "$${CI:-}" ]; then echo 'Chromium is missing, and CI is set: install Chromium.' >&2; exit 1; \
	else echo '>>> Chromium is missing: the tests in a real browser will be skipped. Install chromium to run them.'; fi

# --------------------------------------------------------------------------------------------------- words

translations: .venv/.tests
	@$(BIN)/pybabel -q extract -F pyproject.toml -k lazy_gettext -k lazy_pgettext:1c,2 -k lazy_ngettext:1,2 \
		-k lazy_npgettext:1c,2,3 --sort-by-file --no-location --project=Consult --copyright-holder='the Consult project' \
		-o translations/messages.pot .
	@for language in bg en tr; do \
		if [ -f translations/$$language/LC_MESSAGES/messages.po ]; then verb=update; flags='--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date'; \
		else verb=init; flags=; fi; \
		$(BIN)/pybabel -q $$verb $$flags -i translations/messages.pot -d translations -l $$language; done
	@$(MAKE) --no-print-directory $$(ls translations/*/LC_MESSAGES/*.po | sed 's/po$$/mo/')

%.mo: %.po | .venv/.runs
	@$(BIN)/pybabel -q compile -i $< -o $@

# --------------------------------------------------------------------------------------------------- install

# Debian's bare python3 comes without ensurepip; then python3-venv is installed, or the line to do it is printed.
$(BOOT):
	@[ -n '$(PYTHON)' ] || { echo 'Python 3.11, 3.12 or 3.13 is needed.' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
		if $(IS_ROOT); then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null; \
		else echo 'This Python cannot make virtual environments yet: sudo apt-get install -y python3-venv' >&2; exit 1; fi; }
	@$(PYTHON) -m venv .venv-boot
	@.venv-boot/bin/pip install -q --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

.venv/.runs: pyproject.toml uv.lock | $(BOOT)
	@$(UV) sync -q --frozen --inexact
	@touch $@

.venv/.tests: pyproject.toml uv.lock | $(BOOT)
	@$(UV) sync -q --frozen --group test
	@touch .venv/.runs $@

clean:
	@rm -rf .venv .venv-boot build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@find translations -name '*.mo' -delete
