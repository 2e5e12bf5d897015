"""The RDF of a review: its statements, the rules that follow from them, its validation."""
