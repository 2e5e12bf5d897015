"""compactgraph traces where each commitment of a reviewed Compact moved, why, and on whose word.

The modules follow the journey of the data:

``folder``, ``source``, ``rows``, ``review``, ``reader``
    a review's folder and document, read into a plain model;
``vocabulary``, ``cues``, ``wording``, ``reading``
    how its words are read: dispositions, reasons, relations, mentions;
``graph``, ``rules``, ``validation``, ``store``, ``build``
    the RDF, what follows from it, whether it conforms, where it is kept;
``questions``, ``destinations``, ``trace``, ``network``
    what can be asked of it;
``sheets``, ``export``, ``cli``
    how an answer reaches a person.
"""

__version__ = "0.1.0"
