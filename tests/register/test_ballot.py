"""The vote on a place in the register: whatever the writers do when, one writing alone has it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from inspect import getgeneratorlocals

import pytest

from compactgraph.errors import RegisterError
from compactgraph.register.ballot import Ballot, Said, Vote, ballot

Board = frozenset[Vote]


@dataclass(frozen=True)
class Voter:
    """A writer up to some moment: all that it has been shown. It is run anew from that each time."""

    own: str
    shown: tuple[Board, ...] = ()
    has_said: bool = False

    def run(self) -> tuple[Ballot, Vote | None, str]:
        """Return its ballot, the vote that it wants to add, and who has won, where it knows that."""
        steps = ballot(self.own)
        vote = next(steps)
        for board in self.shown:
            try:
                vote = steps.send(board)
            except StopIteration as end:
                return steps, None, str(end.value)
        return steps, vote, ""

    @property
    def won(self) -> str:
        return self.run()[2]

    def step(self, board: Board) -> tuple[Voter, Board]:
        """Add the vote that it has in mind, or else look: one request to a service."""
        _, vote, _ = self.run()
        if vote is not None and not self.has_said:
            return Voter(self.own, self.shown, has_said=True), board | {vote}
        return Voter(self.own, (*self.shown, board)), board

    def mind(self) -> object:
        """Return what it goes by from now on: two that have the same do the same."""
        steps, vote, won = self.run()
        held = {**getgeneratorlocals(steps), "seen": None, "certain": None, "said": None}
        return self.has_said, vote, won, str(sorted(held.items(), key=lambda each: each[0]))


@dataclass(frozen=True)
class State:
    voters: tuple[Voter, ...]
    board: Board = frozenset()

    def key(self) -> object:
        return tuple(voter.mind() for voter in self.voters), self.board

    def after(self, which: int) -> State:
        voter, board = self.voters[which].step(self.board)
        return State((*self.voters[:which], voter, *self.voters[which + 1 :]), board)

    @property
    def winners(self) -> set[str]:
        return {voter.won for voter in self.voters} - {""}

    @property
    def round(self) -> int:
        return max((vote.round for vote in self.board), default=0)


def reachable(number: int, rounds: int) -> Iterator[State]:
    """Yield each state that writers can come to, whose steps follow each other in whatever order."""
    start = State(tuple(map(Voter, "abc"[:number])))
    known, waiting = {start.key()}, [start]
    while waiting:
        state = waiting.pop()
        yield state
        for which, voter in enumerate(state.voters):
            after = state.after(which) if not voter.won else state
            key = after.key()
            if after.round <= rounds and key not in known:
                known.add(key)
                waiting.append(after)


def alone(state: State, which: int) -> str:
    """Let one writer go on, the others being dead; return who has won in its eyes."""
    for _ in range(12):
        if won := state.voters[which].won:
            return won
        state = state.after(which)
    raise AssertionError(f"{state.voters[which].own} does not come to an end: {state.board}")


def check(state: State) -> None:
    """See that no two have won, and that each writer, and one who comes anew, can go on to that end."""
    assert len(state.winners) <= 1, state.board
    grown = State((*state.voters, Voter("z")), state.board)
    for which in range(len(grown.voters)):
        ends = {*state.winners, alone(grown, which)}
        assert len(ends) == 1, state.board


def test_a_writer_alone_has_the_place_after_two_votes() -> None:
    state = State((Voter("a"),))
    while not state.winners:
        state = state.after(0)
    assert state.winners == {"a"}
    assert state.board == {Vote(1, Said.PROPOSED, "a"), Vote(1, Said.CERTAIN, "a")}
    assert len(state.voters[0].shown) == 3


def test_of_two_writers_one_has_the_place_in_whatever_order_they_go_and_wherever_they_die() -> None:
    states = list(reachable(2, 3))
    for state in states:
        check(state)
    assert {winner for state in states for winner in state.winners} == {"a", "b"}
    assert max(state.round for state in states) == 3


def test_of_three_writers_one_has_the_place() -> None:
    chance = random.Random(20261129)
    won = set()
    for _ in range(1000):
        state = State(tuple(map(Voter, "cab")))
        pace = [chance.random() for _ in state.voters]
        for _ in range(chance.randint(1, 60)):
            (which,) = chance.choices(range(3), pace)
            if not state.voters[which].won:
                state = state.after(which)
        check(state)
        won |= state.winners
    assert won == {"a", "b", "c"}


def test_a_vote_that_comes_late_changes_nothing() -> None:
    """The service takes a vote in long after its writer gave up waiting for the answer."""
    late = State((Voter("a"), Voter("b")))
    late = late.after(0)
    assert late.voters[0].run()[1] == Vote(1, Said.PROPOSED, "a")
    while not late.voters[1].won:
        late = late.after(1)
    assert late.winners == {"b"}
    late = late.after(0)
    check(late)
    while not late.voters[0].won:
        late = late.after(0)
    assert late.winners == {"b"}


def test_a_vote_is_read_as_it_is_written() -> None:
    vote = Vote(12, Said.DOUBTED, "000000001-000000002 sha256:ab 0123456789abcdef 1")
    assert str(vote) == "12 doubted 000000001-000000002 sha256:ab 0123456789abcdef 1"
    assert Vote.from_text(str(vote)) == vote


@pytest.mark.parametrize(
    "text", ["", "certain a", "0 certain a", "1 sure a", "1 certain ", "1 certain a\nb", "x certain a"]
)
def test_what_is_no_vote_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no vote"):
        Vote.from_text(text)


def test_votes_that_cannot_be_are_refused() -> None:
    """A service that does not show what it has taken in lets two be certain."""
    steps = ballot("a")
    next(steps)
    steps.send(set())
    steps.send({Vote(1, Said.PROPOSED, "a")})
    with pytest.raises(RegisterError, match="two writings are voted into one place"):
        steps.send({Vote(1, Said.CERTAIN, "a"), Vote(1, Said.CERTAIN, "b")})
