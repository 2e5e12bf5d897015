"""``python -m compactgraph`` is the ``compactgraph`` command."""

from compactgraph.cli.app import main

main()
