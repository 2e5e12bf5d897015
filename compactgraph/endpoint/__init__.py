"""The SPARQL endpoint: the store by SPARQL 1.1 Protocol over HTTP, for reading with other tools."""
