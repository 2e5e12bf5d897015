"""A query as a text that a SPARQL service can run.

A service takes no terms beside a query: they are put into a VALUES block in its group. One that cuts
long answers is asked for pages, and for the length, with the query as a subquery. A subquery has no
FROM, so the clauses are taken out, and their graphs are named beside the query.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from compactgraph.common.namespaces import PREFIXES
from compactgraph.errors import QueryError
from compactgraph.sparql.dataset import Term
from compactgraph.sparql.lexer import FORMS, tokens

_FROM = re.compile(
    r"""FROM\s+(?P<named>NAMED\s+)?
        (?:<(?P<iri>[^<>\\\s]*)> | (?P<prefix>\w[\w-]*):(?P<local>[\w.-]*\w)(?![\w:%\\-]))""",
    re.IGNORECASE | re.VERBOSE,
)
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_VARIABLE = re.compile(r"[^\W_]\w*|_\w*")


def with_values(sparql: str, bound: Mapping[str, Term]) -> str:
    """Return a query with variables ``bound`` to terms in its WHERE group.

    Raises QueryError if the query has no such group (as CONSTRUCT WHERE), or not the variable.
    """
    if not bound:
        return sparql
    outline = _Outline.of(sparql)
    for name in bound:
        if name not in outline.variables or _VARIABLE.fullmatch(name) is None:
            raise QueryError(f"the query has no variable ?{name} to bind")
    if outline.group is None:
        raise QueryError("the query has no group in which a variable could be bound")
    names = " ".join(f"?{name}" for name in bound)
    terms = " ".join(str(term) for term in bound.values())
    opening = outline.group
    return f"{sparql[:opening]} VALUES ({names}) {{ ({terms}) }}{sparql[opening:]}"


def with_prefixes(sparql: str) -> str:
    """Return a query with the project's prefixes declared that it uses and does not declare.

    They stand on its first line, so that a service's line numbers are true.
    """
    outline = _Outline.of(sparql)
    wanted = [name for name in PREFIXES if name in outline.names and name not in outline.prefixes]
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in wanted) + sparql


@dataclass(frozen=True)
class QueryText:
    """A query: its prologue, its form in capitals, and the rest from that word on.

    ``default`` and ``named`` are the graphs of the FROM clauses that were taken out of ``body``;
    ``keeps_from`` if one could not be read, so that all were left in. ``pattern`` is the rest after the
    template of a CONSTRUCT.
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
        """Take a query apart; raise SyntaxError if it has none of the four forms."""
        outline = _Outline.of(sparql)
        start, outer = outline.start, outline.outer
        if not outline.form:
            raise SyntaxError("it is none of SELECT, ASK, CONSTRUCT and DESCRIBE")
        default: list[str] = []
        named: list[str] = []
        body = sparql
        clauses = [_FROM.match(sparql, place) for word, place in outer if word == "FROM"]
        for match in clauses:
            graph = None if match is None else _resolved(match, outline.prefixes)
            if match is None or graph is None:
                body, default, named = sparql, [], []
                break
            (named if match["named"] else default).append(graph)
            # As many spaces, so that a service's lines and columns are true.
            blank = re.sub(r"\S", " ", match[0])
            body = body[: match.start()] + blank + body[match.end() :]
        # CONSTRUCT WHERE { … } has its template for a pattern; else the pattern follows the template.
        first = outer[0] if outer else ("", start)
        pattern = first[1] + (first[0] == "}")
        return cls(
            prologue=sparql[:start],
            form=outline.form,
            body=body[start:],
            pattern=body[pattern:] if outline.form == "CONSTRUCT" else "",
            default=tuple(default),
            named=tuple(named),
            keeps_from=bool(clauses) and not (default or named),
            ordered=any(word == "ORDER" for word, _ in outer),
        )

    @property
    def whole(self) -> str:
        """The query without its FROM clauses."""
        return self.prologue + self.body

    def page(self, variables: Iterable[str], size: int, offset: int) -> str:
        """Return a SELECT for ``size`` rows of this SELECT's answer after the first ``offset``.

        An answer without an order is ordered by all its variables, so that pages do not overlap.
        """
        given = list(variables)
        if not all(map(_VARIABLE.fullmatch, given)):
            raise ValueError("a name in the answer is no variable")
        names = " ".join(f"?{name}" for name in given)
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


@dataclass
class _Outline:
    """What a query has outside its groups.

    ``prefixes`` are declared, ``names`` are used; ``start`` is the place of its form's word, ``outer``
    has the words after it outside groups, and the end of each group; ``group`` is the place after the
    brace that opens the WHERE group.
    """

    prefixes: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    variables: set[str] = field(default_factory=set)
    form: str = ""
    start: int = 0
    outer: list[tuple[str, int]] = field(default_factory=list)
    group: int | None = None

    @classmethod
    def of(cls, sparql: str) -> _Outline:
        found = cls()
        braces = brackets = 0
        declaring = ""
        openings: list[int] = []
        template = 0
        for kind, text, start, end in tokens(sparql):
            if kind == "name":
                declaring = text
                found.names.add(text)
            elif kind == "variable":
                found.variables.add(text[1:])
            elif kind == "iri" and not found.form:
                found.prefixes[declaring] = text[1:-1]
                declaring = ""
            elif kind == "word" and not found.form and text.upper() in FORMS:
                found.form, found.start = text.upper(), start
            elif kind == "word" and found.form and braces == 0 and sparql[start - 1] != ":":
                found.outer.append((text.upper(), start))
            elif kind == "bracket":
                brackets += 1 if text == "(" else -1
            elif kind == "brace" and text == "{":
                if found.form and braces == brackets == 0:
                    openings.append(end)
                    template |= found.form == "CONSTRUCT" and not found.outer
                braces += 1
            elif kind == "brace":
                braces -= 1
                if braces == 0:
                    found.outer.append(("}", start))
        # CONSTRUCT { … } has its template first; CONSTRUCT WHERE { … } has no group of its own.
        if found.form != "CONSTRUCT" or template:
            found.group = next(iter(openings[template:]), None)
        return found


def _resolved(match: re.Match[str], prefixes: dict[str, str]) -> str | None:
    """Return the graph of a FROM clause, or None if the query alone does not tell."""
    iri = match["iri"]
    if iri is None:
        base = prefixes.get(match["prefix"])
        iri = None if base is None else base + match["local"]
    return iri if iri is not None and _ABSOLUTE.match(iri) else None
