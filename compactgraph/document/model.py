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
    """A range of the document in one role; together the pieces show every word once."""

    span: Span
    role: Role


@dataclass(frozen=True)
class Text:
    """A text that the document says: its identifier and its words."""

    identifier: str
    words: Passage


@dataclass
class Provision:
    """A part of the agreement under review, with what the partners say of it.

    ``theme`` is a theme's number, its own for a theme; ``party`` a term of the party scheme;
    ``annotates`` the text that the provision, itself a footnote, explains.
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
    """A note, the mark that calls it, and the identifier of the text in which the mark stands."""

    identifier: str
    words: Passage
    mark: Span
    annotates: str


@dataclass
class Review:
    """A review as read: every piece of the document, and the provisions in the order it has them."""

    pieces: list[Piece]
    provisions: list[Provision]
    footnotes: list[Footnote]
    introduction: list[Passage]

    def by_identifier(self) -> dict[str, Provision]:
        """Return the provisions by their identifiers."""
        return {provision.identifier: provision for provision in self.provisions}
