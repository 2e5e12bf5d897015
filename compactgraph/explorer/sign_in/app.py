"""The explorer with writing switched on: Streamlit runs it in place of ``app.py``.

It gives Streamlit the provider's settings as secrets in memory, so that no file holds them.
"""

from __future__ import annotations

import os
import threading
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware

from compactgraph import paths
from compactgraph.explorer.sign_in.gate import Gate
from compactgraph.explorer.sign_in.settings import signing_settings

_OPENED_AFTER = 0.5
"""After how many seconds the server answers a browser."""

_ORIGIN, _SECRETS = signing_settings(
    st.get_option("server.address"), st.get_option("server.port"), os.environ
)


@asynccontextmanager
async def _open_browser(_: st.App) -> AsyncIterator[None]:
    # Streamlit opens a browser for a script, but not for an app.
    if not st.get_option("server.headless"):
        opening = threading.Timer(_OPENED_AFTER, webbrowser.open, [_ORIGIN])
        opening.daemon = True
        opening.start()
    yield


app = st.App(
    paths.app_script(),
    secrets=_SECRETS,
    lifespan=_open_browser,
    middleware=[Middleware(Gate, origin=_ORIGIN)],
)
