"""compactgraph traces where each commitment of a reviewed Compact moved, why, and on whose word.

The modules follow the journey of the data:

``folder``, ``source``, ``rows``, ``review``, ``footnotes``, ``reader``
    a review's folder and document, read into a plain model;
``vocabulary``, ``cues``, ``wording``, ``reading``
    how its words are read: dispositions, reasons, relations, mentions;
``graph``, ``rules``, ``findings``, ``validation``, ``generations``, ``store``, ``build``
    the RDF, what follows from it, whether it conforms, where it is kept;
``questions``, ``destinations``, ``trace``, ``ties``, ``network``
    what can be asked of it;
``workbook``, ``xlsx``, ``ods``, ``sheets``, ``jsonld``, ``export``, ``terminal``, ``output``, ``cli``
    how an answer reaches a person.

``errors``, ``files``, ``namespaces``, ``identifiers`` and ``paths`` serve them all.
"""

__version__ = "0.1.0"
