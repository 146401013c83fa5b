# Every target does its own set-up, in .venv, when that is missing: all it needs is Python 3.11 to 3.13, make and git.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p && exit; done; echo python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
COURSE := $(BIN)/course
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
CLASS := examples/class

export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help setup run test test-fast test-all lab build lint wheel matrix lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## install everything into .venv

$(READY): requirements.txt pyproject.toml course/bootstrap.py
	@$(PYTHON) course/bootstrap.py $(VENV)
	@touch $@

run: $(READY) ## grade the sample class, end to end
	@for assignment in 01_neuron 02_layers 03_backpropagation; do \
		$(COURSE) grade $$assignment --class $(CLASS) --jobs $(JOBS) || exit 1; echo; done

lab: $(READY) ## open the course in JupyterLab: the start page, with what you have run and solved
	@$(COURSE) lab

build: $(READY) ## make all notebooks, and the sample class, from their sources
	@$(COURSE) build
	@$(BIN)/python examples/make_class.py

lint: $(READY)
	@$(BIN)/ruff check course tests examples benchmarks docs

test-fast: $(READY) lint ## the tests that need no Keras: under a minute
	@$(BIN)/pytest -m "not slow and not long"

test: $(READY) lint ## everything that guards the course: tests, lessons and their claims, the graders' audit
	@$(COURSE) build --check
	@$(BIN)/pytest -n $(JOBS) --dist loadfile -m "not long"
	@$(COURSE) run
	@$(COURSE) audit --jobs $(JOBS) --mutants 4

test-all: test ## the same, with what needs minutes, more mutants, the data's hashes, and everything a second time on the JAX backend
	@$(COURSE) data verify
	@$(BIN)/pytest -m long
	@$(COURSE) audit --jobs $(JOBS)
	@$(BIN)/pip install --quiet --disable-pip-version-check "jax>=0.7"
	@$(BIN)/pytest tests/test_autodiff.py
	@$(COURSE) run --backend jax

matrix: $(READY) ## every chapter on TensorFlow, on JAX without TensorFlow, compiled for a TPU, over eight devices: hours
	@$(BIN)/python benchmarks/matrix.py

wheel: $(READY) ## the package as others install it: dist/*.whl
	@$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .

lock: $(READY) ## write requirements.txt anew from pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate pyproject.toml \
		--extra cpu --extra instructor --extra dev --output-file requirements.txt

clean: ## remove what can be made again (submissions, your gradebook and built notebooks stay)
	@rm -rf .course/reference .course/environments .course/logs .course/screenshots .course/matplotlib dist report $(CLASS)/.course $(CLASS)/report $(CLASS)/autograded $(CLASS)/feedback $(CLASS)/gradebook.db
