"""The identifiers that people write (``1.11``, ``theme-2``, ``1.4-r1``) and the IRIs they stand for.

Each is parsed once, where it enters, and is valid from there on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from compactgraph.common.fingerprints import fingerprint
from compactgraph.common.namespaces import ID, SHARED_REFERENCE

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LAYERS = ("source", "reading", "references", "decisions", "standing")
"""The named graphs of a review."""

REGISTERED = ("decisions", "standing")
"""Those of them that change with the register: what was decided, and how things stand since."""

_NUMBER = re.compile(r"(\d{1,4})\.(?:(\d{1,4})\.?)?(?=\s)")


@dataclass(frozen=True)
class ClauseNumber:
    """The number of a theme, as in ``1.``, or a commitment's theme and place, as in ``1.11.``."""

    theme: int
    place: int | None

    @classmethod
    def at_start_of(cls, text: str) -> tuple[ClauseNumber, int] | None:
        """Return the number that ``text`` begins with and where it ends, or None where there is none."""
        match = _NUMBER.match(text)
        if match is None:
            return None
        return cls(int(match[1]), None if match[2] is None else int(match[2])), match.end()

    @property
    def identifier(self) -> str:
        """The identifier of the theme or commitment."""
        return theme_identifier(self.theme) if self.place is None else f"{self.theme}.{self.place}"


def is_slug(text: str) -> bool:
    """Say whether ``text`` can name a review, a section or a reference: a-z, 0-9 and hyphens."""
    return SLUG.fullmatch(text) is not None


def theme_identifier(number: int) -> str:
    """Return the identifier of theme ``number``."""
    return f"theme-{number}"


_SAID = re.compile(r"(?P<provision>.+)-(?P<kind>[cr])\d+")


def provision_of(identifier: str) -> str:
    """Return the identifier of the provision that a text is, or is said of."""
    match = _SAID.fullmatch(identifier)
    return match["provision"] if match else identifier


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
        """Those of the named graphs that change with the register."""
        return [self.graph(layer) for layer in REGISTERED]

    def provision(self, identifier: str) -> str:
        """The IRI of a provision."""
        return f"{self.base}/provision/{identifier}"

    def commentary(self, identifier: str) -> str:
        """The IRI of a paragraph of commentary."""
        return f"{self.base}/commentary/{identifier}"

    def recommendation(self, identifier: str) -> str:
        """The IRI of a recommendation."""
        return f"{self.base}/recommendation/{identifier}"

    def said(self, identifier: str) -> str:
        """The IRI of a text by its identifier: of a provision, a commentary or a recommendation."""
        match = _SAID.fullmatch(identifier)
        if match is None:
            return self.provision(identifier)
        return self.commentary(identifier) if match["kind"] == "c" else self.recommendation(identifier)

    def footnote(self, identifier: str) -> str:
        """The IRI of a footnote."""
        return f"{self.base}/footnote/{identifier}"

    def passage(self, start: int, end: int) -> str:
        """The IRI of a passage of the document: characters ``start`` up to ``end``."""
        return f"{self.base}/passage/{start}-{end}"

    def reading(self, name: str) -> str:
        """The IRI of one reading."""
        return f"{self.base}/reading/{name}"

    def movement(self, identifier: str) -> str:
        """The IRI of a movement."""
        return f"{self.base}/movement/{identifier}"

    def decision(self, number: int) -> str:
        """The IRI of a decision, by its number in the register."""
        return f"{self.base}/decision/{number}"

    def draft(self, number: int) -> str:
        """The IRI of a draft of the succeeding agreement."""
        return f"{self.base}/draft/{number}"

    def drafted(self, number: int, identifier: str) -> str:
        """The IRI of a provision in a draft."""
        return f"{self.draft(number)}/provision/{identifier}"

    def agent(self, name: str) -> str:
        """The IRI of a person or body that the register knows by name alone."""
        return f"{self.base}/agent/{fingerprint(name)[7:23]}"

    def reference(self, identifier: str, *, shared: bool = False) -> str:
        """The IRI of a reference, of this review or shared by all."""
        return (SHARED_REFERENCE if shared else f"{self.base}/reference/") + identifier
