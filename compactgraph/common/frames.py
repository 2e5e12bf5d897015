"""Rows as a DataFrame, of the library that is installed."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from compactgraph.errors import ExportError


def frame(columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Any:
    """Return a DataFrame of pandas, or else polars; raise ExportError if neither is installed."""
    try:
        return import_module("pandas").DataFrame(rows, columns=list(columns))
    except ModuleNotFoundError:
        pass
    try:
        polars = import_module("polars")
    except ModuleNotFoundError:
        raise ExportError("a DataFrame needs pandas or polars; install: pip install pandas") from None
    return polars.DataFrame(
        rows, schema=list(columns), orient="row", infer_schema_length=None, strict=False
    )
