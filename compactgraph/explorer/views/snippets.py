"""The same question elsewhere: as a command line, and as a few lines of Python."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from compactgraph.errors import QueryError
from compactgraph.sparql.lexer import query_form
from compactgraph.sparql.questions import SavedQuestion

_NO_VALUES: Mapping[str, str] = {}
_SHOW_ROWS = """\
print(*answer.columns, sep="\\t")
for row in answer.rows:
    print(*row, sep="\\t")
"""
_SHOW_TRIPLES = """\
for triple in answer.triples:
    print(triple)
"""
_SHOW_ALL = "print(answer)\n"


def command_line(
    asked: SavedQuestion | str,
    values: Mapping[str, str] = _NO_VALUES,
    review: str | None = None,
) -> str:
    """Return the shell command that asks a saved question, or a query in SPARQL, and prints the answer.

    Every part is quoted for a POSIX shell. A query asks all reviews, whatever ``review`` is. Raises
    QueryError if a query has ``values``.
    """
    if isinstance(asked, str):
        _refuse(values)
        end = _end_mark(asked)
        return f"compactgraph query - <<'{end}'\n{asked.rstrip()}\n{end}"
    words = ["compactgraph", "query", asked.name]
    for name, value in values.items():
        words += ["--param", f"{name}={value}"]
    if review is not None:
        words += ["--review", review]
    return shlex.join(words)


def python(
    asked: SavedQuestion | str,
    values: Mapping[str, str] = _NO_VALUES,
    review: str | None = None,
) -> str:
    """Return the Python that asks a saved question, or a query in SPARQL, and prints the answer.

    It opens the ``review``, or the only one of the store; a query asks all reviews. Raises QueryError
    if a query has ``values``.
    """
    chosen = "" if review is None else repr(review)
    lines = ["import compactgraph", "", f"graph = compactgraph.open_review({chosen})"]
    if isinstance(asked, str):
        _refuse(values)
        lines += [
            f"sparql = {_literal(asked.rstrip())}",
            "answer = compactgraph.run_sparql(graph, sparql)",
        ]
        shown = {"SELECT": _SHOW_ROWS, "CONSTRUCT": _SHOW_TRIPLES, "DESCRIBE": _SHOW_TRIPLES}
        return "\n".join([*lines, shown.get(query_form(asked), _SHOW_ALL)])
    arguments = ["graph", repr(asked.name), *(f"{name}={value!r}" for name, value in values.items())]
    return "\n".join([*lines, f"answer = compactgraph.ask({', '.join(arguments)})", _SHOW_ROWS])


def _refuse(values: Mapping[str, str]) -> None:
    if values:
        raise QueryError("a parameter goes with a saved question; write the value into the query")


def _end_mark(sparql: str) -> str:
    """Return a line that ends a here-document, and that the query does not have."""
    mark = "SPARQL"
    while mark in sparql.splitlines():
        mark += "_"
    return mark


def _literal(text: str) -> str:
    """Return a Python literal of the text, on as many lines as the text has if that is exact."""
    plain = all(character.isprintable() or character in "\n\t" for character in text)
    if plain and "\n" in text and "\\" not in text and '"""' not in text and not text.endswith('"'):
        return f'"""\\\n{text}"""'
    return repr(text)
