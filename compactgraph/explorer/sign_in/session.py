"""Who is signed in, and whether they may decide. It shows only if writing is switched on.

Streamlit signs people in and keeps the provider's claims (ADR 14). The list is looked up each time: when
a form is drawn, and again when it is sent.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from compactgraph import paths
from compactgraph.errors import DecidersError, NotAllowedError
from compactgraph.explorer.frame import render, session
from compactgraph.explorer.sign_in.deciders import Decider, Deciders
from compactgraph.explorer.sign_in.settings import PROVIDER

_LOG = logging.getLogger("compactgraph.signing")
_CLOSED = "Nobody can decide here until those who run this explorer have mended its settings."


def is_on() -> bool:
    """Whether writing is switched on for this server."""
    return paths.deciders_file() is not None


def decider(review: str | None = None) -> Decider | None:
    """Return who is signed in if they may decide in ``review``, by default the one that is shown.

    This is for drawing: code that writes calls :func:`require`.
    """
    try:
        return require(session.shown().review if review is None else review)
    except NotAllowedError:
        return None


def require(review: str) -> Decider:
    """Return who is signed in; raise NotAllowedError if they may not decide in ``review`` now.

    Code that writes calls this at the moment of writing.
    """
    if not is_on():
        raise NotAllowedError("Nothing is decided in this explorer; writing is not switched on.")
    return _deciders().require(_claims(), review)


def corner() -> None:
    """Draw in the sidebar who is signed in, with a button to sign in or out, if writing is on."""
    if not is_on():
        return
    with st.sidebar:
        address = _address()
        if not address:
            render.show("sign_in/corner", name="", body="", sentence=_CLOSED)
        elif _is_elsewhere(address):
            render.show("sign_in/elsewhere", address=address)
        else:
            _draw()


def _draw() -> None:
    try:
        person = require(session.shown().review)
    except NotAllowedError as error:
        signed_in = bool(_claims())
        if signed_in:
            render.show("sign_in/corner", name="", body="", sentence=str(error))
        if error.again:
            words = "Sign in again" if signed_in else "Sign in to decide"
            st.button(words, key="sign-in", on_click=st.login, args=(PROVIDER,))
    else:
        reference = session.shown().references.get(person.on_behalf_of)
        body = reference.label if reference else person.on_behalf_of
        render.show("sign_in/corner", name=person.name, body=body, sentence="")
    if _claims():
        st.button("Sign out", key="sign-out", on_click=st.logout)


def _deciders() -> Deciders:
    """Return the list as it is now; raise NotAllowedError if it cannot be read."""
    path = paths.deciders_file()
    try:
        if path is None:
            raise DecidersError("no file of those who may decide is named")
        return _read(path, *_state(path))
    except DecidersError as error:
        # The server's paths are for its log, not for readers.
        _LOG.error("nobody can decide: %s", error)
        raise NotAllowedError(_CLOSED) from None


def _state(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino, found.st_mode


@lru_cache(maxsize=4)
def _read(path: Path, *_state: int) -> Deciders:
    return Deciders.read(path)


def _claims() -> Mapping[str, Any]:
    """Return the provider's claims about who is signed in, empty if nobody is."""
    if st.get_option("server.trustedUserHeaders"):
        # Anybody can send these headers, and Streamlit would believe them instead of the provider.
        return {}
    found: dict[str, Any] = dict(st.user.to_dict())
    return found if found.get("is_logged_in") is True else {}


def _address() -> str:
    """Return where people sign in to this explorer, empty if they cannot."""
    try:
        settings = st.secrets["auth"]
        back = str(settings["redirect_uri"]) if PROVIDER in settings else ""
    except (KeyError, FileNotFoundError):
        return ""
    return back.removesuffix("/oauth2callback")


def _is_elsewhere(address: str) -> bool:
    """Say whether the reader opened this explorer at another address than people sign in at."""
    here = urlsplit(st.context.url or address)
    return f"{here.scheme}://{here.netloc}" != address
