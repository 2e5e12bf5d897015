"""Makes up what a review says: wordings, commentary, and recommendations of every kind."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import product

from benchmarks.locality import Locality
from benchmarks.words import (
    ACTORS,
    ADJECTIVES,
    COMMENTS,
    EXAMPLES,
    MANNERS,
    OBJECT_HEADS,
    OBJECT_TAILS,
    PRACTICES,
    PURPOSES,
    TOPICS,
    VERBS,
)

Make = Callable[["Phrases"], str]


class Phrases:
    """Makes up the sentences of one review, no two of its commitments alike."""

    def __init__(self, locality: Locality, rng: random.Random) -> None:
        """Take the place whose references the sentences name, and the source of chance."""
        self.locality = locality
        self.rng = rng
        self._objects = list(product(OBJECT_HEADS, OBJECT_TAILS))
        rng.shuffle(self._objects)

    # Small parts

    def topic(self) -> str:
        """Return a matter to stress or to add."""
        return self.rng.choice(TOPICS)

    def topics(self) -> tuple[str, str]:
        """Return two different matters."""
        first, second = self.rng.sample(TOPICS, 2)
        return first, second

    def pick(self, *choices: str) -> str:
        """Return one of ``choices``."""
        return self.rng.choice(choices)

    def paper(self) -> str:
        """Return the name of one of the place's papers."""
        return self.rng.choice(self.locality.papers).names[0]

    # Whole texts

    def commitment(self) -> str:
        """Return the wording of a commitment, one sentence or two."""
        rng = self.rng
        head, tail = self._objects.pop()
        parts = [f"{rng.choice(VERBS)} {head} {tail} {rng.choice(MANNERS)}"]
        if rng.random() < 0.25:
            parts.append(f" (for example, {rng.choice(EXAMPLES)})")
        if rng.random() < 0.6:
            parts.append(f", {rng.choice(PURPOSES)}")
        if rng.random() < 0.3:
            parts.append(f", as the {self.paper()} has it")
        sentence = "".join(parts) + "."
        if rng.random() < 0.2:
            head, tail = self._objects.pop()
            sentence += f" {rng.choice(VERBS)} {head} {tail} {rng.choice(MANNERS)}."
        return sentence

    def commentary(self, others: list[str]) -> str:
        """Return a comment; it may name a reference, or one of the commitments ``others``."""
        place = self.locality
        plain = self.rng.choice(COMMENTS)
        named = [
            f"Since PCR2015, {self.rng.choice(PRACTICES)} set the pace.",
            f"The {place.support.names[0]} asked for this in two meetings.",
            f"{place.council.names[-1]} points to its {self.paper()}.",
            "NCVO has written about the same question.",
            "The Social Value Act has overtaken the wording.",
            "It is business as usual for the larger departments.",
            f"The {place.plan.names[0]} says something similar.",
            "The National Compact had the same words.",
        ]
        draw = self.rng.random()
        if draw < 0.25:
            return plain
        if draw < 0.9 or not others:
            return f"{self.rng.choice(named)} {plain}"
        return f"{plain[:-1]}, {self.pick('see', 'as in', 'see commitment')} {self.rng.choice(others)}."

    def recommendation(self) -> str:
        """Return a recommendation, each kind about as often as reviews have it."""
        kinds, weights = zip(*_KINDS, strict=True)
        made: str = self.rng.choices(kinds, weights)[0](self)
        return made

    def fate_of_ideal(self) -> str:
        """Return a recommendation on one of the values, often an open alternative."""
        return self.rng.choice((_either, _either, _keep, _revise, _move, _drop_unneeded))(self)

    def fate_of_theme(self) -> str:
        """Return a recommendation on a theme as a whole."""
        return self.rng.choice((_keep, _revise, _revise, _recast))(self)


def _keep(p: Phrases) -> str:
    return p.pick("Keep.", "Retain.", "Keep as worded.", "Retain the sentence whole.")


def _revise(p: Phrases) -> str:
    one, two = p.topics()
    return p.pick(
        f"Keep, with revision ({one}; {two}).",
        f"Keep, with emphasis on {one}.",
        f"Keep and expand with {one}.",
        f"Keep the thought; add {one} and {two}.",
        f"Retain, with revision in favour of {one}.",
        "Keep; remove the last words.",
    )


def _recast(p: Phrases) -> str:
    one, two = p.topics()
    return p.pick(
        f"Change to a principle of {one}.",
        f"Re-focus on {one}.",
        f"Reframe as a matter of {one} and {two}.",
        f"Rewrite with {one} in mind.",
        f"In general, the new Compact needs to be {p.rng.choice(ADJECTIVES)}.",
    )


def _absorb(p: Phrases) -> str:
    practice = p.rng.choice(PRACTICES)
    return p.pick(
        "Remove, being implicit in business-as-usual.",
        f"Delete; this is now business-as-usual ({practice}).",
        f"Drop, since it is business-as-usual through {practice}.",
    )


def _drop_unneeded(p: Phrases) -> str:
    return p.pick("Drop, it goes without saying.", "Remove, as implicit.", "Delete as this is implicit.")


def _drop_unclear(p: Phrases) -> str:
    return p.pick("Remove; its meaning is unclear.", "Delete, it is no longer clear what it means.")


def _drop_impossible(p: Phrases) -> str:
    return p.pick("Remove; no longer possible with the staff there is.", "Drop, as no longer possible.")


def _drop_obsolete(p: Phrases) -> str:
    return p.pick(
        f"Remove the mention of the {p.locality.board.names[0]}, which no longer exists.",
        "Delete, the scheme is obsolete.",
    )


def _drop_silently(p: Phrases) -> str:
    return p.pick("Remove.", "Delete these words.")


def _move(p: Phrases) -> str:
    strategy, plan = p.locality.strategy.names[0], p.locality.plan.names[0]
    return p.pick(
        f"Remove; better placed in the {strategy}.",
        f"Delete, it will be included in the {plan}.",
        f"Remove, as it will be referenced in the {strategy}.",
        f"Drop here, as it could be better included in the new {strategy}.",
    )


def _either(p: Phrases) -> str:
    strategy = p.locality.strategy.names[0]
    return p.pick(
        f"Keep (in Compact or {strategy}).",
        f"Retain, in the new Compact or the {strategy}.",
        f"Keep (in the Compact or {strategy}); add '{p.topic()}'.",
    )


def _refer(p: Phrases) -> str:
    one, two = p.paper(), p.locality.council.names[0]
    return p.pick(
        f"Refer to the {one}.",
        f"Include a link to the {one} and the National Compact.",
        f"Link to the {one}.",
        f"Refer to the {one}; include {p.topic()}.",
        f"Refer to the {one} of the {two}; delete these words.",
    )


def _add(p: Phrases) -> str:
    one, two = p.topics()
    return p.pick(
        f"Add a line on {one}.",
        f"Include {one} and {two}.",
        f"The new Compact needs to address {one}.",
        f"The new Compact needs to include {one}.",
    )


def _ask(p: Phrases) -> str:
    actor, topic, strategy = p.rng.choice(ACTORS), p.topic(), p.locality.strategy.names[0]
    return p.pick(
        f"Could {actor} take this on?",
        f"Is there a need for {topic} here?",
        f"There may be a need to spell out {topic}.",
        f"Consider {topic}.",
        f"Could this be moved to the {strategy}?",
        f"Could it be included in the {strategy} and the {p.locality.plan.names[0]}?",
        f"Would {actor} want a say in {topic}?",
    )


def _keep_and_recast(p: Phrases) -> str:
    one, two = p.topics()
    return f"Keep the first half. Change the rest to speak of {one} and {two}."


_KINDS: tuple[tuple[Make, int], ...] = (
    (_absorb, 22),
    (_revise, 20),
    (_keep, 11),
    (_recast, 12),
    (_ask, 8),
    (_add, 5),
    (_refer, 5),
    (_move, 5),
    (_drop_unclear, 5),
    (_drop_unneeded, 3),
    (_drop_impossible, 2),
    (_drop_obsolete, 2),
    (_either, 2),
    (_keep_and_recast, 2),
    (_drop_silently, 1),
)
