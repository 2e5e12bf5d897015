"""The tokens of a query, and the query in one spelling, so that every parser reads the same in it.

One parser says whether a query may be run, and another runs it. SPARQL 1.1 lets them differ on comments
that end at a carriage return, and on code point escapes (``\\u0022``) for signs of the grammar: one
could see a comment where the other sees a SERVICE. So a query is first written without both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from compactgraph.errors import QueryError

FORMS = frozenset(["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"])
"""The words with which a query says its form."""

# The terminals of SPARQL 1.1 (section 19.8) that may hold any sign.
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
_ESCAPED = dict(zip("\"'\\\n\r\t\b\f", "\"'\\nrtbf", strict=True))
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')


class Token(NamedTuple):
    """A token: its kind, its characters and their place; the characters of a ``name`` are its prefix."""

    kind: str
    text: str
    start: int
    end: int


def tokens(sparql: str) -> Iterator[Token]:
    """Yield the tokens in order."""
    for match in _TOKENS.finditer(sparql):
        kind = match.lastgroup
        if kind is not None:
            yield Token(kind, match[kind], match.start(), match.end())


def query_form(sparql: str) -> str:
    """Return the word that says what a query does (SELECT, ASK, …) in capitals, or an empty text."""
    for kind, text, *_ in tokens(sparql):
        word = text.upper()
        if kind == "word" and word not in ("BASE", "PREFIX"):
            return word if word.isalpha() else ""
        if kind not in ("word", "comment", "ending", "name", "iri"):
            break
    return ""


def in_one_spelling(sparql: str) -> str:
    """Return an equal query without comments, carriage returns and code point escapes.

    Lines stay in their place, and columns up to the first escape. Raises QueryError if an escape stands
    for no character (section 19.2).
    """
    return _PARTS.sub(_spelt, sparql)


def bare_words(sparql: str) -> str:
    """Return a query with blanks for its texts, IRIs and comments."""
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
    return f"\\{_ESCAPED[character]}" if character in _ESCAPED else character or escape[0]


def _in_iri(escape: re.Match[str]) -> str:
    character = _character(escape)
    return escape[0] if not character or _NOT_IN_IRI.match(character) else character


def _in_name(escape: re.Match[str]) -> str:
    character = _character(escape)
    return character if character.isalnum() else escape[0]


def _character(escape: re.Match[str]) -> str:
    """Return the character that a code point escape stands for; an empty text for another escape."""
    digits = escape[1] or escape[2]
    if digits is None:
        return ""
    point = int(digits, 16)
    if point > 0x10FFFF or 0xD800 <= point <= 0xDFFF:
        raise QueryError(f"the query does not parse: {escape[0]} stands for no character")
    return chr(point)
