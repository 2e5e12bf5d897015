"""What Streamlit lacks: a network with a choice, a SPARQL editor, and flows.

Each is a function that a page calls as it calls a widget. All that they show is text, never markup.
``frontend/`` has their sources, and says how to build them.
"""
