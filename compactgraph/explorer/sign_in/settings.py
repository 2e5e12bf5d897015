"""What Streamlit needs to sign people in: the provider and the secrets."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from compactgraph import paths
from compactgraph.explorer.sign_in.deciders import Deciders

PROVIDER = "oidc"
"""The name of the provider in Streamlit's settings."""


def signing_settings(
    host: str, port: int, environ: MutableMapping[str, str]
) -> tuple[str, dict[str, Any]]:
    """Return where people open the explorer, and Streamlit's settings to sign them in.

    Takes the secrets out of ``environ``, so that no child process inherits them. Raises DecidersError if
    the file that ``environ`` names is missing or malformed, or if a secret is missing.
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
            # The list has the names of people.
            "client_kwargs": {"scope": "openid email"},
            # A person who signed in too long ago has to do so again.
            "authorize_params": {"max_age": max(1, int(provider.fresh.total_seconds()))},
        },
    }
    for variable in (provider.secret_variable, provider.cookie_variable):
        environ.pop(variable, None)
    return origin, {"auth": auth}
