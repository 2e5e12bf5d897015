"""A register on the SPARQL service that is the store, in a named graph of its own."""
