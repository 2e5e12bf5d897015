#!/bin/sh
# Sets up compactgraph with its test tools in .venv and runs the checks and all tests.
# VENV and CONSTRAINTS choose another environment; arguments go to pytest. It runs in as many processes as there
# are processors, up to four.
set -eu
cd "$(dirname "$0")/.."
venv=${VENV:-.venv}
sh scripts/environment.sh "$venv" test "${CONSTRAINTS:-}"
"$venv/bin/ruff" check .
"$venv/bin/ruff" format --check .
for platform in linux darwin win32; do "$venv/bin/mypy" --platform "$platform"; done
"$venv/bin/python" -m pytest --numprocesses=auto --maxprocesses=4 "$@"
