"""A query as any SPARQL service takes it: its prefixes declared, its parameters bound by VALUES.

In this process pyoxigraph is given the terms beside the query (``substitutions``). A service is sent a
text: there the terms stand in one VALUES block at the beginning of the query's group, written as
pyoxigraph writes terms, so that no value can be anything but a term.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from compactgraph.errors import QueryError
from compactgraph.namespaces import PREFIXES

# The terminals of SPARQL 1.1 (section 19.8) in which a brace, or a number sign, is no sign of its own.
_TOKENS = re.compile(
    r"""(?P<comment>\#[^\n\r]*)
      | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
      | (?P<string>\"\"\"(?:\"{0,2}(?:[^"\\]|\\.))*\"\"\" | '''(?:'{0,2}(?:[^'\\]|\\.))*'''
          | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
      | (?P<variable>[?$]\w+)
      | (?P<name>[^\W\d_][\w.-]*)?:(?!\w*//)
      | (?P<word>\w+)
      | (?P<sign>[{}])""",
    re.VERBOSE | re.DOTALL,
)
_VARIABLE = re.compile(r"[^\W_]\w*|_\w*")
_DECLARED = re.compile(r"PREFIX\s+([^\s:]*):", re.IGNORECASE)


def with_values(sparql: str, bound: Mapping[str, NamedNode | BlankNode | Literal | Triple]) -> str:
    """Return a SELECT or ASK with its variables ``bound`` to terms, for its whole group.

    Raises QueryError where the query has no group, or does not have the variable.
    """
    if not bound:
        return sparql
    tokens = list(_tokens(sparql))
    variables = {text[1:] for kind, text, _ in tokens if kind == "variable"}
    for name in bound:
        if name not in variables or _VARIABLE.fullmatch(name) is None:
            raise QueryError(f"the query has no variable ?{name} to bind")
    opening = next((end for kind, text, end in tokens if text == "{" and kind == "sign"), None)
    if opening is None:
        raise QueryError("the query has no group in which a variable could be bound")
    names = " ".join(f"?{name}" for name in bound)
    terms = " ".join(str(term) for term in bound.values())
    return f"{sparql[:opening]} VALUES ({names}) {{ ({terms}) }}{sparql[opening:]}"


def with_prefixes(sparql: str) -> str:
    """Return a query with those of the project's prefixes declared that it uses and does not declare.

    They stand before its first line, on the same line: what a service says of a line is true.
    """
    used = {text for kind, text, _ in _tokens(sparql) if kind == "name"}
    declared = {text.partition(":")[0] for text in _DECLARED.findall(sparql)}
    wanted = [name for name in PREFIXES if name in used - declared]
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in wanted) + sparql


def _tokens(sparql: str) -> Iterator[tuple[str, str, int]]:
    """Yield each token's kind, its text and where it ends."""
    for match in _TOKENS.finditer(sparql):
        if match.lastgroup is not None:
            yield match.lastgroup, match[match.lastgroup], match.end()
