"""The register: what was decided after the review, and the drafts of the new agreement.

People write it, one entry after the other, and it is never rewritten. The graph follows from it.
"""
