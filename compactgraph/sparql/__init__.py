"""SPARQL: queries that are safe to run, the saved questions, and their answers."""
