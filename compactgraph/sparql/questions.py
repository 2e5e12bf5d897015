"""The saved questions, and the views that commands and pages ask.

A saved question is a file of ``ontology/queries/``. Its header gives the question, who asks it, what a
row means, and its parameters::

    # question: Which provisions go to a given document, and how firmly?
    # asks: governance lead
    # row: a movement to the document
    # parameter: destination (reference) the document or body
    # parameter: party (party, optional) only commitments of this party

A parameter is bound as a term, never pasted into the text. The query must project it and use it in a
pattern, not in a BIND or a FILTER. It is no column of the answer. Every question has the optional
parameter ``review``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from compactgraph.common.identifiers import ReviewIRIs
from compactgraph.common.namespaces import CG, DCTERMS, ID, RDF, SKOS, VOCAB
from compactgraph.errors import (
    FolderError,
    MissingParameterError,
    NextStep,
    QueryError,
    UnknownNameError,
    require_known,
)
from compactgraph.sparql.dataset import Dataset
from compactgraph.sparql.rows import Answer, select

_HEADER = re.compile(r"#\s*(question|asks|row|parameter):\s*(.*)")
_PARAMETER = re.compile(r"(\w+)\s*\((\w+)(,\s*optional)?\)\s*(.*)")
_TERM_KINDS = frozenset({"outcome", "party", "disposition", "reason", "relation", "status"})
KINDS = frozenset({"review", "reference", "provision", "theme", "number", "text"}) | _TERM_KINDS


@dataclass(frozen=True)
class Parameter:
    """A parameter of a saved question: a variable, the kind of its value, and its meaning."""

    name: str
    kind: str
    optional: bool
    meaning: str


@dataclass(frozen=True)
class SavedQuestion:
    """A saved question: its name, the lines of its header, and its SPARQL."""

    name: str
    question: str
    asks: str
    row: str
    parameters: tuple[Parameter, ...]
    sparql: str


@lru_cache(maxsize=8)
def saved_questions(ontology: Path) -> dict[str, SavedQuestion]:
    """Return the saved questions by name; raise FolderError if a header is incomplete."""
    files = {path.stem: path for path in (ontology / "queries").glob("*.rq")}
    return {name: _read_question(files[name]) for name in sorted(files)}


def _read_question(path: Path) -> SavedQuestion:
    text = path.read_text(encoding="utf-8")
    found: dict[str, list[str]] = {"question": [], "asks": [], "row": [], "parameter": []}
    for line in text.splitlines():
        if match := _HEADER.match(line):
            found[match[1]].append(match[2].strip())
    parameters = [Parameter("review", "review", True, "only this review")]
    for declared in found["parameter"]:
        match = _PARAMETER.fullmatch(declared)
        if match is None or match[2] not in KINDS:
            raise FolderError(f"{path}: 'parameter: {declared}' is malformed; mend the header")
        parameters.append(Parameter(match[1], match[2], bool(match[3]), match[4]))
    for key in ("question", "asks", "row"):
        if len(found[key]) != 1:
            raise FolderError(f"{path}: the header needs one line '# {key}: …'")
    question, asks, row = (found[key][0] for key in ("question", "asks", "row"))
    return SavedQuestion(path.stem, question, asks, row, tuple(parameters), text)


def find_question(ontology: Path, name: str) -> SavedQuestion:
    """Return the saved question ``name``; raise UnknownNameError if it is unknown."""
    questions = saved_questions(ontology)
    require_known("question", name, questions)
    return questions[name]


def ask(
    store: Dataset,
    question: SavedQuestion,
    values: Mapping[str, str],
    review: str | None = None,
    *,
    limit: int | None = None,
) -> Answer:
    """Ask a saved question.

    ``values`` are the parameters as a person writes them (``vcse-strategy``, ``1.11``); without a
    ``review``, all reviews are asked about, and the answer has a column for it; ``limit`` is the most
    rows that the answer may have. Raises QueryError if a parameter is missing or unfit, and
    UnknownNameError if a parameter or its value is unknown.
    """
    known = {parameter.name: parameter for parameter in question.parameters}
    for name in values:
        require_known(f"parameter of {question.name}", name, known)
    given = dict(values)
    if review is not None:
        given["review"] = review
    missing = [p.name for p in question.parameters if not p.optional and p.name not in given]
    if missing:
        raise MissingParameterError(
            f"{question.name} needs {', '.join(missing)}: {known[missing[0]].meaning}", missing[0]
        )
    bound = {n: bind(store, known[n].kind, value, review) for n, value in given.items()}
    left_out = known.keys() - given.keys() - {"review"}
    return select(store, question.sparql, bound, limit=limit, hidden=left_out)


def bind(store: Dataset, kind: str, value: str, review: str | None = None) -> NamedNode | Literal:
    """Return the term for a ``value`` of one of the :data:`KINDS`.

    Raises UnknownNameError if nothing in the store has the name, and QueryError if the value does not
    fit its kind, or fits several reviews.
    """
    if kind == "text":
        return Literal(value)
    if kind == "number":
        try:
            return Literal(int(value)) if re.fullmatch(r"[+-]?\d+", value) else Literal(float(value))
        except ValueError:
            raise QueryError(f"'{value}' is no number; write it in figures") from None
    if kind in _TERM_KINDS:
        terms = {notation: node for node, notation in _named(store, VOCAB + kind)}
        require_known(kind, value, terms)
        return terms[value]
    if kind == "theme":
        return bind(store, "provision", f"theme-{value}", review)
    class_ = CG + kind.capitalize()
    found = list(_identified(store, kind, value, class_, review))
    if len(found) > 1:
        reviews = sorted(review_of(node) for node in found)
        shown = ", ".join(reviews[:5]) + (" …" if len(reviews) > 5 else "")
        raise QueryError(f"{kind} {value} is in several reviews ({shown})", NextStep.CHOOSE_REVIEW)
    if not found:
        everywhere = kind == "review" or review is None
        near = [
            name
            for node, name in _named(store, class_)
            if everywhere or review_of(node) in (review, "reference")
        ]
        raise UnknownNameError(kind, value, near)
    return found[0]


def _identified(
    store: Dataset, kind: str, identifier: str, class_: str, review: str | None
) -> Iterator[NamedNode]:
    """Yield the nodes of a class with the identifier.

    The IRI in one review is known, so that other reviews cost nothing.
    """
    naming = NamedNode(DCTERMS + "identifier"), Literal(identifier)
    subjects: list[NamedNode | None] = [None]
    if review is not None and kind != "review":
        iris = ReviewIRIs(review)
        possible = [iris.provision(identifier)]
        if kind == "reference":
            possible = [iris.reference(identifier, shared=shared) for shared in (False, True)]
        try:
            subjects = [NamedNode(iri) for iri in possible]
        except ValueError:
            return  # The identifier fits no IRI.
    for subject in subjects:
        for quad in store.quads_for_pattern(subject, *naming, None):
            node = quad.subject
            typed = store.quads_for_pattern(node, NamedNode(RDF + "type"), NamedNode(class_), None)
            if isinstance(node, NamedNode) and next(iter(typed), None) is not None:
                yield node


def _named(store: Dataset, class_or_scheme: str) -> Iterator[tuple[NamedNode, str]]:
    """Yield the members of a class, or of a concept scheme, each with its name."""
    in_scheme = class_or_scheme.startswith(VOCAB)
    member = SKOS + "inScheme" if in_scheme else RDF + "type"
    name = SKOS + "notation" if in_scheme else DCTERMS + "identifier"
    whole = NamedNode(class_or_scheme)
    for quad in store.quads_for_pattern(None, NamedNode(member), whole, None):
        for naming in store.quads_for_pattern(quad.subject, NamedNode(name), None, None):
            if isinstance(quad.subject, NamedNode) and isinstance(naming.object, Literal):
                yield quad.subject, naming.object.value


def review_of(node: NamedNode | Literal) -> str:
    """Return the review to which a node belongs, or ``reference`` for what all reviews share."""
    return node.value.removeprefix(ID).split("/", 1)[0]


@lru_cache(maxsize=64)
def view(ontology: Path, name: str) -> str:
    """Return the SPARQL of ``ontology/views/<name>.rq``."""
    return (ontology / "views" / f"{name}.rq").read_text(encoding="utf-8")
