# Every habit of this project has a target here; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help demo test check format prove bench lock clean

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(READY): requirements.lock pyproject.toml
	@echo "Setting up $(VENV) (once; about a minute) ..."
	@$(PYTHON) -c 'import sys; ok = (3, 11) <= sys.version_info[:2] <= (3, 13); sys.exit(None if ok else "pbxsim needs Python 3.11 to 3.13, and $(PYTHON) is " + sys.version.split()[0] + ". Say `make PYTHON=python3.12 ...`.")'
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

demo: $(READY)  ## a server with two small offices and their phones, and a page to play with
	@$(BIN)/pbxsim demo

test: check  ## style, types, layers, and every test (what CI runs)
	@$(BIN)/pytest -q -n auto

check: $(READY)  ## ruff, mypy --strict, import-linter
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(READY)  ## let ruff lay out the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

prove: $(READY)  ## the long proofs, with full counts; results in proof/
	@$(BIN)/python -m tests.prove

bench: $(READY)  ## the benchmarks, as a table and as JSON
	@$(BIN)/python -m benchmarks

lock: $(READY)  ## choose versions anew and write requirements.lock (needs uv)
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade -o requirements.lock
	uv pip compile pyproject.toml --universal --python-version 3.11 -c requirements.lock \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements-server.lock

clean:  ## remove what the targets above made
	rm -rf $(VENV) proof .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
