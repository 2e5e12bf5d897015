"""A review's folder: the source, and ``review.toml`` with what is this review's own."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compactgraph.common.identifiers import ReviewIRIs, is_slug
from compactgraph.errors import FolderError, require_known

SETTINGS = "review.toml"
READINGS = "readings.toml"
REFERENCES = "references.ttl"
CUES = "cues.csv"


@dataclass(frozen=True)
class SectionRule:
    """An unnumbered section, and the words that it begins with.

    ``items`` is the kind of the provisions in its list; ``theme`` the theme that it defines.
    """

    identifier: str
    begins: str
    label: str
    theme: int | None = None
    items: str | None = None


@dataclass(frozen=True)
class ReviewFolder:
    """A review's folder, with its settings."""

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
        take = TomlTable.read(path / SETTINGS)
        if not is_slug(path.name):
            raise FolderError(
                f"{path}: the folder's name is the review's identifier; use a-z, 0-9 and hyphens"
            )
        source = take.text("source", "source.txt")
        if Path(source).name != source:
            raise FolderError(f"{path / SETTINGS}: source '{source}' must be a file of this folder")
        return cls(
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
            sections=_sections(take),
            expected=take.counts("expected"),
        )


def _sections(take: TomlTable) -> tuple[SectionRule, ...]:
    sections: dict[str, SectionRule] = {}
    for entry in take.entries("sections"):
        name, begins = entry.text("identifier"), entry.text("begins")
        place = f"{take.path}: section '{name}'"
        if not is_slug(name):
            raise FolderError(f"{place}: an identifier has a-z, 0-9 and hyphens")
        if name in sections:
            raise FolderError(f"{place} stands twice; name it once")
        label, items = entry.text("label", "") or begins, entry.text("items", "") or None
        sections[name] = SectionRule(name, begins, label, entry.number("theme"), items)
    return tuple(sections.values())


def list_reviews(data: Path) -> list[str]:
    """Return the identifiers of the reviews below ``data``; raise FolderError if it has none."""
    found = sorted(settings.parent.name for settings in data.glob(f"*/{SETTINGS}"))
    if not found:
        raise FolderError(f"{data}: no review here; a review is a folder with a {SETTINGS}")
    return found


def open_review(data: Path, identifier: str) -> ReviewFolder:
    """Return the review ``identifier`` below ``data``; raise UnknownNameError if it is unknown."""
    require_known("review", identifier, list_reviews(data))
    return ReviewFolder.read(data / identifier)


@dataclass(frozen=True)
class TomlTable:
    """A table of a TOML file; its methods raise FolderError if a value is missing or of another type.

    ``place`` says where in the file it stands, before the name of a key.
    """

    path: Path
    values: dict[str, Any]
    place: str = ""

    @classmethod
    def read(cls, path: Path) -> TomlTable:
        """Read a file; raise FolderError if it is missing or malformed."""
        try:
            return cls(path, tomllib.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise FolderError(f"{path}: there is no such file; a review needs one") from None
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise FolderError(f"{path}: {error}; mend the file") from None

    def _error(self, key: str, need: str) -> FolderError:
        return FolderError(f"{self.path}: {self.place}{key} {need}")

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; without a default it must have words."""
        value = self.values.get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self._error(key, "must be given, as text in quotes")
        return value

    def number(self, key: str) -> int | None:
        """Return a whole number, or None if the table has none."""
        value = self.values.get(key)
        if value is not None and type(value) is not int:
            raise self._error(key, "must be a whole number")
        return value

    def counts(self, key: str) -> dict[str, int]:
        """Return a table of whole numbers."""
        table = self.values.get(key, {})
        if not isinstance(table, dict):
            raise self._error(key, f"must be a table: [{key}]")
        for name, value in table.items():
            if type(value) is not int or value < 0:
                raise self._error(f"{key}.{name}", "must be a whole number")
        return table

    def entries(self, key: str) -> list[TomlTable]:
        """Return a list of tables."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            raise self._error(key, f"must be a list of tables: [[{key}]]")
        return [
            TomlTable(self.path, entry, f"{self.place}{key} {number}, ")
            for number, entry in enumerate(value, 1)
        ]
