"""The register: what was decided after the review, and the drafts of the new agreement.

People write it, one entry after the other, and it is never rewritten. The graph follows from it.

``entry``, ``chain``
    an entry, its hash, and whether a row of entries is whole;
``registers``, ``followed``
    where the register of a store is; its entries as they were last read, and how some are added;
``database``, ``file``, ``postgresql``
    a register in SQLite or PostgreSQL;
``service``
    a register that an earlier version kept on a SPARQL service, for reading;
``transfer``
    checking a register against what is known of it, export and import.
"""
