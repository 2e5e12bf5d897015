"""A query in one spelling, so that every parser reads the same in it.

What may not be run is found in what one parser makes of a query, and another runs it. SPARQL 1.1 leaves
them room to differ: a comment may end at a carriage return, and a code point escape (``\\u0022``) may
stand for a sign of the grammar. One that sees a comment, or a text, where the other sees a SERVICE would
let it pass. So a query is first written out without what they could read otherwise.
"""

from __future__ import annotations

import re

from compactgraph.errors import QueryError

# The terminals of SPARQL 1.1 (section 19.8) that may hold any sign; an escape stands for any character.
_PARTS = re.compile(
    r"""(?P<iri><[^<>"{}|^`\x00-\x20]*>)
      | (?P<text>\"\"\"(?:\"{0,2}(?:[^"\\]|\\.))*\"\"\" | '''(?:'{0,2}(?:[^'\\]|\\.))*'''
          | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
      | (?P<comment>\#[^\n\r]*)
      | (?P<other>\\u[0-9A-Fa-f]{4} | \\U[0-9A-Fa-f]{8} | \\.)
      | (?P<ending>\r\n?)""",
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


def in_one_spelling(sparql: str) -> str:
    """Return a query that means the same, without comments, carriage returns and code point escapes.

    Lines stay where they are, and columns too where no escape stands before them. Raises QueryError
    for an escape of what is no character (section 19.2).
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
    """Return the character that a code point escape stands for, or None where it is no such escape."""
    digits = escape[1] or escape[2]
    if digits is None:
        return None
    point = int(digits, 16)
    if point > 0x10FFFF or 0xD800 <= point <= 0xDFFF:
        raise QueryError(f"the query does not parse: {escape[0]} stands for no character")
    return chr(point)
