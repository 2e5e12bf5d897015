"""The explorer: pages of widgets, each with one call of the package and one rendering.

Only this folder imports Streamlit. ``app`` opens the graph and runs the page that the address names;
``frame.address`` keeps a page's state in its URL; ``frame.render`` fills the templates, which escape
what they show.
"""
