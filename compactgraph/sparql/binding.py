"""A query as any SPARQL service takes it: its prefixes declared, its parameters bound by VALUES.

In this process pyoxigraph is given the terms beside the query (``substitutions``). A service is sent a
text: there the terms stand in one VALUES block at the beginning of the query's group, written as
pyoxigraph writes terms, so that no value can be anything but a term.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from compactgraph.common.namespaces import PREFIXES
from compactgraph.errors import QueryError

# The terminals of SPARQL 1.1 (section 19.8) in which a brace, or a number sign, is no sign of its own;
# the last is an escape in the local part of a name.
_TOKENS = re.compile(
    r"""(?P<comment>\#[^\n\r]*)
      | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
      | (?P<string>\"\"\"(?:\"{0,2}(?:[^"\\]|\\.))*\"\"\" | '''(?:'{0,2}(?:[^'\\]|\\.))*'''
          | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
      | (?P<variable>[?$]\w+)
      | (?P<name>[^\W\d_][\w.-]*)?:(?!\w*//)
      | (?P<word>\w+)
      | (?P<sign>[{}])
      | (?P<bracket>[()])
      | \\.""",
    re.VERBOSE | re.DOTALL,
)
_FORMS = frozenset(["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"])
_VARIABLE = re.compile(r"[^\W_]\w*|_\w*")
_DECLARED = re.compile(r"PREFIX\s+([^\s:]*):", re.IGNORECASE)


def with_values(sparql: str, bound: Mapping[str, NamedNode | BlankNode | Literal | Triple]) -> str:
    """Return a query with its variables ``bound`` to terms, for the whole of its WHERE group.

    Raises QueryError where the query has no such group, or does not have the variable. CONSTRUCT WHERE
    is a template at the same time, and has no room for VALUES.
    """
    if not bound:
        return sparql
    tokens = list(tokens_of(sparql))
    variables = {text[1:] for kind, text, _ in tokens if kind == "variable"}
    for name in bound:
        if name not in variables or _VARIABLE.fullmatch(name) is None:
            raise QueryError(f"the query has no variable ?{name} to bind")
    opening = _opening(tokens)
    if opening is None:
        raise QueryError("the query has no group in which a variable could be bound")
    names = " ".join(f"?{name}" for name in bound)
    terms = " ".join(str(term) for term in bound.values())
    return f"{sparql[:opening]} VALUES ({names}) {{ ({terms}) }}{sparql[opening:]}"


def with_prefixes(sparql: str) -> str:
    """Return a query with those of the project's prefixes declared that it uses and does not declare.

    They stand before its first line, on the same line: what a service says of a line is true.
    """
    used = {text for kind, text, _ in tokens_of(sparql) if kind == "name"}
    declared = {text.partition(":")[0] for text in _DECLARED.findall(sparql)}
    wanted = [name for name in PREFIXES if name in used - declared]
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in wanted) + sparql


def _opening(tokens: list[tuple[str, str, int]]) -> int | None:
    """Return where the query's WHERE group begins, behind its brace; None where it has none."""
    form, templates, braces, brackets = "", 0, 0, 0
    signs = [token for token in tokens if token[0] != "comment"]
    for place, (kind, text, end) in enumerate(signs):
        if kind == "word" and not form and text.upper() in _FORMS:
            form = text.upper()
            if form == "CONSTRUCT":
                # A template of its own follows the word at once.
                if signs[place + 1 : place + 2] == [] or signs[place + 1][1] != "{":
                    return None
                templates = 1
        elif kind == "bracket":
            brackets += 1 if text == "(" else -1
        elif kind == "sign" and text == "{":
            if form and braces == brackets == 0:
                if not templates:
                    return end
                templates -= 1
            braces += 1
        elif kind == "sign":
            braces -= 1
    return None


def tokens_of(sparql: str) -> Iterator[tuple[str, str, int]]:
    """Yield each token's kind, its text and where it ends: those that can hide a brace, and braces."""
    for match in _TOKENS.finditer(sparql):
        if match.lastgroup is not None:
            yield match.lastgroup, match[match.lastgroup], match.end()
