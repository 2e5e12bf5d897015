"""compactgraph traces where each commitment of a reviewed Compact moved, why, and on whose word.

The modules follow the journey of the data:

``folder``, ``source``, ``rows``, ``review``, ``footnotes``, ``reader``
    a review's folder and document, read into a plain model;
``vocabulary``, ``cues``, ``wording``, ``reading``
    how its words are read: dispositions, reasons, relations, mentions;
``graph``, ``rules``, ``findings``, ``validation``, ``generations``, ``store``, ``build``
    the RDF, what follows from it, whether it conforms, where it is kept;
``questions``, ``terms``, ``destinations``, ``trace``, ``evidence``, ``passages``, ``ties``, ``network``
    what can be asked of it, and the words in their place in the document;
``overview``, ``flows``, ``material``, ``observations``
    a review as a whole, and what stands out in it;
``references``, ``checklist``, ``openpoints``, ``quality``
    a destination's checklist, what is open, how good the data are;
``workbook``, ``form``, ``incoming``, ``xlsx``, ``ods``, ``docx``, ``sheets``, ``jsonld``, ``export``
    tables and the graph as files, a sheet to be filled in, and workbooks that come from outside;
``finder``, ``quotations``, ``picture``, ``story``, ``answers``
    how readers are shown it, without a word of HTML;
``serving``, ``worker``, ``bounded``, ``recipes``
    for a server: the graph as it is built, and queries within bounds;
``terminal``, ``output``, ``cli``, and the folder ``ui``
    the command line, and the explorer in a browser.

``errors``, ``files``, ``namespaces``, ``identifiers`` and ``paths`` serve them all.
"""

__version__ = "0.1.0"
