# run    serve the mock (ARGS="--port 9000" passes options on)
# check  lint, format, types
# test   every test, and full branch coverage of the parts that decide
# bench  speed and memory, against a bare Starlette app in the same run
# proof  the long proofs in full size

PYTHON ?= $(shell command -v python3.11 || command -v python3)
WORKERS ?= auto
BIN := .venv/bin
INSTALLED := .venv/.installed

# What exists of them: a folder is checked and measured from the day it appears.
CODE := $(wildcard mock_server contract_tests tests benchmarks examples)
DECIDING := $(wildcard mock_server/core contract_tests/rules)

# Programs that some tests run as clients of the mock, by the names of their Debian packages.
# faketime has the library that lets time pass faster for a client; chromium opens the HTML report.
CLIENTS := chromium curl jq faketime

.PHONY: run check test bench proof clients

run: $(INSTALLED)
	$(BIN)/safelight serve $(ARGS)

check: $(INSTALLED)
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy $(CODE)

test: $(INSTALLED) clients
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(DECIDING:%=--cov=%) $(ARGS)

bench: $(INSTALLED)
	$(BIN)/python -m benchmarks $(ARGS)

proof: $(INSTALLED) clients
	SAFELIGHT_PROOF=full $(BIN)/python -m pytest -m proof $(ARGS)

# They are installed where that can be done (Debian, as root); elsewhere the tests name what lacks.
clients:
	@(for each in $(CLIENTS); do command -v $$each >/dev/null || exit 1; done) || { \
		test "$$(id -u)" = 0 && command -v apt-get >/dev/null && \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends $(CLIENTS); } || \
		echo "make: some tests need the programs $(CLIENTS); please install them"

# The project's folder is asked for behind links: the README's tour runs in a folder of links, and
# an install from there must not point at a folder that is gone a minute later. So is .venv, for
# the first line of each installed command names the Python that it was installed with.
$(INSTALLED): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	"$$(realpath $(BIN))/python" -m pip install --quiet --constraint constraints.txt \
		--editable "$$(dirname "$$(realpath pyproject.toml)")[dev]"
	touch $@
