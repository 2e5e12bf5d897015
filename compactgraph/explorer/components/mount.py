"""Mounts what ``frontend/`` builds; settles whether the page or the person has the last word.

Streamlit serves the bundles as files, so that a browser loads each once. It would find them by an
installed package's ``pyproject.toml``; they are registered here, so that a checkout has them too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest
from streamlit.components.v2.types import ComponentRenderer

PACKAGE = "compactgraph"
BUILT = Path(__file__).parent / "built"


class Component:
    """A component whose bundle is ``built/<name>.js``, registered once with each Streamlit server."""

    def __init__(self, name: str) -> None:
        """Name the component; it is registered when it is first shown."""
        self.name = name
        self._renderers: WeakKeyDictionary[BidiComponentManager, ComponentRenderer] = WeakKeyDictionary()

    def show(self, key: str, data: dict[str, Any], *events: str) -> Any:
        """Show the component with ``data``; return a result with a value for each of ``events``."""
        # Streamlit returns a value only for an event that has a callback.
        callbacks: dict[str, Any] = {f"on_{event}_change": lambda: None for event in events}
        return self._renderer()(key=key, data=data, **callbacks)

    def _renderer(self) -> ComponentRenderer:
        manager = get_bidi_component_manager()
        if manager not in self._renderers:
            manifest = ComponentManifest(PACKAGE, "", [ComponentConfig(self.name, BUILT.name)])
            manager.register_from_manifest(manifest, BUILT.parent)
            self._renderers[manager] = st.components.v2.component(
                f"{PACKAGE}.{self.name}", js=f"{self.name}.js"
            )
        return self._renderers[manager]


class Turn:
    """Who has the last word on a value that the page passes and the person changes.

    The person's value stands until the page passes a value that it neither passed nor got back last.
    Then a new turn begins, with the page's value; what the person did in an earlier turn is ignored.
    """

    def __init__(self, key: str, given: str | None) -> None:
        """Begin a run: ``given`` is what the page passes to the component ``key``."""
        self._name = f"{key}:turn"
        self._given = given
        number, last_given, last_returned = st.session_state.get(self._name, (0, given, given))
        if given not in (last_given, last_returned):
            number += 1
        self.number: int = number
        state = st.session_state.get(key)
        self.value = self.settle(state.get("edited") if isinstance(state, dict) else None)

    def settle(self, edited: Any) -> str | None:
        """Return the value that stands, given what the component says; remember that it was returned."""
        value = self._given
        if isinstance(edited, dict) and edited.get("turn") == self.number:
            value = edited.get("text")
        st.session_state[self._name] = (self.number, self._given, value)
        return value


def restore(key: str) -> None:
    """Let what the page passes to the component ``key`` stand again; call it before the component."""
    name = f"{key}:turn"
    if name in st.session_state:
        number, given, _ = st.session_state[name]
        st.session_state[name] = (number + 1, given, given)
