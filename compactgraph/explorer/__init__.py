"""The explorer in a browser; only this folder imports Streamlit.

``app`` runs the page that the address names, ``frame.address`` keeps a page's state in its address, and
``frame.render`` fills the templates.
"""
