#!/bin/sh
# Sets up compactgraph in .venv, builds the graph and prints the table of destinations.
set -eu
cd "$(dirname "$0")/.."
sh scripts/environment.sh .venv run
.venv/bin/compactgraph build
.venv/bin/compactgraph destinations --format table
