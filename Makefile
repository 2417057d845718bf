# `make help` lists the targets; `make demo` and `make test` do their own set-up.
ENV ?= china-dev
KEEP ?=
CLUSTER ?=
PYTHON ?= python3
BIN := .venv/bin
# Without bytecode aws_cdk is compiled again at every start, which triples the time of a synthesis.
unexport PYTHONDONTWRITEBYTECODE
# A foreign certificate bundle breaks clients that talk to loopback; package managers keep it.
run := env -u AWS_CA_BUNDLE

.DEFAULT_GOAL := help
.PHONY: help setup demo cluster test test-fast lint types audit synth diff deploy bootstrap lock pictures clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup ## deploy an environment to a local AWS: ENV=china-dev, KEEP=1 leaves it up, CLUSTER=1 with a real control plane
	@$(run) $(BIN)/mlp demo $(ENV) $(if $(KEEP),--keep) $(if $(filter 1,$(CLUSTER)),--cluster) $(if $(filter 0,$(CLUSTER)),--no-cluster)

cluster: setup ## build the local cluster's programs into the user's cache, once: about ten minutes on two cores
	@$(run) $(BIN)/mlp local build

test: setup lint types ## lint, types and every test; builds the local cluster's programs where they are missing
	@$(run) $(BIN)/mlp local build >/dev/null || echo "make test: without these programs the tests of the cluster are skipped" >&2
	$(run) $(BIN)/pytest --numprocesses 2

test-fast: setup lint types ## lint, types and the tests that need no cluster
	@echo "make test-fast: leaves out tests/cluster"
	MLP_CLUSTER=off $(run) $(BIN)/pytest --numprocesses 2

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/yamllint --strict .
	$(BIN)/codespell

types: setup
	$(BIN)/basedpyright

synth: setup ## write the templates of ENV into cdk.out
	$(run) $(BIN)/mlp synth $(ENV)

diff: setup ## show what a deployment of ENV would change
	$(run) $(BIN)/cdk diff -c env=$(ENV) --all

bootstrap: setup ## prepare the account and region of ENV for the CDK, once
	$(run) $(BIN)/mlp bootstrap $(ENV)

deploy: setup ## deploy ENV to AWS
	$(run) $(BIN)/mlp deploy $(ENV)

pictures: setup ## draw the documentation's pictures from their sources
	$(BIN)/node docs/pictures/draw.mjs

clean: ## remove what synthesis and tests have written
	rm -rf cdk.out .pytest_cache .ruff_cache .hypothesis

setup: .venv/.ready ## install the locked Python packages, Node.js and the CDK CLI into .venv and node_modules

.venv/.ready: requirements.txt package-lock.json pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "make setup: $(PYTHON) is too old, Python 3.11 or newer is needed; name one: make setup PYTHON=python3.12" >&2; exit 2; }
	@echo "Installing the locked packages into .venv (about 1.6 GB, once) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.txt > .venv/uv.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r .venv/uv.txt
	@VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv pip sync --quiet --require-hashes --compile-bytecode requirements.txt
	@VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@PATH=$(CURDIR)/$(BIN):$$PATH $(BIN)/npm ci --silent
	@touch $@

lock: ## resolve the dependencies again, after a change of pyproject.toml or package.json
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --group dev pyproject.toml --output-file requirements.txt
	PATH=$(CURDIR)/$(BIN):$$PATH $(BIN)/npm install --package-lock-only --silent

# checkov, apart from everything else: `make lock` locks it too.
AUDIT := .venv-checkov
.PHONY: audit-setup audit lock-audit

audit: audit-setup ## compare what checkov and cfn-lint find in all templates with what is acknowledged
	$(run) $(BIN)/pytest tests/rules tests/test_cfn_lint.py

audit-setup: $(AUDIT)/.ready

$(AUDIT)/.ready: requirements-checkov.txt | .venv/.ready
	@echo "Installing the locked checkov into $(AUDIT) (about 290 MB, once) ..."
	@test -x $(AUDIT)/bin/python || $(BIN)/python -m venv $(AUDIT)
	@VIRTUAL_ENV=$(CURDIR)/$(AUDIT) $(BIN)/uv pip sync --quiet --require-hashes --compile-bytecode requirements-checkov.txt
	@touch $@

lock-audit:
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header requirements-checkov.in --output-file requirements-checkov.txt

lock: lock-audit
test: audit-setup
