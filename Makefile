# The two commands that matter: `make run` and `make test`. Recipes are one line; what they do is in companion/local.
PYTHON ?= python3
PY := .venv/bin/python
SEED ?= 1
# Images often set it: each process would compile all packages anew, which is half of a start.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := run
.PHONY: run test check messages bench bench-peers simulate lock shell format ready ready-test

run: ready ## the whole product on this machine (PORT, COMPANION_DATA_DIR)
	@exec $(PY) -m companion.local run

test: check ## every check and every test
	@$(PY) -m pytest --numprocesses 3 --dist worksteal

check: ready-test ## lint, types, layers, templates, migrations
	@$(PY) -m companion.local check

bench: ready-test ## the table of figures
	@$(PY) -m bench

bench-peers: ready-test ## litellm, open-webui, chainlit and langgraph beside us, in environments of their own
	@$(PY) -m bench.peers

simulate: ready-test ## one seed of the turn engine's simulation: make simulate SEED=7
	@$(PY) -m tests.simulation $(SEED)

shell: ready ## Django's shell on the servers of a running `make run`
	@$(PY) manage.py shell

messages: ready ## collects what fans read into locale/*/LC_MESSAGES/django.po
	@$(PY) -m companion.local.messages

format: ready-test ## rewrites the code's format
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

lock: ready ## requirements*.in → pinned and hashed requirements*.txt
	@for part in requirements requirements-dev; do .venv/bin/uv pip compile -q --python-version 3.11.0 --generate-hashes $$part.in -o $$part.txt; done

ready:
	@$(PYTHON) companion/local/bootstrap.py run

ready-test:
	@$(PYTHON) companion/local/bootstrap.py test
