"""A query's text taken apart, so that a service can be asked for its answer in other words.

A service that cuts long answers is asked for pages of one, and for its length. The query itself is not
touched: it stands inside as a subquery. Its FROM and FROM NAMED are taken out where their graphs can be
told, since a subquery has none, and the graphs are named beside the query.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from compactgraph.sparql.binding import tokens_of

_FORMS = frozenset(["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"])
_FROM = re.compile(
    r"""FROM\s+(?P<named>NAMED\s+)?
        (?:<(?P<iri>[^<>\\\s]*)> | (?P<prefix>\w[\w-]*):(?P<local>[\w.-]*\w)(?![\w:%\\-]))""",
    re.IGNORECASE | re.VERBOSE,
)
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_VARIABLE = re.compile(r"[^\W_]\w*|_\w*")


@dataclass(frozen=True)
class QueryText:
    """A query: its prologue, its form in capitals, and the rest from that word on.

    ``default`` and ``named`` are the graphs of the FROM clauses that were taken out of ``body``;
    ``keeps_from`` says that there is a FROM that could not be told, and was left in. ``pattern`` is
    the rest after the template of a CONSTRUCT; ``ordered`` says that the answer has an order.
    """

    prologue: str
    form: str
    body: str
    pattern: str
    default: tuple[str, ...]
    named: tuple[str, ...]
    keeps_from: bool
    ordered: bool

    @classmethod
    def parse(cls, sparql: str) -> QueryText:
        """Take a query apart; raise SyntaxError where it has none of the four forms."""
        prefixes, form, start, outer = _scan(sparql)
        if not form:
            raise SyntaxError("it is none of SELECT, ASK, CONSTRUCT and DESCRIBE")
        default: list[str] = []
        named: list[str] = []
        keeps_from = False
        body = sparql
        for word, place in outer:
            if word != "FROM":
                continue
            match = _FROM.match(sparql, place)
            graph = None if match is None else _resolved(match, prefixes)
            if match is None or graph is None:
                keeps_from = True
                continue
            (named if match["named"] else default).append(graph)
            # As many spaces: what a service says of a line and a column stays true.
            blank = re.sub(r"\S", " ", match[0])
            body = body[: match.start()] + blank + body[match.end() :]
        if keeps_from:
            body, default, named = sparql, [], []
        # CONSTRUCT WHERE { … } has its template for a pattern; else the pattern follows the first group.
        first = outer[0] if outer else ("", start)
        pattern = sparql.find("}", first[1]) + 1 if first[0] == "}" else first[1]
        return cls(
            prologue=sparql[:start],
            form=form,
            body=body[start:],
            pattern=body[pattern:] if form == "CONSTRUCT" else "",
            default=tuple(default),
            named=tuple(named),
            keeps_from=keeps_from,
            ordered=any(word == "ORDER" for word, _ in outer),
        )

    @property
    def whole(self) -> str:
        """The query, without the FROM clauses that were taken out."""
        return self.prologue + self.body

    def page(self, variables: Iterable[str], size: int, offset: int) -> str:
        """Return a SELECT for ``size`` rows of this SELECT's answer after the first ``offset``.

        An answer without an order is given one, by all its variables, so that pages do not overlap.
        """
        names = " ".join(f"?{name}" for name in _checked(variables))
        inner = self.body
        if not self.ordered and names:
            inner = f"SELECT {names} {{ {{ {self.body}\n}} }} ORDER BY {names}"
        return f"{self.prologue}SELECT {names or '*'} {{ {{ {inner}\n}} }} LIMIT {size} OFFSET {offset}"

    def length(self, name: str, *, distinct: bool = False) -> str:
        """Return a SELECT for the number of this SELECT's rows, or distinct rows, as ``?name``."""
        inner = f"SELECT DISTINCT * {{ {{ {self.body}\n}} }}" if distinct else self.body
        return f"{self.prologue}SELECT (COUNT(*) AS ?{name}) {{ {{ {inner}\n}} }}"

    def solutions(self) -> QueryText:
        """Return the SELECT for the solutions from which this CONSTRUCT makes its triples."""
        return QueryText.parse(f"{self.prologue}SELECT * {self.pattern}")


def _scan(sparql: str) -> tuple[dict[str, str], str, int, list[tuple[str, int]]]:
    """Return the prefixes, the form and its place, and the words and braces that stand in no group."""
    prefixes: dict[str, str] = {}
    outer: list[tuple[str, int]] = []
    form, start, depth = "", 0, 0
    declaring = ""
    for kind, text, end in tokens_of(sparql):
        place = end - len(text)
        if kind == "name":
            declaring = text
        elif kind == "iri" and not form:
            prefixes[declaring] = text[1:-1]
        elif kind == "word" and not form and text.upper() in _FORMS:
            form, start = text.upper(), place
        elif kind == "word" and form and depth == 0 and sparql[place - 1] != ":":
            outer.append((text.upper(), place))
        elif kind == "sign":
            depth += 1 if text == "{" else -1
            if text == "}" and depth == 0:
                outer.append(("}", place))
    return prefixes, form, start, outer


def _resolved(match: re.Match[str], prefixes: dict[str, str]) -> str | None:
    """Return the graph that a FROM clause names, or None where it cannot be told without more."""
    iri = match["iri"]
    if iri is None:
        base = prefixes.get(match["prefix"])
        iri = None if base is None else base + match["local"]
    return iri if iri is not None and _ABSOLUTE.match(iri) else None


def _checked(variables: Iterable[str]) -> list[str]:
    names = list(variables)
    if not all(_VARIABLE.fullmatch(name) for name in names):
        raise ValueError("a name in the answer is no variable")
    return names
