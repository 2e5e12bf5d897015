"""What Streamlit needs to sign people in: the provider and the secrets, which no process inherits."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from compactgraph import paths
from compactgraph.explorer.sign_in.deciders import Deciders

PROVIDER = "oidc"
"""What Streamlit's settings call the provider at which people sign in."""


def signing_settings(
    host: str, port: int, environ: MutableMapping[str, str]
) -> tuple[str, dict[str, Any]]:
    """Return where people open the explorer, and the secrets with which Streamlit signs them in.

    They are taken out of ``environ``: no process that the server starts inherits them. Raises
    DecidersError if the file that ``environ`` names is missing or malformed, or lacks one of them.
    """
    provider = Deciders.read(Path(environ[paths.DECIDERS_VARIABLE])).provider
    origin = provider.origin(host, port)
    auth = {
        "redirect_uri": f"{origin}/oauth2callback",
        "cookie_secret": provider.cookie_secret(environ),
        PROVIDER: {
            "client_id": provider.client,
            "client_secret": provider.secret(environ),
            "server_metadata_url": provider.metadata,
            # A person is asked only who they are: their name stands in the list.
            "client_kwargs": {"scope": "openid email"},
            # A person who proved who they are too long ago has to prove it again.
            "authorize_params": {"max_age": max(1, int(provider.fresh.total_seconds()))},
        },
    }
    for variable in (provider.secret_variable, provider.cookie_variable):
        environ.pop(variable, None)
    return origin, {"auth": auth}
