"""Answers that are tables: destinations and origins, drafts, decisions."""
