"""The plain model of a review: what the document says, each part with its place in the source."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from compactgraph.common.schemes import ProvisionKind
from compactgraph.document.text import Passage, Span


class Role(StrEnum):
    """What a piece of the document is there for."""

    INTRODUCTORY = "introductory"
    COLUMN_HEADING = "column-heading"
    PARTY_HEADING = "party-heading"
    NUMBER = "number"
    WORDING = "wording"
    COMMENTARY = "commentary"
    RECOMMENDATION = "recommendation"
    MARKER = "marker"
    FOOTNOTE = "footnote"


@dataclass(frozen=True)
class Piece:
    """A range of the document in one role; the pieces together show every word once."""

    span: Span
    role: Role


@dataclass(frozen=True)
class Text:
    """A text of the document: its identifier and its words."""

    identifier: str
    words: Passage


@dataclass
class Provision:
    """A part of the agreement under review, with what the partners say of it.

    ``theme`` is the number of its theme, or its own; ``party`` a term of the scheme ``party``;
    ``annotates`` the text that it explains, if it is a footnote.
    """

    identifier: str
    kind: ProvisionKind
    words: Passage
    label: str = ""
    theme: int | None = None
    party: str | None = None
    commentary: list[Text] = field(default_factory=list)
    recommendations: list[Text] = field(default_factory=list)
    annotates: str | None = None

    def texts(self) -> list[Text]:
        """Return the provision's own words, its commentary and its recommendations."""
        return [Text(self.identifier, self.words), *self.commentary, *self.recommendations]


@dataclass(frozen=True)
class Footnote:
    """A note, the mark that calls it, and the identifier of the text with the mark."""

    identifier: str
    words: Passage
    mark: Span
    annotates: str


@dataclass
class Review:
    """A review as read: every piece of the document, and the provisions in its order."""

    pieces: list[Piece]
    provisions: list[Provision]
    footnotes: list[Footnote]

    def by_identifier(self) -> dict[str, Provision]:
        """Return the provisions by their identifiers."""
        return {provision.identifier: provision for provision in self.provisions}
