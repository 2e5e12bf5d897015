"""Decides which of several writings takes a place, where nothing else keeps those who write apart.

SPARQL has no lock, and how far a service keeps two updates apart differs from one to the next: the one
that adds an entry "where there is none" lets two in on some. So the writers vote. Votes are only ever
added, and of the service nothing is needed but that a vote which was taken in, or seen once, is in each
later answer.

It goes in rounds. In each, a writer proposes a writing, or takes up one that is proposed already; looks;
says whether it has seen that one alone (it is certain) or not (it doubts); and looks again. Where all
that it then finds are certain, the writing has the place. Else it goes on to the next round, with a
writing of which another is certain, where there is one, or with the first that it has seen.

- Of two writings one was there when the other was proposed, so that in a round no two are certain of
  different ones.
- Who finds none but certain votes has looked before anybody doubted; who doubts later finds a certain
  vote, and takes its writing along. So one writing alone can ever have a place, however late a vote
  comes in.
- Whoever comes upon the votes of one who died goes on with them; nobody has to be waited for.

This is "commit-adopt" (Gafni, Round-by-round fault detectors, PODC 1998), repeated.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from compactgraph.errors import RegisterError


class Said(StrEnum):
    """What a vote says of a writing."""

    PROPOSED = "proposed"
    CERTAIN = "certain"
    DOUBTED = "doubted"


@dataclass(frozen=True)
class Vote:
    """What one writer says of a writing in a round; who says it is of no account."""

    round: int
    said: Said
    writing: str

    def __str__(self) -> str:
        """Return the vote as it is kept."""
        return f"{self.round} {self.said} {self.writing}"

    @classmethod
    def from_text(cls, text: str) -> Vote:
        """Return the vote that a text holds; raise ValueError where it is none."""
        match = _VOTE.fullmatch(text)
        if match is None:
            raise ValueError("no vote")
        return cls(int(match["round"]), Said(match["said"]), match["writing"])


_VOTE = re.compile(rf"(?P<round>[1-9]\d{{0,8}}) (?P<said>{'|'.join(Said)}) (?P<writing>.+)", re.ASCII)

Ballot = Generator[Vote | None, AbstractSet[Vote], str]
"""Yields a vote to be added, or none, and is sent all that are there afterwards; returns who has won."""


def ballot(own: str) -> Ballot:
    """Vote on a place until a writing has it: ``own``, or that of another. Each writing differs.

    Raises RegisterError where the votes cannot be: a service has then not shown what it had taken in.
    """
    seen = yield None
    number, preferred = 1, own
    while True:
        proposed = _of(seen, number, Said.PROPOSED)
        if not proposed:
            seen = yield Vote(number, Said.PROPOSED, preferred)
            proposed = _of(seen, number, Said.PROPOSED)
        if preferred not in proposed:
            preferred = min(proposed)
        said = Said.CERTAIN if proposed == {preferred} else Said.DOUBTED
        seen = yield Vote(number, said, preferred)
        certain = _of(seen, number, Said.CERTAIN)
        if len(certain) > 1:
            raise RegisterError("two writings are voted into one place; the service keeps no order")
        if certain and not _of(seen, number, Said.DOUBTED):
            return certain.pop()
        preferred = min(certain or proposed)
        number += 1


def _of(votes: Iterable[Vote], number: int, said: Said) -> set[str]:
    """Return the writings of which this is said in a round."""
    return {vote.writing for vote in votes if vote.round == number and vote.said is said}
