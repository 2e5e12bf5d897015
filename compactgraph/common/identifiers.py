"""The names of a review's parts, and their IRIs.

People write names, and the register keeps them. :func:`parse_name` parses a name, and ``str`` gives it
back:

- ``1.11``, ``theme-2``, ``1.4-r1``, ``1.4-c1``: a provision, or what is said of it (:class:`TextName`)
- ``1.11-r1/moves/vcse-strategy``: a movement (:class:`MovementName`)
- ``reading/1.4-r1/disposition/keep``: a reading by hand (:class:`ReadingName`)
- ``decision/7``: a decision (:class:`DecisionName`)
- ``draft/1/2.3``: a provision of a draft (:class:`DraftedName`)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from compactgraph.common.fingerprints import fingerprint
from compactgraph.common.namespaces import ID, SHARED_REFERENCE

LAYERS = ("source", "reading", "references", "decisions", "standing")
"""The named graphs of a review."""

_NUMBER = re.compile(r"(\d{1,4})\.(?:(\d{1,4})\.?)?(?=\s)")


@dataclass(frozen=True)
class ClauseNumber:
    """The number of a theme, as in ``1.``, or a commitment's theme and place, as in ``1.11.``."""

    theme: int
    place: int | None

    @classmethod
    def at_start_of(cls, text: str) -> tuple[ClauseNumber, int] | None:
        """Return the number at the start of ``text`` and its length, or None."""
        match = _NUMBER.match(text)
        if match is None:
            return None
        return cls(int(match[1]), None if match[2] is None else int(match[2])), match.end()

    @property
    def identifier(self) -> str:
        """The identifier of the theme or commitment."""
        return theme_identifier(self.theme) if self.place is None else f"{self.theme}.{self.place}"


def is_slug(text: str) -> bool:
    """Say whether ``text`` can name a review, a section or a reference."""
    return re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", text) is not None


def theme_identifier(number: int) -> str:
    """Return the identifier of theme ``number``."""
    return f"theme-{number}"


def written_name(iri: str) -> str:
    """Return the name in an IRI as people write it: ``1.11``, ``moved``, ``2`` of a theme."""
    return iri.rpartition("/")[2].removeprefix("theme-")


DRAFT_IDENTIFIER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,38}[A-Za-z0-9])?")
"""The pattern of the names of a draft's provisions."""

_SAID = re.compile(r"(.+)-([cr])([1-9][0-9]{0,8})")
_DECISION = re.compile(r"decision/([1-9][0-9]{0,15})")
_DRAFTED = re.compile(rf"draft/([1-9][0-9]{{0,4}})/({DRAFT_IDENTIFIER.pattern})")
_READING = re.compile(r"reading/(.+)", re.DOTALL)
_MOVEMENT = re.compile(r"([^/]+)/([^/]*)(?:/(.+))?", re.DOTALL)
_BY_DECISION = re.compile(r"d([1-9][0-9]{0,15})")
_IRI = re.compile(
    rf"{re.escape(ID)}[^/]+/(?:(?:movement|provision|commentary|recommendation)/|(draft/\d+/)provision/)?(.+)",
    re.DOTALL,
)


@dataclass(frozen=True)
class TextName:
    """A provision; with a ``kind``, the commentary (``c``) or recommendation (``r``) at its place."""

    provision: str
    kind: str = ""
    place: int = 0

    @classmethod
    def parse(cls, identifier: str) -> TextName:
        """Parse a text's identifier; one without a place is a provision's."""
        match = _SAID.fullmatch(identifier)
        return cls(match[1], match[2], int(match[3])) if match else cls(identifier)

    def __str__(self) -> str:
        """Return the name."""
        return f"{self.provision}-{self.kind}{self.place}" if self.kind else self.provision


@dataclass(frozen=True)
class MovementName:
    """A movement: its recommendation or decision (``d7``), its relation, its destination."""

    basis: str
    relation: str
    to: str = ""

    @property
    def decision(self) -> int | None:
        """The number of its decision; None if the review recommends it."""
        match = _BY_DECISION.fullmatch(self.basis)
        return int(match[1]) if match else None

    def __str__(self) -> str:
        """Return the name."""
        return f"{self.basis}/{self.relation}" + (f"/{self.to}" if self.to else "")


@dataclass(frozen=True)
class ReadingName:
    """A reading by hand: the text, and what is read in it."""

    text: str
    read: str = ""

    @property
    def name(self) -> str:
        """Its name within the readings of the review."""
        return f"{self.text}/{self.read}" if self.read else self.text

    def __str__(self) -> str:
        """Return the name."""
        return f"reading/{self.name}"


@dataclass(frozen=True)
class DecisionName:
    """A decision, by its number in the register."""

    number: int

    def __str__(self) -> str:
        """Return the name."""
        return f"decision/{self.number}"


@dataclass(frozen=True)
class DraftedName:
    """A provision of a draft: the draft's number, and the provision's name in it."""

    draft: int
    identifier: str

    def __str__(self) -> str:
        """Return the name."""
        return f"draft/{self.draft}/{self.identifier}"


Name = TextName | MovementName | ReadingName | DecisionName | DraftedName


def parse_name(name: str) -> Name:
    """Parse a name; one of no other form is a text's."""
    if match := _DECISION.fullmatch(name):
        return DecisionName(int(match[1]))
    if match := _DRAFTED.fullmatch(name):
        return DraftedName(int(match[1]), match[2])
    if match := _READING.fullmatch(name):
        text, _, read = match[1].partition("/")
        reading = ReadingName(text, read)
        return reading if str(reading) == name else TextName(name)
    if match := _MOVEMENT.fullmatch(name):
        return MovementName(match[1], match[2], match[3] or "")
    return TextName.parse(name)


def name_of(iri: str) -> str:
    """Return the name that an IRI stands for (see :class:`ReviewIRIs`); an IRI of no review as it is."""
    match = _IRI.fullmatch(iri)
    return (match[1] or "") + match[2] if match else iri


def provision_of(identifier: str) -> str:
    """Return the identifier of a text's provision."""
    return TextName.parse(identifier).provision


def _part(kind: str) -> Callable[[ReviewIRIs, str | int], str]:
    """Return a method that makes the IRI of a review's part from its name or number."""
    return lambda iris, name: f"{iris.base}/{kind}/{name}"


@dataclass(frozen=True)
class ReviewIRIs:
    """The IRIs of one review's data, all below ``…/id/<review>``."""

    review: str

    @property
    def base(self) -> str:
        """The IRI of the review itself."""
        return ID + self.review

    @property
    def document(self) -> str:
        """The IRI of the source document."""
        return f"{self.base}/document"

    def graph(self, layer: str) -> str:
        """The named graph of a layer: one of :data:`LAYERS`."""
        return f"{self.base}/graph/{layer}"

    @property
    def graphs(self) -> list[str]:
        """The named graphs of the review."""
        return [self.graph(layer) for layer in LAYERS]

    @property
    def registered(self) -> list[str]:
        """The named graphs that change with the register: what was decided, and how things stand."""
        return [self.graph("decisions"), self.graph("standing")]

    provision = _part("provision")
    recommendation = _part("recommendation")
    footnote = _part("footnote")
    reading = _part("reading")
    movement = _part("movement")
    decision = _part("decision")
    draft = _part("draft")

    def said(self, identifier: str) -> str:
        """The IRI of a provision, a paragraph of commentary or a recommendation."""
        kind = {"c": "commentary", "r": "recommendation"}.get(
            TextName.parse(identifier).kind, "provision"
        )
        return f"{self.base}/{kind}/{identifier}"

    def passage(self, start: int, end: int) -> str:
        """The IRI of a passage of the document: characters ``start`` up to ``end``."""
        return f"{self.base}/passage/{start}-{end}"

    def drafted(self, number: int, identifier: str) -> str:
        """The IRI of a provision in a draft."""
        return f"{self.draft(number)}/provision/{identifier}"

    def agent(self, name: str) -> str:
        """The IRI of a person or body with nothing but a name."""
        return f"{self.base}/agent/{fingerprint(name)[7:23]}"

    def reference(self, identifier: str, *, shared: bool = False) -> str:
        """The IRI of a reference, of this review or shared by all."""
        return (SHARED_REFERENCE if shared else f"{self.base}/reference/") + identifier
