"""What validation finds: values with a severity, not errors."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much a finding matters; only a violation makes a graph non-conforming."""

    VIOLATION = "Violation"
    WARNING = "Warning"
    INFO = "Info"


@dataclass(frozen=True)
class Finding:
    """One result of validation.

    ``focus`` is the identifier or IRI of the focus node, ``shape`` the name of the requirement,
    ``message`` a sentence for people, ``value`` what was found, ``line`` where in the source, or None.
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
        """Return the finding that :meth:`to_json` gave ``data`` for."""
        return cls(**{**data, "severity": Severity(data["severity"])})

    def __str__(self) -> str:
        """Return one line for people."""
        place = f" (line {self.line} of the source)" if self.line is not None else ""
        return f"{self.severity}: {self.focus}{place}: {self.message}"
