"""What compactgraph costs, measured on made-up reviews against plain rdflib and raw pyoxigraph."""
