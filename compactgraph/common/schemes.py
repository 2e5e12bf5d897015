"""The terms that the code knows by name, a class for each scheme; ``ontology/vocab`` defines them.

The kinds of decision are :class:`compactgraph.register.entry.Kind`.
"""

from __future__ import annotations

from enum import StrEnum


class ProvisionKind(StrEnum):
    """The kinds of provision; the ontology has a class for each."""

    SECTION = "section"
    THEME = "theme"
    VALUE = "value"
    COMMITMENT = "commitment"


class Party(StrEnum):
    """Who makes a commitment."""

    SHARED = "shared"
    PUBLIC_SECTOR = "public-sector"
    VCS = "vcs"


class Disposition(StrEnum):
    """What a recommendation does with a provision."""

    KEEP = "keep"
    KEEP_WITH_REVISION = "keep-with-revision"
    CHANGE = "change"
    REMOVE = "remove"
    REFER = "refer"
    ADD = "add"
    CONSIDER = "consider"


class Reason(StrEnum):
    """Why a provision leaves the agreement."""

    BUSINESS_AS_USUAL = "business-as-usual"
    IMPLICIT = "implicit"
    MEANING_UNCLEAR = "meaning-unclear"
    NO_LONGER_POSSIBLE = "no-longer-possible"
    OBSOLETE = "obsolete"
    BETTER_PLACED_ELSEWHERE = "better-placed-elsewhere"


class Relation(StrEnum):
    """How a provision moves to its destination."""

    STAYS = "stays"
    MOVES = "moves"
    EITHER = "either"
    ABSORBED = "absorbed"
    REFERS = "refers"
    QUESTION = "question"
    DROPPED = "dropped"


class Status(StrEnum):
    """How far a movement is decided."""

    RECOMMENDED = "recommended"
    AGREED = "agreed"
    REJECTED = "rejected"
    APPLIED = "applied"


class Outcome(StrEnum):
    """What becomes of a provision; each has one."""

    RETAINED = "retained"
    REVISED = "revised"
    EITHER = "either"
    MOVED = "moved"
    ABSORBED = "absorbed"
    DROPPED = "dropped"
    REFERRED = "referred"
    UNDECIDED = "undecided"


KINDS = (ProvisionKind.COMMITMENT, ProvisionKind.THEME, ProvisionKind.VALUE, ProvisionKind.SECTION)
"""The kinds of provision in the order in which people see them."""

DECIDED_DISPOSITIONS = tuple(term for term in Disposition if term is not Disposition.CONSIDER)
"""The dispositions that a decision can have."""

STAYING = frozenset(DECIDED_DISPOSITIONS) - {Disposition.REMOVE, Disposition.REFER}
"""The dispositions that leave the matter in the succeeding agreement."""

OPEN = (Relation.EITHER, Relation.QUESTION)
"""The relations of movements that leave something to decide."""

PLACELESS = (Relation.DROPPED, Relation.ABSORBED, Relation.QUESTION)
"""The relations of movements that give the matter no place in a document."""

UPHELD = (Status.AGREED, Status.APPLIED)
"""The statuses of movements that were agreed to."""

UNSETTLED = (Outcome.UNDECIDED, Outcome.EITHER)
"""The outcomes of provisions with something to settle."""
