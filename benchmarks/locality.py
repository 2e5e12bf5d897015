"""A made-up place: its name, its agreement, and the bodies and documents that its review names."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from benchmarks.words import PARTY_HEADINGS, PLACE_HEADS, PLACE_MIDDLES, PLACE_SIDES, PLACE_TAILS

_STRIDE = 7919
"""A prime, so that neighbours in number are no neighbours in name."""

PREFIXES = """\
@prefix cg: <https://w3id.org/compactgraph/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <https://w3id.org/compactgraph/id/{review}/reference/> .
"""


@dataclass(frozen=True)
class LocalReference:
    """A reference of one place: its identifier, names (the label first), classes and definition."""

    identifier: str
    names: tuple[str, ...]
    classes: tuple[str, ...]
    definition: str
    more: tuple[str, ...] = ()

    def to_turtle(self) -> str:
        """Return the Turtle statements about the reference."""
        labels = [f"skos:prefLabel {_quoted(self.names[0])}"]
        labels += [f"skos:altLabel {_quoted(name)}" for name in self.names[1:]]
        statements = [
            "a " + ", ".join(("cg:Reference", *self.classes)),
            f'dcterms:identifier "{self.identifier}"',
            *labels,
            f"skos:definition {_quoted(self.definition)}",
            *self.more,
        ]
        return f"\n:{self.identifier} " + " ;\n    ".join(statements) + " .\n"


@dataclass(frozen=True)
class Locality:
    """A place and its references; those named here are the ones that sentences ask for."""

    name: str
    slug: str
    year: int
    headings: tuple[str, str, str]
    agreement: LocalReference
    successor: LocalReference
    group: LocalReference
    strategy: LocalReference
    plan: LocalReference
    board: LocalReference
    council: LocalReference
    support: LocalReference
    procedure: LocalReference
    papers: tuple[LocalReference, ...]

    @property
    def references(self) -> tuple[LocalReference, ...]:
        """All references of the place."""
        return (
            self.agreement,
            self.successor,
            self.group,
            self.strategy,
            self.plan,
            self.board,
            self.council,
            self.support,
            self.procedure,
            *self.papers,
        )

    def to_turtle(self, review: str) -> str:
        """Return the file of the place's references for the review ``review``."""
        return PREFIXES.format(review=review) + "".join(r.to_turtle() for r in self.references)


def place_name(number: int) -> str:
    """Return the name of place ``number``, counted from 0; no two places share one."""
    names = len(PLACE_HEADS) * len(PLACE_MIDDLES) * len(PLACE_TAILS) * len(PLACE_SIDES)
    turn, place = divmod(number, names)
    place = place * _STRIDE % names
    place, head = divmod(place, len(PLACE_HEADS))
    place, middle = divmod(place, len(PLACE_MIDDLES))
    side, tail = divmod(place, len(PLACE_TAILS))
    name = PLACE_SIDES[side] + PLACE_HEADS[head] + PLACE_MIDDLES[middle] + PLACE_TAILS[tail]
    return name if turn == 0 else f"{name} {turn + 1}"


def make_locality(number: int, rng: random.Random) -> Locality:
    """Return place ``number`` with the references that ``rng`` chooses for it."""
    name = place_name(number)
    slug = _slug(name)
    year = rng.randint(2003, 2014)
    kind = rng.choice(("Borough Council", "District Council", "County Council", "City Council"))
    short = "".join(word[0] for word in f"{name} {kind}".split()).upper()
    agreement = LocalReference(
        f"{slug}-compact-{year}",
        (f"{name} Compact {year}", f"{name} Compact"),
        ("cg:Agreement",),
        f"The agreement of {year} between the council and the voluntary sector.",
        (f'dcterms:issued "{year}"^^xsd:gYear',),
    )
    successor = LocalReference(
        f"{slug}-{rng.choice(('new', 'next', 'second'))}-compact",
        ("new Compact",),
        ("cg:Agreement",),
        f"The agreement that is to follow that of {year}.",
        (f"dcterms:replaces :{agreement.identifier}",),
    )
    group = rng.choice(("Compact Steering Group", "Compact Forum", "Compact Review Panel"))
    strategy = rng.choice(("Community Strategy", "Third Sector Strategy", "Voluntary Sector Strategy"))
    plan = f"{rng.choice(('Corporate', 'Neighbourhood', 'Wellbeing'))} Plan {rng.randint(2024, 2040)}"
    return Locality(
        name=name,
        slug=slug,
        year=year,
        headings=rng.choice(PARTY_HEADINGS),
        agreement=agreement,
        successor=successor,
        group=_body(slug, f"{name} {group}", "org:Organization", "The group that reviews it.", group),
        strategy=_paper(slug, f"{name} {strategy}", "A strategy for the sector.", strategy),
        plan=_paper(slug, f"{name} {plan}", "A plan of the council.", plan),
        board=_body(slug, f"{name} Partnership Board", "org:Organization", "A board, since wound up."),
        council=_body(slug, f"{name} {kind}", "org:Organization", "The local authority.", short),
        support=_body(
            slug,
            f"{rng.choice(('Voluntary Action', 'Community Links', 'Helping Hands'))} {name}",
            "foaf:Organization",
            "A body that supports local groups.",
        ),
        procedure=_paper(slug, f"{name} Disputes Procedure", "How disputes are settled."),
        papers=tuple(
            _paper(slug, f"{name} {title}", f"A paper called {title}.")
            for title in rng.sample(_PAPERS, rng.randint(4, len(_PAPERS)))
        ),
    )


_PAPERS = (
    "Grants Policy",
    "Listening Exercise",
    "Leader's Pledge",
    "Health Compendium",
    "Exit Policy",
    "Standard Contract",
    "Rural Charter",
    "Volunteering Toolkit",
    "Asset Register",
)


def _body(slug: str, name: str, class_: str, definition: str, *others: str) -> LocalReference:
    return LocalReference(_identifier(slug, name), (name, *others), (class_,), definition)


def _paper(slug: str, name: str, definition: str, *others: str) -> LocalReference:
    return LocalReference(_identifier(slug, name), (name, *others), (), definition)


def _identifier(slug: str, name: str) -> str:
    own = _slug(name)
    return own if own.startswith(slug) else f"{slug}-{own.removesuffix('-' + slug)}"


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower().replace("'", "")).strip("-")


def _quoted(text: str) -> str:
    return f'"{text}"@en'
