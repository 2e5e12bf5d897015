"""Chooses the format of an answer: content negotiation after RFC 9110, section 12.5.1.

A format answers to its own media type, and to other names by which older tools ask for it. A ``format=``
in the address counts before the header.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from compactgraph.sparql.running import GRAPHS, TABULAR


@dataclass(frozen=True)
class Format:
    """A format: its name below http://www.w3.org/ns/formats/, its Content-Type, how its files end.

    ``also`` are older media types, ``asked_as`` what ``format=`` may say.
    """

    name: str
    content_type: str
    extension: str
    also: tuple[str, ...] = ()
    asked_as: tuple[str, ...] = ()

    @property
    def media_type(self) -> str:
        """The Content-Type without its parameters."""
        return self.content_type.partition(";")[0]


_JSON, _XML = ("application/json",), ("application/xml", "text/xml")
_OLD_TURTLE = ("application/turtle", "application/x-turtle", "text/n3")

FORMATS: Mapping[str, Format] = {
    "json": Format("SPARQL_Results_JSON", "application/sparql-results+json", "srj", _JSON),
    "xml": Format("SPARQL_Results_XML", "application/sparql-results+xml", "srx", _XML),
    "csv": Format("SPARQL_Results_CSV", "text/csv; charset=utf-8", "csv"),
    "tsv": Format("SPARQL_Results_TSV", "text/tab-separated-values; charset=utf-8", "tsv"),
    "turtle": Format("Turtle", "text/turtle; charset=utf-8", "ttl", _OLD_TURTLE, ("ttl", "n3")),
    "ntriples": Format("N-Triples", "application/n-triples", "nt", (), ("nt",)),
    "rdfxml": Format("RDF_XML", "application/rdf+xml", "rdf", _XML, ("xml", "rdf", "rdf+xml")),
    "jsonld": Format("JSON-LD", "application/ld+json", "jsonld", _JSON, ("json", "json-ld")),
    "html": Format("", "text/html; charset=utf-8", "html", ("application/xhtml+xml",)),
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
    """A media range of an Accept header, in small letters, and its weight from 0 to 1."""

    type: str
    subtype: str
    weight: float

    @property
    def precision(self) -> int:
        """How much of a media type it names: nothing (0), the type (1) or all of it (2)."""
        return (self.type != "*") + (self.subtype != "*")

    def covers(self, media_type: str) -> bool:
        """Say whether a media type falls in the range."""
        type_, _, subtype = media_type.partition("/")
        return self.type in ("*", type_) and self.subtype in ("*", subtype)


@dataclass(frozen=True)
class Wanted:
    """The formats wanted for a table and for a graph; None if none fits."""

    tabular: str | None
    graph: str | None


def media_ranges(accept: str) -> tuple[Range, ...]:
    """Return the well-formed media ranges of an Accept header; anything at all if it has none."""
    found = []
    for element in _ELEMENTS.findall(accept):
        first, *parameters = [part.strip() for part in _PARTS.findall(element)] or [""]
        match = _RANGE.fullmatch(first.lower())
        weights = [weight[1] for part in parameters if (weight := _WEIGHT.fullmatch(part))]
        if match is None or (match[1] == "*") > (match[2] == "*"):
            continue
        if all(_QUALITY.fullmatch(weight) for weight in weights):
            found.append(Range(match[1], match[2], float(weights[0]) if weights else 1.0))
    return tuple(found) or (Range("*", "*", 1.0),)


def best(ranges: Sequence[Range], formats: Iterable[str]) -> str | None:
    """Return the format that is wanted most, None if none is wanted.

    Among equals a format named in full wins over a wildcard's, and then the first.
    """
    liked = {format_: _liking_of_format(ranges, format_) for format_ in formats}
    acceptable = [format_ for format_, (weight, _) in liked.items() if weight > 0]
    return max(acceptable, key=lambda format_: liked[format_], default=None)


def _liking_of_format(ranges: Sequence[Range], format_: str) -> tuple[float, int]:
    """Return the liking of a format's own type, or of an older one that is written out."""
    own = _liking(ranges, FORMATS[format_].media_type)
    others = (_liking(ranges, media_type) for media_type in FORMATS[format_].also)
    return max([own, *(liking for liking in others if liking[1] == _WRITTEN_OUT)])


def _liking(ranges: Sequence[Range], media_type: str) -> tuple[float, int]:
    """Return the weight that the most precise range gives a media type, and that precision."""
    fitting = [range_ for range_ in ranges if range_.covers(media_type)]
    if not fitting:
        return 0.0, -1
    closest = max(fitting, key=lambda range_: range_.precision)
    return closest.weight, closest.precision


def wanted(accept: str, asked: str | None) -> Wanted:
    """Return the formats that ``format=`` asks for by a name or media type, or else the Accept header.

    An unknown ``asked`` is ignored.
    """
    name = (asked or "").lower()
    named = Wanted(_named(name, TABULAR), _named(name, GRAPHS))
    if named.tabular or named.graph:
        return named
    known = any(name in (format_.media_type, *format_.also) for format_ in FORMATS.values())
    ranges = media_ranges(name if known else accept)
    return Wanted(best(ranges, TABULAR), best(ranges, GRAPHS))


def _named(name: str, formats: Iterable[str]) -> str | None:
    return next((f for f in formats if name == f or name in FORMATS[f].asked_as), None)


def for_graph(accept: str, asked: str | None, *, page: bool) -> str | None:
    """Return the format for a graph, or ``html`` if there is a ``page`` of it and that is wanted."""
    formats = [*GRAPHS, *(["html"] if page else [])]
    name = (asked or "").lower()
    if _named(name, [*TABULAR, *formats]):
        return _named(name, formats)
    return best(media_ranges(accept), formats)


def prefers_page(accept: str) -> bool:
    """Say whether an Accept header wants a page for people, as a browser's does."""
    return for_graph(accept, None, page=True) == "html"
