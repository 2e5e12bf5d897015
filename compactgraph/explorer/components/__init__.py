"""What Streamlit lacks: a network that one can choose in, a SPARQL editor, and flows.

Each is a function that a page calls as it calls a widget. All that they show is text, never markup.
Their sources, and how to build them, stand in ``frontend/``.
"""

from compactgraph.explorer.components.diagram import DiagramNode, DiagramTie, diagram
from compactgraph.explorer.components.editor import EditorState, sparql_editor
from compactgraph.explorer.components.flows import FlowLink, FlowNode, flows
from compactgraph.explorer.components.mount import restore

__all__ = [
    "DiagramNode",
    "DiagramTie",
    "EditorState",
    "FlowLink",
    "FlowNode",
    "diagram",
    "flows",
    "restore",
    "sparql_editor",
]
