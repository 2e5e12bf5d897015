"""Answers about one provision: its trace, the evidence, its words in their place."""
