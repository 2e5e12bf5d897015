"""Refuses queries that change the graph, reach out of this process, or are too large.

They are found in the parsed query, not by its words, before Oxigraph sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from compactgraph.common.namespaces import PREFIXES
from compactgraph.errors import QueryError, QueryLengthError, RefusedQueryError
from compactgraph.sparql.lexer import bare_words, in_one_spelling, query_form

QUERY_LENGTH_LIMIT = 200_000
"""The longest query, in characters."""

PATTERNS_LIMIT = 4_000
"""The most patterns and expressions of a query; from 5,000 on, Oxigraph's stack ends the process."""

_SERVICE = re.compile(r"(?<![\w?$:@.-])SERVICE(?![\w:.-])", re.IGNORECASE)
_REACHES_OUT = "the query has SERVICE; compactgraph reaches no other service"
_REMEMBERED_LENGTH = 20_000


def refuse_service(sparql: str) -> str:
    """Return a query of a file, as it may be run; raise QueryError if it has SERVICE."""
    if "service" not in sparql.lower():
        return sparql
    spelt = plain(sparql)
    _checked(spelt)
    return spelt


def plain(sparql: str) -> str:
    """Return a query as both parsers read it; raise QueryError if it is too long to be parsed."""
    if len(sparql) > QUERY_LENGTH_LIMIT:
        raise QueryLengthError(
            f"the query has {len(sparql):,} characters, the limit is {QUERY_LENGTH_LIMIT:,}"
        )
    return in_one_spelling(sparql)


def names_its_graphs(sparql: str) -> bool:
    """Say whether a query has FROM; raise QueryError as :func:`verdict` does."""
    return verdict(plain(sparql))


def verdict(sparql: str) -> bool:
    """Say whether a :func:`plain` query has FROM, if it may be run.

    Raises QueryError if it does not parse, RefusedQueryError if it changes something or would reach out,
    and QueryLengthError if it has too many parts.
    """
    return (_checked if len(sparql) <= _REMEMBERED_LENGTH else _checked.__wrapped__)(sparql)


@lru_cache(maxsize=512)
def _checked(sparql: str) -> bool:
    from rdflib.plugins.sparql.parserutils import CompValue

    parts = [part for part in _parts(_parse(sparql)) if isinstance(part, CompValue)]
    if any(part.name == "ServiceGraphPattern" for part in parts):
        raise RefusedQueryError(_REACHES_OUT)
    if len(parts) > PATTERNS_LIMIT:
        raise QueryLengthError(
            f"the query has more than {PATTERNS_LIMIT:,} patterns and expressions; ask it in parts, "
            "and write many values as VALUES"
        )
    return any(part.name == "DatasetClause" for part in parts)


def _parse(sparql: str) -> object:
    """Return the parsed query; raise QueryError if it does not parse or changes something."""
    from pyparsing import ParseException
    from rdflib.plugins.sparql.parser import Query

    declared = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    try:
        # Not parseQuery: it reads code point escapes in its own way.
        return Query.parse_string(declared + sparql, parse_all=True)
    except ParseException as error:
        if _is_update(declared + sparql):
            raise RefusedQueryError(
                f"the query is an update: it has {query_form(sparql)}, and the graph is only read, "
                "never changed"
            ) from None
        _refuse_service_by_its_word(sparql)
        line = error.lineno - len(PREFIXES)
        raise QueryError(f"the query does not parse: line {line}, column {error.column}") from None
    except RecursionError:
        _refuse_service_by_its_word(sparql)
        raise QueryError("the query is nested too deeply; make it flatter") from None


def _refuse_service_by_its_word(sparql: str) -> None:
    """Refuse SERVICE by name, in a query that the parser cannot read."""
    if _SERVICE.search(bare_words(sparql)):
        raise RefusedQueryError(_REACHES_OUT) from None


def _is_update(sparql: str) -> bool:
    """Say whether a text parses as an update with an operation, not a prologue alone."""
    from pyparsing import ParseException
    from rdflib.plugins.sparql.parser import Update

    try:
        parsed = Update.parse_string(sparql, parse_all=True)
    except (ParseException, RecursionError):
        return False
    return any(getattr(part, "name", "") == "request" for part in parsed)


def _parts(parsed: object) -> Iterator[object]:
    """Yield a parsed query's nodes."""
    from pyparsing import ParseResults
    from rdflib.plugins.sparql.parserutils import CompValue

    pending: list[object] = [parsed]
    while pending:
        part = pending.pop()
        yield part
        if isinstance(part, CompValue):
            pending += list(part.values())
        elif isinstance(part, list | tuple | ParseResults):
            pending += list(part)
