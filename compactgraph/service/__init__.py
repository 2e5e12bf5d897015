"""The client of a SPARQL service on the network."""
