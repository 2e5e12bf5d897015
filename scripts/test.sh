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
platforms=
if [ "${1:-}" = --all ]; then
    shift
    platforms="darwin win32"
else
    set -- -m "not browser and not engine and not slow" "$@"
fi
# mypy works while the tests run. Each platform has its own cache, since mypy drops one made for another.
types=$(mktemp)
trap 'rm -f "$types"' EXIT
{
    "$venv/bin/mypy"
    for platform in $platforms; do
        "$venv/bin/mypy" --platform "$platform" --cache-dir ".mypy_cache/$platform"
    done
} >"$types" 2>&1 &
typing=$!
status=0
"$venv/bin/python" -m pytest --numprocesses=auto --maxprocesses=4 "$@" || status=$?
wait "$typing" || status=$?
cat "$types"
exit "$status"
