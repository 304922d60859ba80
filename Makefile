# Few words: setup demo test check fix bench dist docs. What CI runs is what a person runs.
.POSIX:
.DELETE_ON_ERROR:
PYTHON ?= python3
BIN := .venv/bin
DIST := dist
# One process of tests more than there are processors, as some always wait; and who is done takes from who has most left.
BESIDE = -n "$$(($$(getconf _NPROCESSORS_ONLN) + 1))" --dist worksteal
# Tests are compiled once for all processes, even where byte code is not wanted: it takes each of them 11 s of CPU.
unexport PYTHONDONTWRITEBYTECODE
# A certificate store given to pip is meant for the installer too.
export SSL_CERT_FILE ?= $(if $(PIP_CERT),$(PIP_CERT),/etc/ssl/certs/ca-certificates.crt)

.PHONY: setup demo lint test others core quick near fuzz drill test-shipped test-gateways test-postgresql test-haraka check fix bench docs dist blueprint lock sbom audit clean browser tools screenshots picture

setup: .venv/.stamp ## the environment, from the hashed lock

.venv/.stamp: uv.lock pyproject.toml simulator/pyproject.toml requirements/uv.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if (3, 11) <= v < (3, 14) else "Python 3.11, 3.12 or 3.13 is needed, and this is %d.%d. Name another with: make PYTHON=python3.11" % v[:2])'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	$(BIN)/uv sync --frozen --quiet --all-packages --all-extras --all-groups --no-group supply --compile-bytecode
	$(BIN)/python -m compileall -q src simulator/src
	@touch $@

demo: setup ## a simulated tenant, read and synced, in one command
	@$(BIN)/mailroll demo

check: lint ## lint, format, types, layers, templates
	$(BIN)/pytest -q -p no:cacheprovider tests/console/test_templates.py

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

browser: setup ## the browser that the tests of the Console look through: a shell without windows, the whole one where there is none
	@command -v chromium-headless-shell >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium-headless-shell; } \
	  || command -v chromium >/dev/null || $(BIN)/playwright install --only-shell chromium

tools: ## what the commands of the simulator's README are typed with
	@missing="$$(for tool in curl jq; do command -v $$tool >/dev/null || echo $$tool; done)"; [ -z "$$missing" ] \
	  || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; } \
	  || { echo "The tests need curl and jq; install them first." >&2; exit 1; }

screenshots: browser ## every page of the Console, in both themes and on a phone, in .screenshots
	@mkdir -p .screenshots
	MAILROLL_SCREENSHOTS=.screenshots $(BIN)/pytest -q tests/console/browser/test_pages.py

picture: browser ## the picture in the README, taken of the demo
	MAILROLL_PICTURE=docs/console.png $(BIN)/pytest -q tests/console/browser/test_journey.py -k made_to_happen

core: setup ## the tests of the core: its plain cases reach every branch of it by themselves, its properties are not watched
	$(BIN)/coverage run --branch --source=mailroll.reconcile --data-file=.coverage.reconcile \
	  -m pytest -p no:cacheprovider -m "not hypothesis" tests/reconcile
	$(BIN)/coverage report --data-file=.coverage.reconcile --fail-under=100 --skip-covered
	$(BIN)/pytest -p no:cacheprovider -m hypothesis tests/reconcile

test: browser tools ## lint, types, layers and every test but those of `make test-shipped`, and of servers that are not ours
	@$(BIN)/python -m compileall -q src simulator/src # once, not in each of the processes that tests start
	@$(BIN)/python -c 'from hypothesis.strategies import text; text().validate()' # likewise its table of characters, 1.3 s
	@$(MAKE) -j 2 core others # the core needs one processor only, and so does what others begin with

others: lint # `check` has a test besides, that is one of these
	@$(BIN)/python -m tests.byte_code tests simulator/tests
	$(BIN)/pytest $(BESIDE) --ignore=tests/reconcile $(addprefix --ignore=,$(SHIPPED))

# Campaigns that look at what people get: wheels, an empty environment, image and composition, the documentation as it
# is built, the demo and the bench. They take three minutes of a processor, and a change of a line seldom reaches them.
SHIPPED = tests/packaging/test_dist.py tests/packaging/test_container.py tests/tools/test_site.py tests/bench \
	  tests/console/browser/test_help.py tests/console/browser/test_journey.py
test-shipped: browser ## the product as people get it: wheels, image, documentation, demo and bench
	@$(BIN)/python -m compileall -q src simulator/src tests
	MAKEFLAGS= $(BIN)/pytest $(BESIDE) $(SHIPPED) # a make that a test starts is nobody's child

quick: setup ## check, the core, and the tests that the change since main can have touched most likely
	@$(MAKE) -j 2 check near

near: setup
	$(BIN)/pytest $(BESIDE) tests/reconcile $$($(BIN)/python -m tests.touched)

fuzz: setup ## hostile values for every page, for some minutes and from a new beginning each time
	MAILROLL_FUZZ_ROUNDS=100 MAILROLL_FUZZ_SEED=$$(date +%s) $(BIN)/pytest -q tests/console/test_fuzz.py

# Real servers, got once for both; where this machine can have none, that is said, and CI fails.
WITH_GATEWAYS = code=0; folder="$$($(BIN)/python -m tests.gateways_real.servers)" || code=$$?; case $$code in \
	  0) MAILROLL_TEST_GATEWAYS="$$folder" $(BIN)/pytest $(1) ;; \
	  75) if [ -n "$$CI" ]; then exit 1; fi; echo "Left out: $(2)." >&2 ;; \
	  *) exit 1 ;; esac

test-gateways: setup ## Postfix, Exim, Rspamd, slapd, nginx and Caddy themselves, as root on Debian; nothing of them is installed
	@$(call WITH_GATEWAYS,-q tests/gateways_real,the tests with real mail servers)

drill: browser tools ## from an empty environment to a restored installation, as docs/how-to/drill.md tells it, as root on Debian
	@$(call WITH_GATEWAYS,-q -s tests/drill,the drill with real servers)

# Of the tests of runs those whose subject is the database itself: locks, the queue, transactions.
ASKING = $(patsubst %,tests/sync/test_%.py,addresses clock connections decisions fences lock_session pooler requests samples tick)
# What it takes to own the database, to bring its tables up to date, and to move.
OWNING = tests/backup tests/schema tests/migrations/test_restored_dump.py
test-postgresql: setup ## the roll, backups, migrating, and what of runs leans on the database, on Debian's own PostgreSQL, as root on Debian; nothing of it is installed
	@code=0; $(BIN)/python -m tests.debian_postgresql -q $(BESIDE) tests/directory $(OWNING) $(ASKING) || code=$$?; case $$code in \
	  0) ;; \
	  75) if [ -n "$$CI" ]; then exit 1; fi; echo "Left out: the tests with Debian's PostgreSQL." >&2 ;; \
	  *) exit 1 ;; esac

# 40 MB from another registry, with Node.js 20 to run them: on demand, and never in CI.
test-haraka: setup ## Haraka itself, from the npm registry, asks by the plugin of the recipe
	npm install --prefix .gateways/haraka --no-audit --no-fund --ignore-scripts --omit=optional Haraka@3.3.4
	MAILROLL_TEST_HARAKA=$(CURDIR)/.gateways/haraka $(BIN)/pytest -q tests/gateways_real/test_haraka.py

fix: setup ## what a machine can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup ## one table of time and memory, beside floors measured in the same run; USERS=20000 takes a fifth of the time
	@$(BIN)/python -m compileall -q src simulator/src tests
	$(BIN)/python -m tests.bench $(if $(USERS),--users $(USERS))

dist: setup ## the wheels and sources of Mailroll and of the simulator, in dist; the documentation is in the wheel
	@$(BIN)/python -m tools.site
	$(BIN)/uv build --quiet --no-build-isolation --all-packages --clear --out-dir $(DIST)

docs: setup ## the pages that are drawn from the code, and the site that the Console shows at /help/; fails on a dead link
	$(BIN)/python -m tools.reference
	MAILROLL_WRITE_DOCS=1 $(BIN)/pytest -q tests/sync/test_run_states.py tests/gateway/test_recipes.py
	$(BIN)/python -m tools.site

.supply/.stamp: .venv/.stamp
	UV_PROJECT_ENVIRONMENT=.supply/tools $(BIN)/uv sync --frozen --quiet --only-group supply
	UV_PROJECT_ENVIRONMENT=.supply/product $(BIN)/uv sync --frozen --quiet --no-default-groups --all-extras --no-install-workspace
	@touch $@

sbom: .supply/.stamp ## what an installation is made of, as CycloneDX, and the licences of its parts, in dist
	@mkdir -p $(DIST)
	.supply/tools/bin/cyclonedx-py environment --pyproject pyproject.toml --mc-type application --output-reproducible \
	  --output-file $(DIST)/mailroll.cdx.json .supply/product
	$(BIN)/python -m tests.supply.licences $(DIST)/mailroll.cdx.json $(DIST)/licences.txt

audit: .supply/.stamp ## known vulnerabilities in what is installed; says so where nobody could be asked
	@$(BIN)/uv export --frozen --quiet --all-packages --all-extras --no-emit-workspace --no-default-groups -o .supply/requirements.txt
	@rm -f .supply/audit.json; .supply/tools/bin/pip-audit --disable-pip --require-hashes -r .supply/requirements.txt \
	  --progress-spinner off --format json --output .supply/audit.json 2>.supply/audit.log || true
	@$(BIN)/python -m tests.supply.audit .supply/audit.json

blueprint: setup ## the tables of a new database, drawn from all migrations
	DJANGO_SETTINGS_MODULE=mailroll.config.settings $(BIN)/python -m tools.blueprint

lock: setup ## resolve the lock anew
	$(BIN)/uv lock --upgrade

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .demo .gateways .supply dist
