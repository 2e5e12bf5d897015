"""What the SPARQL page asks: a saved question with its parameters, or a reader's own query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from compactgraph import paths
from compactgraph.answers.sparql_display import written_out
from compactgraph.answers.tables.destinations import table_of_destinations
from compactgraph.common.english import capital
from compactgraph.common.namespaces import PREFIXES
from compactgraph.errors import CompactgraphError, shorten
from compactgraph.explorer.components.editor import sparql_editor
from compactgraph.explorer.components.mount import restore
from compactgraph.explorer.frame import address, render, session
from compactgraph.serving.bounded_queries import Bounded
from compactgraph.sparql.questions import Parameter, SavedQuestion, saved_questions

PAGE = "sparql"
LINK_LIMIT = 6_000
"""The longest address, in characters, that is sure to survive where people paste it."""

STARTER = """\
SELECT ?provision ?text
WHERE {
  ?p a cg:Commitment ;
    dcterms:identifier ?provision ;
    cg:text ?text .
}
ORDER BY ?provision
LIMIT 10
"""
"""What stands in the editor at first."""

_OWN = "own"
_EDITOR = "sparql-editor"
_TEXT = "sparql:text"
_ANSWER = "sparql:answer"
_SAVED = "sparql:saved"


@dataclass(frozen=True)
class Asked:
    """What is asked, and its answer: None if it was not run, a sentence if it could not be.

    ``question`` is None for a reader's own query; ``values`` are its parameters. ``stale`` says that
    the query was changed after it was answered. ``link`` is empty if the query is too long for one.
    """

    title: str
    question: SavedQuestion | None
    values: Mapping[str, str]
    sparql: str
    answer: Bounded | str | None
    stale: bool
    link: str


def is_own() -> bool:
    """Say whether the address asks for a reader's own query."""
    return address.value("ask") == _OWN or bool(address.value("query"))


def ways() -> tuple[str, str]:
    """Return the addresses of the two ways to ask: a saved question, and an own query."""
    return address.address(PAGE, **st.session_state.get(_SAVED, {})), address.address(PAGE, ask=_OWN)


# A saved question


def in_order(ontology: Path) -> list[SavedQuestion]:
    """Return the saved questions by who asks them, and then by their words."""
    return sorted(saved_questions(ontology).values(), key=lambda q: (q.asks, q.question))


def ask_saved(shown: session.Shown) -> Asked:
    """Draw the choice of a question and its fields; ask it once they are filled in."""
    questions = {question.name: question for question in in_order(shown.graph.ontology)}
    words = {name: question.question for name, question in questions.items()}
    help_ = "Type words of a question to find it."
    name = address.choice("Question", "question", list(words), words, help_=help_)
    question = questions[name]
    render.show("sparql/question", question=question)
    others = {p.name for other in questions.values() for p in other.parameters}
    wanted = [parameter for parameter in question.parameters if parameter.name != "review"]
    address.put(**dict.fromkeys(others - {p.name for p in wanted} - {"review"}, ""))
    values = {p.name: value for p in wanted if (value := _field(shown, p))}
    missing = [p for p in wanted if not p.optional and p.name not in values]
    answer: Bounded | str | None = None
    if not missing:
        try:
            with st.spinner("Asking …"):
                key = (shown.served.location, shown.generation, shown.review, name)
                answer = _answer(key, tuple(values.items()), _question=question)
        except CompactgraphError as error:
            answer = str(error)
    st.session_state[_SAVED] = {"question": name, **values}
    link = address.address(PAGE, question=name, **values)
    return Asked(question.question, question, values, question.sparql, answer, False, link)


# Few are kept: an answer may have as many rows as the bound allows.
@st.cache_resource(max_entries=32, show_spinner=False)
def _answer(
    key: tuple[str, str, str, str], values: tuple[tuple[str, str], ...], *, _question: SavedQuestion
) -> Bounded:
    location, _, review, _ = key
    return session.bounded_queries(location).ask(_question, dict(values), review)


def _field(shown: session.Shown, parameter: Parameter) -> str:
    """Draw the field of a parameter; return what it holds, empty for nothing."""
    label = capital(parameter.meaning or parameter.name)
    if parameter.kind in ("text", "number"):
        return address.text(label, parameter.name)
    options = _options(shown, parameter.kind)
    nothing = "Any" if parameter.optional else "Choose …"
    return address.choice(label, parameter.name, ["", *options], {"": nothing, **options})


def _options(shown: session.Shown, kind: str) -> Mapping[str, str]:
    if kind == "reference":
        return {name: reference.title for name, reference in shown.references.items()}
    if kind == "review":
        return {review.identifier: review.title for review in shown.served.reviews}
    if kind == "theme":
        return shown.themes
    if kind == "provision":
        rows = table_of_destinations(shown.graph)
        return {row.provision: f"{row.provision}: {shorten(row.text, 70)}" for row in rows}
    return {notation: term.title for notation, term in shown.terms[kind].items()}


def edit(shown: session.Shown, asked: Asked) -> None:
    """Draw the button that takes a saved question into the editor, with its values written into it."""
    if asked.question is not None and asked.answer is not None:
        text = written_out(shown.graph.store, asked.question, asked.values, shown.review)
        st.button("Edit as my own query", on_click=_take, args=(text,))


def _take(text: str) -> None:
    restore(_EDITOR)
    st.session_state[_TEXT] = text
    address.put(**dict.fromkeys(set(address.values()) - {"review"}, ""))
    _keep(text)


# A reader's own query


def ask_own(shown: session.Shown) -> Asked:
    """Draw the editor; run what stands in it only if the reader says so."""
    state = st.session_state
    text, given = str(state.get(_TEXT, STARTER)), address.value("query")
    if given and given != text:
        restore(_EDITOR)
        text = given
    editor = sparql_editor(text, key=_EDITOR, label="Query", prefixes=PREFIXES)
    state[_TEXT] = text = editor.text
    link = _keep(text)
    if st.button("Run the query", type="primary") or editor.run:
        with st.spinner("Running …"):
            state[_ANSWER] = (shown.generation, text, _run(text))
    if not link:
        render.notice(
            "This query is too long for a link.",
            "It is kept while this page is open; copy its text to keep it for longer.",
        )
    generation, ran, answer = state.get(_ANSWER, ("", "", None))
    if generation != shown.generation:
        ran, answer = "", None
    return Asked("My own query", None, {}, ran or text, answer, bool(ran) and ran != text, link)


def _run(text: str) -> Bounded | str:
    if not text.strip():
        return "there is no query yet; write one"
    try:
        return session.bounded_queries(paths.store_location()).run(text)
    except CompactgraphError as error:
        return str(error)


def _keep(text: str) -> str:
    """Put a query into the address if it fits; return its link, empty if it does not fit."""
    link = address.address(PAGE, query=text, ask="" if text else _OWN)
    fits = len(link) <= LINK_LIMIT
    address.put(query=text if fits else "", ask="" if fits and text else _OWN)
    return link if fits else ""
