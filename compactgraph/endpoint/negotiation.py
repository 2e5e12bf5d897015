"""Which format an answer is sent in: content negotiation after RFC 9110, section 12.5.1.

Each format answers to its own media type, and to the names by which older tools ask for it where they
are written out; it is always sent as its own. A ``format=`` in the address goes before the header.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from compactgraph.sparql.running import GRAPHS, TABULAR

TYPES: Mapping[str, str] = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "turtle": "text/turtle; charset=utf-8",
    "ntriples": "application/n-triples",
    "rdfxml": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "html": "text/html; charset=utf-8",
}
"""The Content-Type of each format."""

EXTENSIONS: Mapping[str, str] = {
    "json": "srj",
    "xml": "srx",
    "csv": "csv",
    "tsv": "tsv",
    "turtle": "ttl",
    "ntriples": "nt",
    "rdfxml": "rdf",
    "jsonld": "jsonld",
    "html": "html",
}
"""How the name of a file in each format ends."""

_KNOWN_AS: Mapping[str, tuple[str, ...]] = {
    "json": ("application/sparql-results+json", "application/json"),
    "xml": ("application/sparql-results+xml", "application/xml", "text/xml"),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
    "turtle": ("text/turtle", "application/turtle", "application/x-turtle", "text/n3"),
    "ntriples": ("application/n-triples",),
    "rdfxml": ("application/rdf+xml", "application/xml", "text/xml"),
    "jsonld": ("application/ld+json", "application/json"),
    "html": ("text/html", "application/xhtml+xml"),
}
_NAMED: Mapping[str, tuple[str | None, str | None]] = {
    "json": ("json", "jsonld"),
    "xml": ("xml", "rdfxml"),
    "csv": ("csv", None),
    "tsv": ("tsv", None),
    "turtle": (None, "turtle"),
    "ttl": (None, "turtle"),
    "n3": (None, "turtle"),
    "ntriples": (None, "ntriples"),
    "nt": (None, "ntriples"),
    "rdfxml": (None, "rdfxml"),
    "rdf": (None, "rdfxml"),
    "rdf+xml": (None, "rdfxml"),
    "jsonld": (None, "jsonld"),
    "json-ld": (None, "jsonld"),
}

_OUTSIDE_QUOTES = r'(?:[^{0}"]|"(?:\\.|[^"\\])*"?)+'
_ELEMENTS = re.compile(_OUTSIDE_QUOTES.format(","))
_PARTS = re.compile(_OUTSIDE_QUOTES.format(";"))
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_RANGE = re.compile(rf"({_TOKEN})/({_TOKEN})")
_WEIGHT = re.compile(r"[qQ]\s*=\s*(.*)")
_QUALITY = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?")

_WRITTEN_OUT = 2


@dataclass(frozen=True)
class Range:
    """A media range of an Accept header, in small letters, and the weight that it has, from 0 to 1."""

    type: str
    subtype: str
    weight: float

    @property
    def precision(self) -> int:
        """How much of a media type it says: nothing (0), the type (1) or all of it (2)."""
        return (self.type != "*") + (self.subtype != "*")

    def covers(self, media_type: str) -> bool:
        """Say whether a media type falls in the range."""
        type_, _, subtype = media_type.partition("/")
        return self.type in ("*", type_) and self.subtype in ("*", subtype)


_ANYTHING = (Range("*", "*", 1.0),)


@dataclass(frozen=True)
class Wanted:
    """The formats for an answer that is a table and for one that is a graph: None where none fits."""

    tabular: str | None
    graph: str | None


def media_ranges(accept: str) -> tuple[Range, ...]:
    """Return the media ranges of an Accept header; anything at all where it has none.

    The parameters of a range are passed over, and so is a range that is malformed.
    """
    found = []
    for element in _ELEMENTS.findall(accept):
        first, *parameters = [part.strip() for part in _PARTS.findall(element)] or [""]
        match = _RANGE.fullmatch(first.lower())
        weights = [weight[1] for part in parameters if (weight := _WEIGHT.fullmatch(part))]
        if match is None or (match[1] == "*") > (match[2] == "*"):
            continue
        if all(_QUALITY.fullmatch(weight) for weight in weights):
            found.append(Range(match[1], match[2], float(weights[0]) if weights else 1.0))
    return tuple(found) or _ANYTHING


def best(ranges: Sequence[Range], formats: Iterable[str]) -> str | None:
    """Return the format that is wanted most, None where none is.

    Of those that are wanted alike, it is one that is named over one that a wildcard takes in, and then
    the first.
    """
    chosen, most = None, (0.0, -1)
    for format_ in formats:
        liking = _liking_of_format(ranges, format_)
        if liking[0] > 0 and liking > most:
            chosen, most = format_, liking
    return chosen


def _liking_of_format(ranges: Sequence[Range], format_: str) -> tuple[float, int]:
    """Return how a format is liked: by its own type, or by an older name of it that is written out."""
    own, *others = (_liking(ranges, media_type) for media_type in _KNOWN_AS[format_])
    return max([own, *(liking for liking in others if liking[1] == _WRITTEN_OUT)])


def _liking(ranges: Sequence[Range], media_type: str) -> tuple[float, int]:
    """Return the weight of a media type, which the most precise range gives it, and that precision."""
    fitting = [range_ for range_ in ranges if range_.covers(media_type)]
    if not fitting:
        return 0.0, -1
    closest = max(fitting, key=lambda range_: range_.precision)
    return closest.weight, closest.precision


def wanted(accept: str, asked: str | None) -> Wanted:
    """Return the formats that an Accept header wants, or those that ``format=`` asks for.

    What is ``asked`` is a name or a media type; one that is unknown is passed over.
    """
    name = (asked or "").lower()
    if name in _NAMED:
        return Wanted(*_NAMED[name])
    ranges = media_ranges(name if _is_known_type(name) else accept)
    return Wanted(best(ranges, TABULAR), best(ranges, GRAPHS))


def _is_known_type(name: str) -> bool:
    return any(name in types for types in _KNOWN_AS.values())


def for_graph(accept: str, asked: str | None, *, page: bool) -> str | None:
    """Return the format for a graph, or ``html`` where there is a ``page`` of it and that is wanted."""
    if asked and asked.lower() in ("html", *_NAMED):
        return "html" if page and asked.lower() == "html" else wanted(accept, asked).graph
    return best(media_ranges(accept), [*GRAPHS, *(["html"] if page else [])])


def prefers_page(accept: str) -> bool:
    """Say whether an Accept header wants a page for people rather than data, as a browser's does."""
    return for_graph(accept, None, page=True) == "html"
