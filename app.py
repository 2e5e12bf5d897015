"""The explorer, for ``streamlit run app.py``; ``compactgraph app`` starts the same."""

from compactgraph.explorer.app import main

main()
