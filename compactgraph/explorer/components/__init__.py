"""What Streamlit lacks: a network with a choice, a SPARQL editor, and flows.

Each is a function that a page calls as it calls a widget. All that they show is text, never markup.
``frontend/`` has their sources, and says how to build them.
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
