"""What stands out in a review: sentences computed from the saved questions, each with its list.

An observation that does not hold is not made, and none says what the graph does not. Where a sentence
names an outcome, a party, a reason or a reference, the word is the graph's. They tell how things stand,
with what was decided; but for :data:`OF_RECOMMENDATIONS`, which tell what the review recommends.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from compactgraph.answers.about import about
from compactgraph.answers.review.overview import admitted
from compactgraph.answers.review.sentences import (
    NAMED_AT_MOST,
    Observation,
    agreeing,
    answered,
    commitment_rows,
    commitments_among,
    made,
    named,
    provision_names,
    provision_rows,
    term_label,
)
from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.answers.tables.destinations import table_of_destinations
from compactgraph.answers.terms import reference_labels, terms
from compactgraph.common.english import capital, counted, listed, number_word
from compactgraph.common.identifiers import provision_of
from compactgraph.common.schemes import Outcome, ProvisionKind, Reason, Relation, Status

__all__ = ["OF_RECOMMENDATIONS", "Observation", "observations"]

OF_RECOMMENDATIONS = frozenset(
    {"removed-without-reason", "themes-without-recommendation", "repeated-recommendations"}
)
"""The observations, by their keys, that decisions do not change."""

_HOW: dict[str, tuple[str, str]] = {
    Relation.MOVES: ("moves there", "move there"),
    Relation.EITHER: ("may go there", "may go there"),
    Relation.REFERS: ("refers to it", "refer to it"),
    Relation.QUESTION: ("asks about it", "ask about it"),
}
_WHY_UNDECIDED = {
    "no recommendation": ("has no recommendation", "have no recommendation"),
    "only questions": ("has only questions or wishes", "have only questions or wishes"),
    "unread recommendation": (
        "has a recommendation that is not read yet",
        "have a recommendation that is not read yet",
    ),
    "rejected recommendation": (
        "has only recommendations that were rejected",
        "have only rejected recommendations",
    ),
}


@asked_once
def observations(graph: ReviewGraph) -> list[Observation]:
    """Return what stands out in a review, what matters most first.

    Raises UnknownNameError where there is no such review.
    """
    found = [observation for observe in _OBSERVERS for observation in observe(graph)]
    return [replace(observation, importance=place) for place, observation in enumerate(found, 1)]


# Removal


def _removed(graph: ReviewGraph) -> list[Observation]:
    """Return an observation for each party that loses commitments, that with the highest share first."""
    found = []
    kind = terms(graph)["kind"][ProvisionKind.COMMITMENT]
    for party, term in terms(graph)["party"].items():
        removed = answered(graph, "removed", party=party)
        gone = len(removed.rows)
        if not gone:
            continue
        whole = len(admitted(commitment_rows(graph), {"party": party}))
        counts = Counter(row["outcome"] for row in removed.rows)
        filter_ = {"kind": str(ProvisionKind.COMMITMENT), "party": party}
        if len(counts) == 1:
            filter_["outcome"] = next(iter(counts))
        observation = made(
            graph,
            f"removed-{party}",
            f"{_share(gone, whole, f'{term.label} {kind.label}')}{_by_outcome(graph, counts)}.",
            removed,
            removed.distinct("provision"),
            filter_,
        )
        found.append((gone / whole, observation))
    return [observation for _, observation in sorted(found, key=lambda pair: -pair[0])]


def _share(gone: int, whole: int, noun: str) -> str:
    if whole == 1:
        return f"The only {noun} is removed"
    if gone == whole:
        return f"{capital(_all(whole))} {noun}s are removed"
    return f"Of the {number_word(whole)} {noun}s, {agreeing(gone, 'is removed', 'are removed')}"


def _by_outcome(graph: ReviewGraph, counts: Mapping[str, int]) -> str:
    labels = {o: term.label for o, term in terms(graph)["outcome"].items() if counts.get(o)}
    if len(labels) > 1:
        return ": " + listed([f"{number_word(counts[o])} {label}" for o, label in labels.items()])
    (label,) = labels.values()
    return f" ({label})" if sum(counts.values()) == 1 else f", all of them {label}"


def _all(number: int) -> str:
    return "both" if number == 2 else f"all {number_word(number)}"


def _dropped(graph: ReviewGraph) -> Iterator[Observation]:
    listing = answered(graph, "outcome", outcome=Outcome.DROPPED)
    provisions = listing.distinct("provision")
    if not provisions:
        return
    reasons: Counter[str] = Counter()
    for row in admitted(
        table_of_destinations(graph), {"outcome": Outcome.DROPPED, "relation": Relation.DROPPED}
    ):
        if not row.stands:
            continue
        reasons.update(row.reason.split("|"))
    known = {**terms(graph)["reason"], "": None}
    said = [
        f"{term.label if term else 'none stated'} ({number_word(reasons[reason])})"
        for reason, term in known.items()
        if reasons[reason]
    ]
    outcome = term_label(graph, "outcome", Outcome.DROPPED)
    be = agreeing(len(provisions), "provision is", "provisions are")
    go = "goes" if len(provisions) == 1 else "go"
    yield made(
        graph,
        "dropped",
        f"{capital(be)} {outcome} and {go} nowhere{commitments_among(graph, provisions)}"
        f"{named(graph, provisions, ': ')}. "
        f"{'Reason' if len(said) == 1 else 'Reasons'}: {listed(said)}.",
        listing,
        provisions,
        {"outcome": Outcome.DROPPED},
    )


def _without_reason(graph: ReviewGraph) -> Iterator[Observation]:
    listing = answered(graph, "removed-without-reason")
    provisions = listing.distinct("provision")
    if not provisions:
        return
    number = len(listing.distinct("recommendation"))
    said = agreeing(
        number,
        "recommendation removes something and states no reason",
        "recommendations remove something and state no reason",
    )
    sentence = f"{capital(said)}{named(graph, provisions, ': on ')}."
    yield made(graph, "removed-without-reason", sentence, listing, provisions)


# Themes


def _hollow_themes(graph: ReviewGraph) -> Iterator[Observation]:
    listing = answered(graph, "hollow-themes")
    if not listing.rows:
        return
    said = [
        f"theme {row['theme']}, “{row['title']}” ({counted(int(row['commitments']), 'commitment')})"
        for row in listing.rows
    ]
    begin = agreeing(len(said), "theme is kept although all its", "themes are kept although all their")
    under = {row["theme"] for row in listing.rows}
    yield made(
        graph,
        "hollow-themes",
        f"{capital(begin)} commitments are removed: {listed(said)}.",
        listing,
        [
            row.provision
            for row in provision_rows(graph)
            if row.theme in under and row.kind in (ProvisionKind.THEME, ProvisionKind.COMMITMENT)
        ],
    )


def _hollow_themes_by_party(graph: ReviewGraph) -> Iterator[Observation]:
    listing = answered(graph, "hollow-themes-by-party")
    wholly = {row["theme"] for row in answered(graph, "hollow-themes").rows}
    # Where all parties' commitments go, the theme is hollow, and that is said already.
    if {row["theme"] for row in listing.rows} <= wholly:
        return
    by_theme: dict[str, list[str]] = {}
    concerned = []
    for row in listing.rows:
        party = term_label(graph, "party", row["party"])
        lost = counted(int(row["commitments"]), f"{party} commitment")
        by_theme.setdefault(row["theme"], []).append(lost)
        wanted = {"theme": row["theme"], "party": row["party"]}
        concerned += [commitment.provision for commitment in admitted(commitment_rows(graph), wanted)]
    said = [f"theme {theme} ({', '.join(lost)})" for theme, lost in by_theme.items()]
    themes = counted(len(said), "kept theme")
    yield made(
        graph,
        "hollow-themes-by-party",
        f"Under {themes} all commitments of a party are removed: {listed(said)}.",
        listing,
        concerned,
    )


def _silent_themes(graph: ReviewGraph) -> Iterator[Observation]:
    listing = answered(graph, "themes-without-recommendation")
    said, concerned = [], []
    for theme in listing.distinct("theme"):
        with_one = {row["provision"] for row in listing.rows if row["theme"] == theme}
        title = next(row["title"] for row in listing.rows if row["theme"] == theme)
        whole = len(admitted(commitment_rows(graph), {"theme": theme}))
        if len(with_one) <= whole / 2:
            continue
        some = f"{number_word(len(with_one))} of {number_word(whole)}"
        share = _all(whole) if len(with_one) == whole else some
        said.append(f"theme {theme}, “{title}” ({share} commitments)")
        concerned += [
            row.provision
            for row in admitted(provision_rows(graph), {"theme": theme})
            if row.kind == ProvisionKind.THEME or row.provision in with_one
        ]
    if said:
        begin = agreeing(
            len(said),
            "theme has no recommendation of its own",
            "themes have no recommendation of their own",
        )
        its = "its" if len(said) == 1 else "their"
        yield made(
            graph,
            "themes-without-recommendation",
            f"{capital(begin)} while {its} commitments have: {listed(said)}.",
            listing,
            concerned,
        )


# Inconsistencies


def _near_but_different(graph: ReviewGraph) -> Iterator[Observation]:
    listing = answered(graph, "near-but-different")
    if not listing.rows:
        return

    def one(row: Mapping[str, str], provision: str, outcome: str) -> str:
        return f"{provision_names(graph)[row[provision]]} ({term_label(graph, 'outcome', row[outcome])})"

    pairs = [
        f"{one(row, 'provision', 'outcome')} and {one(row, 'near', 'near_outcome')}"
        for row in listing.rows
    ]
    begin = agreeing(
        len(pairs),
        "pair of provisions is worded nearly alike and comes to different outcomes",
        "pairs of provisions are worded nearly alike and come to different outcomes",
    )
    shown = f": {'; '.join(pairs)}" if len(pairs) <= NAMED_AT_MOST else ""
    concerned = [*listing.distinct("provision"), *listing.distinct("near")]
    yield made(graph, "near-but-different", f"{capital(begin)}{shown}.", listing, concerned)


def _usual_but_kept(graph: ReviewGraph) -> Iterator[Observation]:
    listing = answered(graph, "usual-but-kept")
    provisions = listing.distinct("provision")
    if provisions:
        said = agreeing(
            len(provisions),
            "provision is kept although the commentary on it speaks of",
            "provisions are kept although the commentary on them speaks of",
        )
        practice = term_label(graph, "reason", Reason.BUSINESS_AS_USUAL)
        yield made(
            graph,
            "usual-but-kept",
            f"{capital(said)} {practice}{named(graph, provisions, ': ')}.",
            listing,
            provisions,
        )


def _repeated(graph: ReviewGraph) -> Iterator[Observation]:
    listing = answered(graph, "repeated-recommendations")
    if not listing.rows:
        return
    words, again = Counter(row["words"] for row in listing.rows).most_common(1)[0]
    begin = agreeing(len(listing.rows), "recommendation only repeats", "recommendations only repeat")
    yield made(
        graph,
        "repeated-recommendations",
        f"{capital(begin)} the words of an earlier one; the most repeated words, “{words}”, "
        f"stand {number_word(again + 1)} times.",
        listing,
        [provision_of(identifier) for identifier in listing.distinct("recommendation")],
    )


# What is open, and what the outside documents receive


def _alternatives(graph: ReviewGraph) -> Iterator[Observation]:
    listing = answered(graph, "alternatives")
    provisions = listing.distinct("provision")
    if not provisions:
        return
    settled = any(
        row.status != Status.RECOMMENDED
        for row in admitted(table_of_destinations(graph), {"relation": Relation.EITHER})
    )
    choices: Counter[str] = Counter()
    for provision in provisions:
        places = {row["destination"] for row in listing.rows if row["provision"] == provision}
        choices[listed([r.label for i, r in reference_labels(graph).items() if i in places], "or")] += 1
    said = (
        list(choices)
        if len(choices) == 1
        else [f"{choice} ({number_word(number)})" for choice, number in choices.items()]
    )
    goes = "goes" if len(provisions) == 1 else "go"
    yield made(
        graph,
        "alternatives",
        f"Where {counted(len(provisions), 'provision')} {goes}{named(graph, provisions, ' (', ')')} "
        f"is not settled: {'; '.join(said)}.",
        listing,
        provisions,
        {"relation": Relation.EITHER, "status": Status.RECOMMENDED}
        if settled
        else {"relation": Relation.EITHER},
    )


def _undecided(graph: ReviewGraph) -> Iterator[Observation]:
    listing = answered(graph, "undecided")
    provisions = listing.distinct("provision")
    if not provisions:
        return
    why = Counter({row["provision"]: row["why"] for row in reversed(listing.rows)}.values())
    said = [agreeing(why[w], *forms) for w, forms in _WHY_UNDECIDED.items() if why[w]]
    be = "is" if len(provisions) == 1 else "are"
    outcome = term_label(graph, "outcome", Outcome.UNDECIDED)
    yield made(
        graph,
        "undecided",
        f"{capital(number_word(len(provisions)))} of the {number_word(len(provision_rows(graph)))} "
        f"provisions {be} {outcome}{commitments_among(graph, provisions)}: {listed(said)}.",
        listing,
        provisions,
        {"outcome": Outcome.UNDECIDED},
    )


def _largest_destination(graph: ReviewGraph) -> Iterator[Observation]:
    own = {part.identifier for part in (about(graph).reviewed, about(graph).successor) if part}
    received: dict[str, set[str]] = {}
    for row in table_of_destinations(graph):
        reference = reference_labels(graph).get(row.destination)
        if not row.stands or reference is None or reference.category == "practice":
            continue
        if reference.identifier not in own:
            received.setdefault(reference.identifier, set()).add(row.provision)
    ranked = sorted(received, key=lambda identifier: -len(received[identifier]))
    if not ranked or (ranked[1:] and len(received[ranked[0]]) == len(received[ranked[1]])):
        return
    largest = ranked[0]
    provisions = received[largest]
    listing = answered(graph, "goes-to", destination=largest)
    label = reference_labels(graph)[largest].label
    if len(ranked) == 1:
        begin = (
            f"{capital(label)} is the only outside document or body named as a destination, "
            f"for {counted(len(provisions), 'provision')}"
        )
    else:
        begin = (
            f"Of {number_word(len(ranked))} outside documents and bodies named as destinations, "
            f"{label} is named for the most provisions, {number_word(len(provisions))}"
        )
    yield made(
        graph,
        "largest-destination",
        f"{begin}: {listed(_ways(graph, largest))}.",
        listing,
        provisions,
        {"destination": largest},
    )


def _ways(graph: ReviewGraph, destination: str) -> list[str]:
    """Return how many provisions go to a destination in each way."""
    rows = [
        row for row in admitted(table_of_destinations(graph), {"destination": destination}) if row.stands
    ]
    said = []
    for relation, term in terms(graph)["relation"].items():
        going = len(
            {
                row.provision
                for row in rows
                if (Relation.MOVES if row.is_chosen else row.relation) == relation
            }
        )
        if going and relation in _HOW:
            said.append(agreeing(going, *_HOW[relation]))
        elif going:
            said.append(f"{number_word(going)} ({term.label})")
    return said


_OBSERVERS: tuple[Callable[[ReviewGraph], Iterable[Observation]], ...] = (
    _removed,
    _hollow_themes,
    _silent_themes,
    _hollow_themes_by_party,
    _usual_but_kept,
    _near_but_different,
    _alternatives,
    _undecided,
    _largest_destination,
    _dropped,
    _without_reason,
    _repeated,
)
"""What makes the observations, what matters most first."""
