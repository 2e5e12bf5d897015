"""Answers about a review as a whole: overview, checklist, open points, quality, papers."""
