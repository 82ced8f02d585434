# Everything that is done with this project, one command each. All of it works on a machine that has only Python
# and make; what else is needed goes into .venv.

VENV := .venv
PYTHON := $(VENV)/bin/python
PORT ?= 8000

PIP := $(PYTHON) -m pip --disable-pip-version-check --quiet --quiet
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
NODE_MODULES := node_modules/.installed

export PORT

.DEFAULT_GOAL := help
.PHONY: help run serve test test-faults lint format bundle bench audit lock clean

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: export DEBUG := on
run: $(INSTALLED) ## Serve the site with demo data on http://127.0.0.1:8000 (PORT=… for another), for development
	@$(PYTHON) -m scripts.run

serve: export DEBUG := off
serve: $(INSTALLED) ## Serve the site as in production; needs SECRET_KEY, takes WORKERS, PORT, DATABASE_URL, REDIS_URL
	@$(PYTHON) manage.py collectstatic --noinput --verbosity 0
	@$(PYTHON) manage.py migrate --noinput --verbosity 0
	@exec $(PYTHON) -m config.serve

test: $(INSTALLED_DEV) $(NODE_MODULES) ## Run every test (ARGS="tests/comments -k reply" for some)
	@$(PYTHON) -m scripts.test $(ARGS)

test-faults: $(INSTALLED_DEV) ## Prove every promise of docs/reliability.md by its fault, and print the table
	@$(PYTHON) -m scripts.test_faults $(ARGS)

lint: $(INSTALLED_DEV) $(NODE_MODULES) ## Check style, types, settings and migrations, of Python and JavaScript
	@$(PYTHON) -m scripts.lint

format: $(INSTALLED_DEV) ## Put the code into its format
	@$(PYTHON) -m ruff check --fix-only --quiet .
	@$(PYTHON) -m ruff format .

bundle: $(INSTALLED_DEV) $(NODE_MODULES) ## Make one script and one style of the comments' modules, for production
	@$(PYTHON) -m scripts.bundle

bench: $(INSTALLED_DEV) ## Measure the production server on this machine
	@$(PYTHON) -m bench $(ARGS)

audit: $(INSTALLED_DEV) ## Look the locked packages up among the known vulnerabilities
	@$(PYTHON) -m pip_audit --strict --require-hashes --disable-pip --requirement requirements.txt

lock: $(INSTALLED_DEV) ## Compile requirements.txt and requirements-dev.txt anew from pyproject.toml (UPGRADE=1 for newest)
	@$(PYTHON) -m uv --version >/dev/null 2>&1 || $(PIP) install uv
	@scripts/lock "$(PYTHON) -m uv" $(if $(UPGRADE),--upgrade)

clean: ## Remove what was installed and made here; the database stays
	rm -rf $(VENV) node_modules staticfiles test-results .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(INSTALLED): requirements.txt $(VENV)/bin/pip
	@echo "Installing what the site needs into $(VENV) …"
	@$(PIP) install --require-hashes --requirement requirements.txt
	@touch $@

# The development lock holds all of the other, at the same versions.
$(INSTALLED_DEV): requirements-dev.txt requirements.txt $(VENV)/bin/pip
	@echo "Installing what development needs into $(VENV) …"
	@$(PIP) install --require-hashes --requirement requirements-dev.txt
	@touch $(INSTALLED) $@

# Node comes with the development lock: what is on the machine does not matter.
$(NODE_MODULES): package-lock.json .npmrc | $(INSTALLED_DEV)
	@echo "Installing what checks the JavaScript into node_modules …"
	@$(PYTHON) -m scripts.npm ci --silent
	@touch $@

$(VENV)/bin/pip:
	@scripts/make-venv $(VENV)
