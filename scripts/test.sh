#!/bin/sh
# Sets up compactgraph with its test tools in .venv and runs the checks and the quick tests, in as many processes
# as there are processors, up to four. With --all first, it runs all tests: Chromium, engines, kills, fuzzing.
# VENV and CONSTRAINTS choose another environment; other arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."
venv=${VENV:-.venv}
sh scripts/environment.sh "$venv" test "${CONSTRAINTS:-}"
"$venv/bin/ruff" check .
"$venv/bin/ruff" format --check .
"$venv/bin/mypy"
if [ "${1:-}" = --all ]; then
    shift
    for platform in darwin win32; do "$venv/bin/mypy" --platform "$platform"; done
else
    set -- -m "not browser and not engine and not slow" "$@"
fi
"$venv/bin/python" -m pytest --numprocesses=auto --maxprocesses=4 "$@"
