"""What a query may do is found before it is run, in what it parses to.

A query may ask the graphs of the store and nothing else. What would change the graph, or reach out of
this process, is found in the parsed query, not by its words, and refused before Oxigraph sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from compactgraph.common.namespaces import PREFIXES
from compactgraph.errors import QueryError, QueryLengthError, RefusedQueryError
from compactgraph.sparql.lexer import bare_words, in_one_spelling, query_form

QUERY_LENGTH_LIMIT = 200_000
"""The longest query that a person may bring, in characters."""

PATTERNS_LIMIT = 4_000
"""The most patterns and expressions that a query may have: Oxigraph goes down a long row of them as
down a deep nest, and ends the whole process once its stack is used up (from 5,000 on)."""

_SERVICE = re.compile(r"(?<![\w?$:@.-])SERVICE(?![\w:.-])", re.IGNORECASE)
_REACHES_OUT = "the query has SERVICE; compactgraph reaches no other service"
_REMEMBERED_LENGTH = 20_000


def refuse_service(sparql: str) -> str:
    """Return a query that stands in a file, as it may be run.

    Raises QueryError if it has SERVICE. A query without these letters needs no parsing.
    """
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
    """Say whether a query has FROM. To parse it is most of what a short one costs.

    Raises QueryError as :func:`verdict` does.
    """
    return verdict(plain(sparql))


def verdict(sparql: str) -> bool:
    """Refuse what may not be run; return whether the query names the graphs that it asks, by FROM.

    ``sparql`` is :func:`plain`. Raises QueryError if it does not parse, RefusedQueryError if it
    changes something or would reach out, and QueryLengthError if it has too many parts.
    """
    return (_checked if len(sparql) <= _REMEMBERED_LENGTH else _checked.__wrapped__)(sparql)


@lru_cache(maxsize=512)
def _checked(sparql: str) -> bool:
    parsed = _parse(sparql)
    _refuse_what_reaches_out(parsed)
    _refuse_what_is_too_large(parsed)
    return any(_is_part(part, "DatasetClause") for part in _parts(parsed))


def _parse(sparql: str) -> object:
    """Return the parsed query; raise QueryError if it does not parse, or changes something."""
    from pyparsing import ParseException
    from rdflib.plugins.sparql.parser import Query

    declared = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    try:
        # parseQuery would read code point escapes in its own way; the query has none by now.
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
    """Refuse SERVICE in what is not run anyway: the parser cannot read some groups that have it."""
    if _SERVICE.search(bare_words(sparql)):
        raise RefusedQueryError(_REACHES_OUT) from None


def _is_update(sparql: str) -> bool:
    """Say whether a text parses as an update that has an operation; a prologue alone has none."""
    from pyparsing import ParseException
    from rdflib.plugins.sparql.parser import Update

    try:
        parsed = Update.parse_string(sparql, parse_all=True)
    except (ParseException, RecursionError):
        return False
    return any(_is_part(part, "request") for part in parsed)


def _refuse_what_reaches_out(parsed: object) -> None:
    """Refuse SERVICE, wherever the parsed query has it: Oxigraph would send a request."""
    if any(_is_part(part, "ServiceGraphPattern") for part in _parts(parsed)):
        raise RefusedQueryError(_REACHES_OUT)


def _refuse_what_is_too_large(parsed: object) -> None:
    from rdflib.plugins.sparql.parserutils import CompValue

    if sum(isinstance(part, CompValue) for part in _parts(parsed)) > PATTERNS_LIMIT:
        raise QueryLengthError(
            f"the query has more than {PATTERNS_LIMIT:,} patterns and expressions; ask it in parts, "
            "and write many values as VALUES"
        )


def _is_part(part: object, name: str) -> bool:
    return getattr(part, "name", "") == name


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
