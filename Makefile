# Every command of the project. `make` alone explains them.

PYTHON ?= python3
SEEDS ?= 1-50
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help install demo check run test soak age lint format bench audit eval-intents clean

help: ## Explain the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

install: $(VENV)/.run ## Make .venv with everything that running needs

demo: $(VENV)/.demo ## Chat with the bot in your browser, on a local stand-in for Slack; no account needed
	@$(BIN)/python -m playground $(ARGUMENTS)

check: $(VENV)/.run ## Check tokens, models, database and files before the bot is started, or while it runs
	@$(BIN)/python slackbot.py --check $(ARGUMENTS)

run: $(VENV)/.run ## Run the bot with the settings of .env
	@exec $(BIN)/python slackbot.py

test: $(VENV)/.dev lint ## Run all checks and tests
	$(BIN)/pytest -n auto $(ARGUMENTS)

soak: $(VENV)/.dev ## Break everything for a long while, and count the answers; SEEDS=1-50 chooses what happens
	$(BIN)/python -m tests.stories.chaos --seeds $(SEEDS) $(ARGUMENTS)

age: $(VENV)/.dev ## Let one bot live through thousands of turns, and see that nothing grows
	$(BIN)/python -m tests.stories.ageing $(ARGUMENTS)

lint: $(VENV)/.dev ## Check style, types, imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(VENV)/.dev ## Put the code into the usual form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev ## Measure speed and memory beside a minimal bot
	$(BIN)/python -m benchmarks $(ARGUMENTS)

audit: $(VENV)/.dev $(VENV)/audit/bin/pip-audit ## Check pins and licences, and ask for known vulnerabilities
	@$(BIN)/python -m tests.audit $(VENV)/audit/bin/pip-audit

eval-intents: $(VENV)/.run ## Ask the configured model to sort a table of messages; needs OPENAI_API_KEY
	$(BIN)/python -m benchmarks.intents $(ARGUMENTS)

clean: ## Remove .venv and what tests and tools left behind
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=python3.11")'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo 'Python could not make an environment. On Debian and Ubuntu: apt-get install python3-venv' >&2; exit 1; }

$(VENV)/.run: $(VENV)/bin/python requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	-$(BIN)/python -m bot.openai.vocabulary
	@touch $@

$(VENV)/.demo: $(VENV)/.run playground/requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r playground/requirements.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.demo requirements-dev.txt requirements-telemetry.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

$(VENV)/audit/bin/pip-audit:
	@$(PYTHON) -m venv $(VENV)/audit
	@$(VENV)/audit/bin/pip install --quiet --disable-pip-version-check pip-audit==2.10.1
