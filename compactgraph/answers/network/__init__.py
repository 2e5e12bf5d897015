"""Answers about what is tied to what."""
