"""The register: what was decided after the review, and the drafts of the new agreement.

It is written by people, one entry after the other, and never rewritten; the graph follows from it.

``entries``, ``chain``
    an entry, its hash, and whether a row of entries is whole;
``file``, ``service``, ``place``
    where a register is kept: in an SQLite file beside the store, or on the service that is the store;
``fold``, ``drafts``, ``lineage``
    what is in force of the decisions, the text of each draft, and where it came from;
``statements``, ``standing``
    the RDF of the decisions, and what follows from them and the readings together;
``deciding``, ``drafting``
    how a decision, or a draft's provision, is checked and written;
``columns``, ``outgoing``, ``returned``, ``filled``, ``bearing``, ``judging``, ``preview``, ``sheet``
    the spreadsheet that goes out to be decided on, what comes back of it, and what it would record.
"""
