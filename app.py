"""The explorer, for ``streamlit run app.py``; ``compactgraph app`` starts the same."""

from compactgraph.ui.shell import main

main()
