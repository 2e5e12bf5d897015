"""For a server: the graph as it is built, and queries within limits."""
