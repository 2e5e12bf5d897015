"""The explorer: pages of widgets, each with one call of the package and one rendering.

Only this folder imports Streamlit. ``shell`` opens the graph and runs the page that the address names;
``address`` keeps a page's state in its URL; ``render`` fills the templates, which escape what they show.
"""
