# What a person does with this repository; `make` alone lists it.
# bin/bootstrap builds .venv from the lock files and does nothing when it is up to date.

PORT ?= 8000
PYTHON = .venv/bin/python
LOCK = $(PYTHON) -m uv pip compile pyproject.toml --quiet --universal --python-version 3.12 --generate-hashes \
	--no-header $(UPGRADE)

# Settings for checks that need no site of their own, as strict as production.
PRODUCTION = SECRET_KEY=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(64))') DEBUG=off DEMO=off \
	DATABASE_URL=sqlite://:memory: ALLOWED_HOSTS=twinning.test SITE_URL=https://twinning.test SITE_NAME=Test \
	COUNCIL_NAME=Test COUNTRY=GB HOME_CITY=Test HOME_LATITUDE=0 HOME_LONGITUDE=0 CONTACT_EMAIL=post@twinning.test \
	SECURITY_CONTACT=mailto:post@twinning.test ACCESSIBILITY_PREPARED_ON=$$(date +%F) \
	ACCESSIBILITY_REVIEWED_ON=$$(date +%F)

.PHONY: help demo test drill bench lint format lock clean

help:
	@echo "make demo    try the site with the Leeds content (PORT=8123 for another port)"
	@echo "make test    the whole suite (TEST_DATABASE_URL=postgres://... for PostgreSQL)"
	@echo "make drill   prove that a backup under writers comes back whole, and how quickly"
	@echo "make bench   what pages cost with large archives (benchmarks/README.md)"
	@echo "make lint    style, missing migrations, safety of the production settings"
	@echo "make format  put Python and templates into shape"
	@echo "make lock    resolve the dependencies again (UPGRADE=--upgrade takes newer ones)"
	@echo "make clean   remove what was installed and cached; the data in var/ stays"

demo: export DEMO = on
demo: export VAR_DIR = var
demo: export SITE_URL = http://localhost:$(PORT)
demo:
	@bin/bootstrap requirements.txt
	@! $(PYTHON) -c 'import socket; socket.create_connection(("localhost", $(PORT)), 1)' 2>/dev/null || { \
		echo "Port $(PORT) is already in use: stop what answers there, or choose another: make demo PORT=8123"; exit 1; }
	@$(PYTHON) manage.py migrate --verbosity 0
	@$(PYTHON) manage.py sync_roles
	@$(PYTHON) manage.py load_demo
	@echo "The site: http://localhost:$(PORT)/  Stop it with Ctrl+C; make demo brings it back with all that you changed."
	@DJANGO_RUNSERVER_HIDE_WARNING=true $(PYTHON) manage.py runserver --noreload localhost:$(PORT)

test:
	@bin/bootstrap requirements-dev.txt
	@$(PYTHON) -m pytest -n 2 --dist loadscope --no-loadscope-reorder -m "not browser and not nu and not alone"; \
		ordinary=$$?; \
		$(PYTHON) -m pytest -n 2 --dist worksteal -m "browser or nu"; browser=$$?; \
		$(PYTHON) -m pytest -m alone; exit $$((ordinary | browser | $$?))

drill:
	@bin/bootstrap requirements-dev.txt
	@$(PYTHON) -m pytest tests/operations tests/core/web/test_closing.py

bench:
	@bin/bootstrap requirements-dev.txt
	@PYTHONPATH=bin:. DJANGO_SETTINGS_MODULE=tests.settings $(PYTHON) -m benchmarks.bench $(BENCH) \
		$(if $(TEST_DATABASE_URL),--postgres $(TEST_DATABASE_URL))

lint:
	@bin/bootstrap requirements-dev.txt
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	find templates -name '*.html' -exec .venv/bin/djade --check {} +
	$(PRODUCTION) $(PYTHON) manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(PYTHON) manage.py check --deploy --fail-level WARNING

format:
	@bin/bootstrap requirements-dev.txt
	$(PYTHON) -m ruff check --fix --quiet .
	$(PYTHON) -m ruff format .
	find templates -name '*.html' -exec .venv/bin/djade {} +

# Everything is resolved once, for development; what runs in production is that resolution, narrowed.
lock:
	@bin/bootstrap requirements-dev.txt
	$(LOCK) --extra dev --extra s3 --extra sso --output-file requirements-dev.txt
	$(LOCK) --constraint requirements-dev.txt --output-file requirements.txt
	$(LOCK) --constraint requirements-dev.txt --extra s3 --output-file requirements-s3.txt
	$(LOCK) --constraint requirements-dev.txt --extra sso --output-file requirements-sso.txt

clean:
	rm -rf .venv node_modules .pytest_cache .ruff_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "var/ is untouched: it holds the database and the files. Delete it yourself to start from nothing."
