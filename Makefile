# The commands of a developer's day. `make` alone lists them.
UV = UV_SYSTEM_CERTS=1 .venv/bin/uv
LOCK = $(UV) pip compile --quiet --universal --generate-hashes --no-header $(UPGRADE)

.PHONY: help run test quick chaos format reference catalogues lock

help:                ## list these commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 20

run:                 ## set up where needed, then serve
	./run

test:                ## every check, as continuous integration runs them
	./test

quick:               ## the checks that take seconds: style, layers, types
	./test format lint layers types

chaos:               ## every fault in full size, and owners killed 100 times; prints a table; about an hour
	.venv/bin/python -m tests.chaos rows --seeds 5
	for seed in 1 2 3 4 5; do .venv/bin/python -m tests.chaos --seed $$seed kills --kills 20 || exit 1; done

format:              ## put the code into its normal form
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

reference:           ## make .env.example and the reference pages from the code
	.venv/bin/python scripts/reference.py

catalogues:          ## bring the translations of mails in line with the code
	.venv/bin/python scripts/catalogues.py

lock:                ## pin the dependencies of pyproject.toml; with UPGRADE=--upgrade to newer ones
	$(LOCK) pyproject.toml --output-file requirements/runtime.txt
	$(LOCK) pyproject.toml --group test --constraints requirements/runtime.txt --output-file requirements/test.txt
	$(LOCK) requirements/bootstrap.in --output-file requirements/bootstrap.txt
