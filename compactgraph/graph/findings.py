"""What validation finds: values with a severity, not errors."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """The severity of a finding; a graph with a violation does not conform."""

    VIOLATION = "Violation"
    WARNING = "Warning"
    INFO = "Info"


@dataclass(frozen=True)
class Finding:
    """One result of validation: the requirement ``shape``, and the ``focus`` node, by identifier or IRI.

    ``value`` is what was found, ``line`` its place in the source.
    """

    severity: Severity
    shape: str
    focus: str
    message: str
    value: str | None
    line: int | None

    def to_json(self) -> dict[str, Any]:
        """Return the finding as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Finding:
        """Return the finding with the values of :meth:`to_json`."""
        return cls(**{**data, "severity": Severity(data["severity"])})

    def __str__(self) -> str:
        """Return one line for people."""
        place = f" (line {self.line} of the source)" if self.line is not None else ""
        return f"{self.severity}: {self.focus}{place}: {self.message}"
