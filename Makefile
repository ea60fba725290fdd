# Every path here is relative and without spaces, so the folder above may be called anything ("Café Résilience 2" too).
# Needs GNU make and Python 3.11 or later; on Windows without make, see README.md.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

VENV := .venv
RUN := $(VENV)/bin
LOCK := requirements.lock.txt
INSTALLED := $(VENV)/.installed
WARMED := $(VENV)/.warmed

# Which Python builds the environment: the first of these that is new enough and can. `make setup PYTHON=/a/python` names one.
PYTHON ?=
CANDIDATES := python3.11 python3 python3.12 python3.13 python3.14 /usr/bin/python3.11 /usr/bin/python3
# How many tests at once, and anything else for pytest: make test ARGS="-k ledger"
JOBS ?= 2
ARGS ?=

.PHONY: help
help: ## this list
	@echo "make TARGET, where TARGET is one of"
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  %-12s%s\n", $$1, $$2}' Makefile

.PHONY: setup
setup: $(WARMED) ## make .venv, install what the lock file names, compile the engine
	@:

$(RUN)/python:
	@set -e; \
	new_enough() { "$$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }; \
	makes_venv() { "$$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }; \
	found=""; \
	if [ -n "$(PYTHON)" ]; then \
	  if new_enough "$(PYTHON)"; then found="$(PYTHON)"; \
	  else echo "make setup: $(PYTHON) is not a Python 3.11 or later that runs; name one with make setup PYTHON=/path/to/python3" >&2; exit 1; fi; \
	else \
	  for candidate in $(CANDIDATES); do \
	    if new_enough "$$candidate"; then found="$$candidate"; if makes_venv "$$candidate"; then break; fi; fi; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo "make setup: Python 3.11 or later is needed and none was found. On Debian or Ubuntu: apt-get install python3 python3-venv" >&2; \
	    echo "            Or name one that you have: make setup PYTHON=/path/to/python3" >&2; exit 1; fi; \
	fi; \
	if ! makes_venv "$$found"; then \
	  echo "make setup: $$found cannot make an environment (its venv module is missing). On Debian or Ubuntu: apt-get install python3-venv" >&2; \
	  exit 1; fi; \
	echo "Making $(VENV) with $$("$$found" --version) ($$found)"; \
	"$$found" -m venv --clear $(VENV)

# An environment knows the folder it was made in: if this one has been moved or copied, or its Python is gone, install again.
HERE := $(shell pwd -P)
ifneq ("$(shell cat $(INSTALLED) 2>/dev/null)","$(HERE)")
$(INSTALLED): FORCE
endif
ifeq ("$(wildcard $(RUN)/python)","")
$(INSTALLED): FORCE
endif
.PHONY: FORCE
FORCE:

# .venv/bin/python is a link whose date is that of the system's Python: it is asked for, not compared (order-only).
$(INSTALLED): $(LOCK) pyproject.toml | $(RUN)/python
	@echo "Installing what $(LOCK) names, each file checked against its hash"
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCK)
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@pwd -P > $@

# Again when the engine has changed, by a pull too; what is already compiled takes seconds.
$(WARMED): $(INSTALLED) $(wildcard resilience/*.py resilience/months/*.py)
	@echo "Compiling the engine for this machine: done once, so that every later run starts at once"
	@$(RUN)/python -m resilience warm
	@touch $@

.PHONY: demo
demo: setup ## set up if needed, then the shipped advice charity's first answer
	@$(RUN)/resilience demo

.PHONY: test
test: setup ## set up if needed, then every test
	@$(RUN)/python -m pytest -n $(JOBS) --dist loadgroup $(ARGS)

.PHONY: lint
lint: $(INSTALLED) ## ruff: rules and layout
	$(RUN)/python -m ruff check .
	$(RUN)/python -m ruff format --check .

.PHONY: types
types: $(INSTALLED) ## mypy on resilience/
	$(RUN)/python -m mypy

.PHONY: bench
bench: setup ## this engine beside NumPy and the limit, as ratios
	@$(RUN)/python tests/benchmarks/bench.py $(ARGS)

.PHONY: dashboard
dashboard: setup ## set up if needed, then the shipped charity's page in the browser
	@$(RUN)/resilience dashboard

.PHONY: benchbatch
benchbatch: setup ## a batch of a thousand organisations: time, shares, two workers, memory
	@$(RUN)/python tests/benchmarks/batch.py $(ARGS)

.PHONY: benchpage
benchpage: setup ## the page in headless Chromium: load, lever to picture, bytes, memory, five viewers
	@$(RUN)/python tests/benchmarks/page.py $(ARGS)

.PHONY: wheel
wheel: $(INSTALLED) ## dist/resilience-….whl: everything in one file, to be installed anywhere
	@$(RUN)/python -m hatchling build -t wheel

.PHONY: coverage
coverage: $(INSTALLED) ## lines the tests reach, with the engine run as plain Python (slow tests left out)
	NUMBA_DISABLE_JIT=1 $(RUN)/python -m coverage run -m pytest -m "not slow" $(ARGS)
	$(RUN)/python -m coverage report

# uv is not part of the environment: it is needed only here. The lock holds no registry address.
.PHONY: lock
lock: ## work out requirements.lock.txt again from pyproject.toml (needs uv; UPGRADE=--upgrade for newest versions)
	@uv=$$(command -v uv || ls $(RUN)/uv 2>/dev/null) || { echo "make lock: uv is needed: $(RUN)/python -m pip install uv" >&2; exit 1; }; \
	"$$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	  --no-emit-find-links --extra dev --extra lab $(UPGRADE) -o $(LOCK) pyproject.toml
	@if grep -nE 'https?:|file:|--find-links|--index-url|--extra-index-url|^-[if] ' $(LOCK); then \
	  echo "make lock: $(LOCK) names an address (above); take it out before committing" >&2; exit 1; fi

.PHONY: clean
clean: ## remove .venv, caches and build results
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache .mypy_cache .hypothesis .coverage htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
