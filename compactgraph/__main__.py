"""``python -m compactgraph`` is the ``compactgraph`` command."""

from compactgraph.cli import main

main()
