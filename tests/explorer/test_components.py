"""The drawings and the editor: what they refuse, and who has the last word on what is typed."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from compactgraph.explorer.components.diagram import DiagramNode, DiagramTie, diagram
from compactgraph.explorer.components.flows import FlowLink, FlowNode, flows


def test_a_tie_to_nothing_that_is_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="b"):
        diagram([DiagramNode("a", "A", "section")], [DiagramTie("a", "b")], key="k", label="l")


def test_a_flow_that_goes_back_is_refused() -> None:
    nodes = [FlowNode("a", 0, "A"), FlowNode("b", 1, "B")]
    with pytest.raises(ValueError, match="a"):
        flows(
            ["One", "Two"],
            nodes,
            [FlowLink("b", "a", 1)],
            key="k",
            label="l",
            description="d",
            unit=("row", "rows"),
        )


def editing() -> None:
    import streamlit as st

    from compactgraph.explorer.components.editor import sparql_editor
    from compactgraph.explorer.components.mount import restore

    text = st.radio("Question", ["ASK {}", "SELECT * {}"])
    if st.button("Begin anew"):
        restore("editor")
    state = sparql_editor(text, key="editor", label="Query")
    st.text(state.text)


def test_the_editor_takes_what_the_page_passes() -> None:
    page = AppTest.from_function(editing).run()
    assert page.text[0].value == "ASK {}"
    page.radio[0].set_value("SELECT * {}").run()
    assert page.text[0].value == "SELECT * {}"
    page.button[0].click().run()
    assert page.text[0].value == "SELECT * {}"
    assert not page.exception
