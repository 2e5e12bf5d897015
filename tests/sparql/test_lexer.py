"""The tokens of a query, and its one spelling: what two parsers could read differently is gone."""

from __future__ import annotations

import pytest

from compactgraph.errors import QueryError
from compactgraph.sparql.lexer import bare_words, in_one_spelling, query_form, tokens


@pytest.mark.parametrize(
    ("query", "spelt"),
    [
        ("ASK {} # a\rSERVICE", "ASK {}    \nSERVICE"),
        ("ASK {}\r\n# a", "ASK {}\n   "),
        ("ASK { ?s ?p '# \\u0027' }", "ASK { ?s ?p '# \\'' }"),
        ("ASK { ?s ?p <urn:\\u0061#b> }", "ASK { ?s ?p <urn:a#b> }"),
        ("ASK { ?s ?p <urn:\\u003E#b> }", "ASK { ?s ?p <urn:\\u003E#b> }"),
        ("ASK { ?s ?p e:a\\#b }", "ASK { ?s ?p e:a\\#b }"),
        # A backslash that is no code point's ends what could be an IRI: the rest is a comment.
        ("FILTER(?a<e:O\\'#b>)\nSERVICE", "FILTER(?a<e:O\\'    \nSERVICE"),
    ],
)
def test_a_query_in_one_spelling(query: str, spelt: str) -> None:
    assert in_one_spelling(query) == spelt


def test_an_escape_of_no_character_is_refused() -> None:
    with pytest.raises(QueryError, match="stands for no character"):
        in_one_spelling("ASK { ?s ?p '\\uD800' }")


def test_what_hides_signs_is_left_out_of_the_bare_words() -> None:
    assert bare_words("ASK { <urn:SERVICE> 'SERVICE' ?s } # SERVICE").split() == ["ASK", "{", "?s", "}"]


def test_tokens_tell_where_they_stand() -> None:
    query = "PREFIX e: <urn:e> ASK { ?s e:p '{' } # }"
    found = [(token.kind, token.text) for token in tokens(query)]
    assert found == [
        ("word", "PREFIX"),
        ("name", "e"),
        ("iri", "<urn:e>"),
        ("word", "ASK"),
        ("brace", "{"),
        ("variable", "?s"),
        ("name", "e"),
        ("word", "p"),
        ("text", "'{'"),
        ("brace", "}"),
        ("comment", "# }"),
    ]
    assert all(query[token.start :].startswith(token.text) for token in tokens(query))


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("select * { ?s ?p ?o }", "SELECT"),
        ("# ASK\nPREFIX ask: <urn:describe> BASE <urn:b> CONSTRUCT WHERE {}", "CONSTRUCT"),
        ("INSERT DATA {}", "INSERT"),
        ("{ SELECT * {} }", ""),
        ("", ""),
    ],
)
def test_the_form_of_a_query(query: str, form: str) -> None:
    assert query_form(query) == form
