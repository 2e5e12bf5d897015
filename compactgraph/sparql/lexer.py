"""The tokens of a query, and the query in one spelling, so that every parser reads the same in it.

One parser says whether a query may be run, and another runs it. SPARQL 1.1 lets them differ: a comment
may end at a carriage return, and a code point escape (``\\u0022``) may stand for a sign of the grammar.
If one sees a comment or a text where the other sees a SERVICE, the SERVICE passes. So a query is first
written without what they could read differently.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from compactgraph.errors import QueryError

FORMS = frozenset(["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"])
"""The words with which a query says its form."""

# The terminals of SPARQL 1.1 (section 19.8) that may hold any sign; an escape stands for a code point or
# for a sign in the local part of a name.
_HIDING = r"""
    (?P<iri><(?:[^<>"{}|^`\\\x00-\x20] | \\u[0-9A-Fa-f]{4} | \\U[0-9A-Fa-f]{8})*>)
  | (?P<text>\"\"\"(?:\"{0,2}(?:[^"\\]|\\.))*\"\"\" | '''(?:'{0,2}(?:[^'\\]|\\.))*'''
      | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
  | (?P<comment>\#[^\n\r]*)
  | (?P<escape>\\u[0-9A-Fa-f]{4} | \\U[0-9A-Fa-f]{8} | \\.)
  | (?P<ending>\r\n?)"""
_PARTS = re.compile(_HIDING, re.VERBOSE | re.DOTALL)
_TOKENS = re.compile(
    _HIDING
    + r"""
  | (?P<variable>[?$]\w+)
  | (?P<name>[^\W\d_][\w.-]*)?:(?!\w*//)
  | (?P<word>\w+)
  | (?P<brace>[{}])
  | (?P<bracket>[()])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|.)", re.DOTALL)
_WRITTEN = {
    '"': '\\"',
    "'": "\\'",
    "\\": "\\\\",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\b": "\\b",
    "\f": "\\f",
}
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')


class Token(NamedTuple):
    """A token: its kind, its characters, where it starts and ends; a ``name`` has its prefix alone."""

    kind: str
    text: str
    start: int
    end: int


def tokens(sparql: str) -> Iterator[Token]:
    """Yield the tokens in order: all that can hide a sign, and names, variables, words and brackets."""
    for match in _TOKENS.finditer(sparql):
        kind = match.lastgroup
        if kind is not None:
            yield Token(kind, match[kind], match.start(), match.end())


def query_form(sparql: str) -> str:
    """Return the word that says what a query does (SELECT, ASK, …) in capitals, or the empty text."""
    for kind, text, *_ in tokens(sparql):
        word = text.upper()
        if kind == "word" and word not in ("BASE", "PREFIX"):
            return word if word.isalpha() else ""
        if kind not in ("word", "comment", "ending", "name", "iri"):
            break
    return ""


def in_one_spelling(sparql: str) -> str:
    """Return a query that means the same, without comments, carriage returns and code point escapes.

    Lines stay where they are, and columns too if no escape stands before them. Raises QueryError for an
    escape of what is no character (section 19.2).
    """
    return _PARTS.sub(_spelt, sparql)


def bare_words(sparql: str) -> str:
    """Return a query with its texts, its IRIs and its comments blank: what is left is the grammar's."""
    return _PARTS.sub(lambda part: " " * len(part[0]), sparql)


def _spelt(part: re.Match[str]) -> str:
    written = part[0]
    if part["ending"]:
        return "\n"
    if part["comment"]:
        return " " * len(written)
    if part["text"]:
        return _ESCAPE.sub(_in_text, written).replace("\r", "\\r")
    return _ESCAPE.sub(_in_iri if part["iri"] else _in_name, written)


def _in_text(escape: re.Match[str]) -> str:
    character = _character(escape)
    return escape[0] if character is None else _WRITTEN.get(character, character)


def _in_iri(escape: re.Match[str]) -> str:
    character = _character(escape)
    return escape[0] if character is None or _NOT_IN_IRI.match(character) else character


def _in_name(escape: re.Match[str]) -> str:
    character = _character(escape)
    return escape[0] if character is None or not character.isalnum() else character


def _character(escape: re.Match[str]) -> str | None:
    """Return the character that a code point escape stands for, or None for another escape."""
    digits = escape[1] or escape[2]
    if digits is None:
        return None
    point = int(digits, 16)
    if point > 0x10FFFF or 0xD800 <= point <= 0xDFFF:
        raise QueryError(f"the query does not parse: {escape[0]} stands for no character")
    return chr(point)
