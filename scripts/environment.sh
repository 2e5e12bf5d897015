#!/bin/sh
# environment.sh FOLDER EXTRA [CONSTRAINTS]: makes or renews a virtual environment with compactgraph in it.
# PYTHON names the interpreter where python3 is not the one.
set -eu
folder=$1
extra=$2
constraints=${3:-}
python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "compactgraph needs Python 3.11 or later; name one with PYTHON=/path/to/python" >&2
    exit 2
}
wanted=$(cat pyproject.toml ${constraints:+"$constraints"} | cksum)
if [ ! -x "$folder/bin/python" ] || [ "$(cat "$folder/.installed-$extra" 2>/dev/null)" != "$wanted" ]; then
    echo "Setting up $folder …" >&2
    "$python" -m venv "$folder"
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check \
        ${constraints:+--constraint "$constraints"} --editable ".[$extra]"
    echo "$wanted" >"$folder/.installed-$extra"
fi
