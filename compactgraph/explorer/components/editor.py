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
) -> EditorState:
    """Show an editor that begins with ``text``; return what stands in it.

    ``label`` names it; ``prefixes`` are offered during typing, by prefix without its colon. What is
    typed comes back after a pause, on leaving the editor and on Ctrl+Enter. It stays until the page
    passes a ``text`` that it neither passed nor got last, or calls :func:`~.mount.restore`.
    """
    turn = Turn(key, text)
    data = {
        "text": turn.value,
        "turn": turn.number,
        "label": label,
        "hint": HINT,
        "prefixes": dict(prefixes),
        "height": 320,
    }
    result = _EDITOR.show(key, data, "edited", "run")
    ran = result.run is not None
    return EditorState(turn.settle(result.run if ran else result.edited) or "", ran)
