"""Where the shipped ontology and data are, and where the store goes."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_SHIPPED = _PACKAGE / "_shipped"

STORE_VARIABLE = "COMPACTGRAPH_STORE"
DATA_VARIABLE = "COMPACTGRAPH_DATA"
REGISTER_VARIABLE = "COMPACTGRAPH_REGISTER"
DECIDERS_VARIABLE = "COMPACTGRAPH_DECIDERS"


def _shipped(name: str) -> Path:
    inside_wheel = _SHIPPED / name
    return inside_wheel if inside_wheel.exists() else _PACKAGE.parent / name


def _named(variable: str, chosen: Path | None = None) -> Path | None:
    if chosen is not None:
        return chosen
    return Path(named) if (named := os.environ.get(variable)) else None


def ontology_folder() -> Path:
    """The folder of the ontology, vocabularies, shapes, rules and saved questions."""
    return _shipped("ontology")


def data_folder(chosen: Path | None = None) -> Path:
    """The folder of the reviews: the one chosen, the environment's, ./data, or the shipped one."""
    if named := _named(DATA_VARIABLE, chosen):
        return named
    here = Path("data")
    return here if any(here.glob("*/review.toml")) else _shipped("data")


def store_location(chosen: str | None = None) -> str:
    """The folder or service of the store: the one chosen, the environment's, or ./.compactgraph."""
    return chosen or os.environ.get(STORE_VARIABLE) or ".compactgraph"


def register_file(location: Path | str) -> Path:
    """The file of the register: the environment's, or one beside the folder of the store.

    Anyone may delete that folder, so it is not inside. Its name has no dot in front: people see it.
    """
    if named := _named(REGISTER_VARIABLE):
        return named
    folder = Path(location).resolve()
    return folder.with_name(f"{folder.name.lstrip('.')}.register")


def register_is_named() -> bool:
    """Say whether the environment names a register."""
    return bool(os.environ.get(REGISTER_VARIABLE))


def register_database() -> str | None:
    """The address of the PostgreSQL database that keeps the register; None if a file keeps it."""
    named = os.environ.get(REGISTER_VARIABLE, "")
    return named if named.lower().startswith(("postgresql:", "postgres:")) else None


def is_service(location: Path | str) -> bool:
    """Say whether a store's location is the address of a service; all else is a folder."""
    return isinstance(location, str) and location.lower().startswith(("http://", "https://"))


def from_anywhere(location: Path | str) -> str:
    """Return a store's location in a form that holds from any working folder."""
    return str(location) if is_service(location) else str(Path(location).resolve())


def deciders_file(chosen: Path | None = None) -> Path | None:
    """The file of those who may decide in the explorer: the one chosen, the environment's, or None."""
    return _named(DECIDERS_VARIABLE, chosen)


def app_script() -> Path:
    """The script that Streamlit runs for the explorer."""
    return _shipped("app.py")


def signing_script() -> Path:
    """The script that Streamlit runs instead if people may sign in and decide."""
    return _PACKAGE / "explorer" / "sign_in" / "app.py"


def app_settings() -> Path:
    """The explorer's settings of Streamlit."""
    return _shipped(".streamlit") / "config.toml"
