"""The least that a Streamlit page can be: what the explorer's pages are measured beside."""

import streamlit as st

st.title("An empty page")
