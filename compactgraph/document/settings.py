"""A review's folder: the source, and ``review.toml``, in which the review says what it is.

The reader knows the shape of a two-column review; what is one review's own (its headings, the names
of its unnumbered sections, the agreement under review) stands in that file.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compactgraph.common.identifiers import ReviewIRIs, is_slug
from compactgraph.errors import FolderError, UnknownNameError

SETTINGS = "review.toml"
READINGS = "readings.toml"
REFERENCES = "references.ttl"
CUES = "cues.csv"


@dataclass(frozen=True)
class SectionRule:
    """How an unnumbered section is known: by the words that it begins with.

    ``items`` names the kind of the provisions that its list holds; ``theme`` the theme it defines.
    """

    identifier: str
    begins: str
    label: str
    theme: int | None = None
    items: str | None = None


@dataclass(frozen=True)
class ReviewFolder:
    """A review's folder as it was read; paths are those of its files, present or not."""

    path: Path
    identifier: str
    title: str
    language: str
    source: Path
    reviewed: str
    successor: str
    reviewer: str
    issued: str
    note: str
    rights: str
    party_headings: dict[str, str]
    sections: tuple[SectionRule, ...]
    expected: dict[str, int]

    @property
    def iris(self) -> ReviewIRIs:
        """The IRIs of this review's data."""
        return ReviewIRIs(self.identifier)

    @classmethod
    def read(cls, path: Path) -> ReviewFolder:
        """Read ``path/review.toml``; raise FolderError if it is missing or malformed."""
        settings_path = path / SETTINGS
        settings = read_toml(settings_path)
        if not is_slug(path.name):
            raise FolderError(
                f"{path}: the folder's name is the review's identifier; use a-z, 0-9 and hyphens"
            )
        take = _Taker(settings_path, settings)
        source = take.text("source", "source.txt")
        if Path(source).name != source:
            raise FolderError(f"{settings_path}: source '{source}' must be a file of this folder")
        folder = cls(
            path=path,
            identifier=path.name,
            title=take.text("title"),
            language=take.text("language", "en"),
            source=path / source,
            reviewed=take.text("reviewed"),
            successor=take.text("successor"),
            reviewer=take.text("reviewer"),
            issued=take.text("issued", ""),
            note=take.text("note", ""),
            rights=take.text("rights", ""),
            party_headings={
                entry.text("text"): entry.text("party") for entry in take.entries("party_headings")
            },
            sections=tuple(
                SectionRule(
                    identifier=entry.text("identifier"),
                    begins=entry.text("begins"),
                    label=entry.text("label", "") or entry.text("begins"),
                    theme=entry.number("theme"),
                    items=entry.text("items", "") or None,
                )
                for entry in take.entries("sections")
            ),
            expected=_counts(settings_path, take.table("expected")),
        )
        _check_sections(settings_path, folder.sections)
        return folder


def read_toml(path: Path) -> dict[str, Any]:
    """Return the content of a TOML file; raise FolderError if it is missing or malformed."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FolderError(f"{path}: there is no such file; a review needs one") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FolderError(f"{path}: {error}; mend the file") from None


def list_reviews(data: Path) -> list[str]:
    """Return the identifiers of the reviews below ``data``; raise FolderError if there is none."""
    found = sorted(settings.parent.name for settings in data.glob(f"*/{SETTINGS}"))
    if not found:
        raise FolderError(f"{data}: no review here; a review is a folder with a {SETTINGS}")
    return found


def open_review(data: Path, identifier: str) -> ReviewFolder:
    """Return the review ``identifier`` below ``data``; raise UnknownNameError if there is none."""
    known = list_reviews(data)
    if identifier not in known:
        raise UnknownNameError("review", identifier, known)
    return ReviewFolder.read(data / identifier)


class _Taker:
    """Takes values out of a TOML table, checking that each is there and of its type."""

    def __init__(self, path: Path, table: dict[str, Any], place: str = "") -> None:
        self._path = path
        self._table = table
        self._place = place

    def _error(self, key: str, need: str) -> FolderError:
        return FolderError(f"{self._path}: {self._place}{key} {need}")

    def text(self, key: str, default: str | None = None) -> str:
        value = self._table.get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self._error(key, "must be given, as text in quotes")
        return value

    def number(self, key: str) -> int | None:
        value = self._table.get(key)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise self._error(key, "must be a whole number")
        return value

    def table(self, key: str) -> dict[str, Any]:
        value = self._table.get(key, {})
        if not isinstance(value, dict):
            raise self._error(key, f"must be a table: [{key}]")
        return value

    def entries(self, key: str) -> list[_Taker]:
        value = self._table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            raise self._error(key, f"must be a list of tables: [[{key}]]")
        return [
            _Taker(self._path, entry, f"{self._place}{key} {place}, ")
            for place, entry in enumerate(value, 1)
        ]


def take_entries(path: Path, key: str) -> list[_Taker]:
    """Return the ``[[key]]`` tables of the TOML file at ``path``, which need not exist."""
    return _Taker(path, read_toml(path)).entries(key) if path.exists() else []


def _counts(path: Path, table: dict[str, Any]) -> dict[str, int]:
    for key, value in table.items():
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise FolderError(f"{path}: expected.{key} must be a whole number")
    return dict(table)


def _check_sections(path: Path, sections: tuple[SectionRule, ...]) -> None:
    seen: set[str] = set()
    for section in sections:
        if not is_slug(section.identifier):
            raise FolderError(
                f"{path}: section '{section.identifier}': an identifier has a-z, 0-9 and hyphens"
            )
        if section.identifier in seen:
            raise FolderError(f"{path}: section '{section.identifier}' stands twice; name it once")
        seen.add(section.identifier)
