"""A SPARQL editor: highlighting, completion of prefixes and keywords, line numbers, undo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from compactgraph.explorer.components.mount import Component, Turn

HINT = (
    "Tab leaves the editor. Ctrl+] indents and Ctrl+[ outdents; Ctrl+Enter runs the query "
    "(on a Mac, Cmd in place of Ctrl)."
)

_EDITOR = Component("editor")


@dataclass(frozen=True)
class EditorState:
    """What stands in the editor, and whether Ctrl+Enter was pressed in it since the last run."""

    text: str
    run: bool


def sparql_editor(
    text: str,
    *,
    key: str,
    label: str,
    prefixes: Mapping[str, str] = MappingProxyType({}),
    height: int = 280,
    hint: str = HINT,
) -> EditorState:
    """Show an editor that begins with ``text``; return what stands in it.

    ``label`` stands above it and names it; ``hint`` stands below and describes it; ``prefixes`` are
    offered during typing, by prefix without its colon. What is typed comes back after a pause, on
    leaving the editor and on Ctrl+Enter. It stays until the page passes a ``text`` that it neither
    passed nor got last (:func:`compactgraph.explorer.components.restore` begins anew with the same).
    """
    turn = Turn(key, text)
    data = {
        "text": turn.value,
        "turn": turn.number,
        "label": label,
        "hint": hint,
        "prefixes": dict(prefixes),
        "height": height,
    }
    result = _EDITOR.show(key, data, "edited", "run")
    ran = result.run is not None
    return EditorState(turn.settle(result.run if ran else result.edited) or "", ran)
