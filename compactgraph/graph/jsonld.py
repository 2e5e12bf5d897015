"""JSON-LD with a local context, ``ontology/context.jsonld``: readers need to fetch nothing.

A term with ``@type: @id`` takes IRIs, one with another ``@type`` or an ``@language`` the literals that
have it. Any other value is written out, so that it is read back exactly.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import groupby
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from compactgraph.common.namespaces import RDF, XSD
from compactgraph.errors import ExportError, FolderError

CONTEXT = "context.jsonld"
_EXACT = 2**53


@dataclass(frozen=True)
class _Term:
    """A term of the context: its name, and the type or language of its plain strings."""

    name: str
    type: str = ""
    language: str = ""


class Context:
    """A JSON-LD context of prefixes and terms, which shortens IRIs and values."""

    def __init__(self, definitions: dict[str, Any]) -> None:
        """Take the context's object; a definition is a string, or has @id, @type and @language."""
        self.definitions = definitions
        self._prefixes = {
            name: iri
            for name, iri in definitions.items()
            if isinstance(iri, str) and iri.endswith(("/", "#"))
        }
        self._terms: dict[str, _Term] = {}
        for name, definition in definitions.items():
            if name in self._prefixes:
                continue
            given = {"@id": definition} if isinstance(definition, str) else definition
            kind = given.get("@type", "")
            full = kind if kind.startswith("@") else self._expand(kind)
            self._terms[self._expand(given["@id"])] = _Term(name, full, given.get("@language", ""))

    def _expand(self, name: str) -> str:
        prefix, _, rest = name.partition(":")
        return self._prefixes[prefix] + rest if prefix in self._prefixes else name

    def iri(self, iri: str) -> str:
        """Return an IRI as the prefixes shorten it; raise ExportError for one they would change."""
        fits = [(ns, name) for name, ns in self._prefixes.items() if iri.startswith(ns) and iri != ns]
        if fits:
            namespace, name = max(fits)
            rest = iri[len(namespace) :]
            return iri if rest.startswith("/") else f"{name}:{rest}"
        if self._expand(iri) != iri:
            raise ExportError(f"<{iri}> reads as a prefixed name in JSON-LD; export it as trig")
        return iri

    def key(self, predicate: str) -> str:
        """Return the key for values of a predicate."""
        term = self._terms.get(predicate)
        return term.name if term else self.iri(predicate)

    def value(self, predicate: str, term: NamedNode | BlankNode | Literal | Triple) -> Any:
        """Return a value as it is written for the key of ``predicate``."""
        coerced = self._terms.get(predicate, _Term(""))
        if isinstance(term, NamedNode | BlankNode):
            name = self.iri(term.value) if isinstance(term, NamedNode) else str(term)
            return name if coerced.type == "@id" else {"@id": name}
        if isinstance(term, Triple):
            raise ExportError("a triple within a triple has no place in JSON-LD; export it as trig")
        return _literal(term, coerced, self)


def _literal(literal: Literal, coerced: _Term, context: Context) -> Any:
    text, datatype = literal.value, literal.datatype.value
    if literal.language is not None:
        is_terms = coerced.language == literal.language
        return text if is_terms else {"@value": text, "@language": literal.language}
    if datatype == XSD + "string":
        return text if coerced == _Term(coerced.name) else {"@value": text}
    if coerced.type == datatype:
        return text
    if datatype == XSD + "integer" and not coerced.type and _is_exact(text):
        return int(text)
    if datatype == XSD + "boolean" and not coerced.type and text in ("true", "false"):
        return text == "true"
    return {"@value": text, "@type": context.iri(datatype)}


def _is_exact(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit() and str(int(text)) == text and abs(int(text)) < _EXACT


def load_context(ontology: Path) -> Context:
    """Return the context of the ontology's folder; raise FolderError if it cannot be read."""
    path = ontology / CONTEXT
    try:
        return Context(json.loads(path.read_text(encoding="utf-8"))["@context"])
    except (OSError, ValueError, KeyError, TypeError):
        raise FolderError(f"{path}: is missing or no JSON-LD context; restore the file") from None


def write_jsonld(quads: Iterable[Quad], ontology: Path) -> bytes:
    """Return quads, sorted by graph and subject, as JSON-LD: the context, and a line for each subject.

    ``ontology`` is the folder that has the context.
    """
    context, stream = load_context(ontology), StringIO(newline="")
    stream.write('{"@context": ')
    json.dump(context.definitions, stream, ensure_ascii=False)
    stream.write(',\n"@graph": [')
    between = "\n"
    for graph, inside in groupby(quads, key=lambda quad: quad.graph_name):
        subjects = _nodes(inside, context)
        if isinstance(graph, DefaultGraph):
            stream.write(between + ",\n".join(subjects))
        else:
            name = context.iri(graph.value) if isinstance(graph, NamedNode) else str(graph)
            stream.write(f'{between}{{"@id": {json.dumps(name)}, "@graph": [\n')
            stream.write(",\n".join(subjects))
            stream.write("\n]}")
        between = ",\n"
    stream.write("\n]}\n")
    return stream.getvalue().encode()


def _nodes(quads: Iterable[Quad], context: Context) -> Iterator[str]:
    """Yield the JSON of each subject."""
    for subject, about in groupby(quads, key=lambda quad: quad.subject):
        name = context.iri(subject.value) if isinstance(subject, NamedNode) else str(subject)
        node: dict[str, Any] = {"@id": name}
        for predicate, same in groupby(about, key=lambda quad: quad.predicate.value):
            for value in (quad.object for quad in same):
                if predicate == RDF + "type" and isinstance(value, NamedNode):
                    node.setdefault("@type", []).append(context.iri(value.value))
                else:
                    key = context.key(predicate)
                    node.setdefault(key, []).append(context.value(predicate, value))
        node.update((key, made[0]) for key, made in node.items() if key != "@id" and len(made) == 1)
        yield json.dumps(node, ensure_ascii=False)
