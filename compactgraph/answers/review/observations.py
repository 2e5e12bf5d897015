"""What stands out in a review: sentences computed from the saved questions, each with its list.

An observation that does not hold is not made. The names of outcomes, parties, reasons and references
are the graph's. Decisions count, except in :data:`OF_RECOMMENDATIONS`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from compactgraph.answers.about import about
from compactgraph.answers.review.overview import admitted
from compactgraph.answers.review.sentences import (
    NAMED_AT_MOST,
    Listing,
    Observation,
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
from compactgraph.answers.tables.destinations import SEPARATOR, table_of_destinations
from compactgraph.answers.terms import reference_labels, terms
from compactgraph.common.english import counted, listed, number_word
from compactgraph.common.identifiers import provision_of, theme_identifier
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
    """Return what stands out in a review, what matters most first."""
    return [observation for observe in _OBSERVERS for observation in observe(graph)]


def _of_list(
    observe: Callable[[ReviewGraph, Listing], Observation | None],
    question: str,
    graph: ReviewGraph,
    **parameters: str,
) -> list[Observation]:
    """Return what stands out in the answer to a saved question, if it has any rows."""
    listing = answered(graph, question, **parameters)
    observation = observe(graph, listing) if listing.rows else None
    return [observation] if observation else []


# Removal


def _removed(graph: ReviewGraph) -> list[Observation]:
    """Return an observation for each party that loses commitments, that with the highest share first."""
    found = []
    kind = term_label(graph, "kind", ProvisionKind.COMMITMENT)
    for party, term in terms(graph)["party"].items():
        listing = answered(graph, "removed", party=party)
        gone = len(listing.rows)
        if not gone:
            continue
        whole = len(admitted(commitment_rows(graph), {"party": party}))
        counts = Counter(row["outcome"] for row in listing.rows)
        filter_ = {"kind": str(ProvisionKind.COMMITMENT), "party": party}
        if len(counts) == 1:
            (filter_["outcome"],) = counts
        sentence = f"{_share(gone, whole, f'{term.label} {kind}')}{_by_outcome(graph, counts)}."
        observation = made(graph, listing, sentence, filter_=filter_, key=f"removed-{party}")
        found.append((gone / whole, observation))
    return [observation for _, observation in sorted(found, key=lambda pair: -pair[0])]


def _share(gone: int, whole: int, noun: str) -> str:
    if whole == 1:
        return f"the only {noun} is removed"
    if gone == whole:
        return f"{_all(whole)} {noun}s are removed"
    return f"of the {number_word(whole)} {noun}s, {counted(gone, 'is removed', 'are removed')}"


def _by_outcome(graph: ReviewGraph, counts: Mapping[str, int]) -> str:
    labels = {o: term.label for o, term in terms(graph)["outcome"].items() if counts.get(o)}
    if len(labels) > 1:
        return ": " + listed([f"{number_word(counts[o])} {label}" for o, label in labels.items()])
    (label,) = labels.values()
    return f" ({label})" if sum(counts.values()) == 1 else f", all of them {label}"


def _all(number: int) -> str:
    return "both" if number == 2 else f"all {number_word(number)}"


def _dropped(graph: ReviewGraph, listing: Listing) -> Observation:
    provisions = listing.distinct("provision")
    wanted = {"outcome": Outcome.DROPPED, "relation": Relation.DROPPED}
    rows = [row for row in admitted(table_of_destinations(graph), wanted) if row.stands]
    reasons = Counter(reason for row in rows for reason in row.reason.split(SEPARATOR))
    labels = {notation: term.label for notation, term in terms(graph)["reason"].items()}
    said = [
        f"{label} ({number_word(reasons[notation])})"
        for notation, label in {**labels, "": "none stated"}.items()
        if reasons[notation]
    ]
    outcome = term_label(graph, "outcome", Outcome.DROPPED)
    be = counted(len(provisions), f"provision is {outcome} and goes", f"provisions are {outcome} and go")
    return made(
        graph,
        listing,
        f"{be} nowhere{commitments_among(graph, provisions)}{named(graph, provisions, ': ')}. "
        f"{'Reason' if len(said) == 1 else 'Reasons'}: {listed(said)}.",
        filter_={"outcome": Outcome.DROPPED},
        key="dropped",
    )


def _without_reason(graph: ReviewGraph, listing: Listing) -> Observation:
    said = counted(
        len(listing.distinct("recommendation")),
        "recommendation removes something and states no reason",
        "recommendations remove something and state no reason",
    )
    return made(graph, listing, f"{said}{named(graph, listing.distinct('provision'), ': on ')}.")


# Themes


def _hollow_themes(graph: ReviewGraph, listing: Listing) -> Observation:
    said = [
        f"theme {row['theme']}, “{row['title']}” ({counted(int(row['commitments']), 'commitment')})"
        for row in listing.rows
    ]
    begin = counted(len(said), "theme is kept although all its", "themes are kept although all their")
    under = {row["theme"] for row in listing.rows}
    kinds = (ProvisionKind.THEME, ProvisionKind.COMMITMENT)
    concerned = [r.provision for r in provision_rows(graph) if r.theme in under and r.kind in kinds]
    return made(graph, listing, f"{begin} commitments are removed: {listed(said)}.", concerned)


def _hollow_themes_by_party(graph: ReviewGraph, listing: Listing) -> Observation | None:
    wholly = {row["theme"] for row in answered(graph, "hollow-themes").rows}
    # If all parties' commitments go, the theme is hollow, and that is said already.
    if {row["theme"] for row in listing.rows} <= wholly:
        return None
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
    sentence = f"under {themes} all commitments of a party are removed: {listed(said)}."
    return made(graph, listing, sentence, concerned)


def _silent_themes(graph: ReviewGraph, listing: Listing) -> Observation | None:
    said: list[str] = []
    concerned: set[str] = set()
    for theme, title in {row["theme"]: row["title"] for row in listing.rows}.items():
        with_one = {row["provision"] for row in listing.rows if row["theme"] == theme}
        whole = len(admitted(commitment_rows(graph), {"theme": theme}))
        if len(with_one) <= whole / 2:
            continue
        some = f"{number_word(len(with_one))} of {number_word(whole)}"
        share = _all(whole) if len(with_one) == whole else some
        said.append(f"theme {theme}, “{title}” ({share} commitments)")
        concerned |= {theme_identifier(int(theme)), *with_one}
    if not said:
        return None
    begin = counted(
        len(said),
        "theme has no recommendation of its own while its",
        "themes have no recommendation of their own while their",
    )
    return made(graph, listing, f"{begin} commitments have: {listed(said)}.", concerned)


# Inconsistencies


def _near_but_different(graph: ReviewGraph, listing: Listing) -> Observation:
    def one(row: Mapping[str, str], provision: str, outcome: str) -> str:
        return f"{provision_names(graph)[row[provision]]} ({term_label(graph, 'outcome', row[outcome])})"

    pairs = [
        f"{one(row, 'provision', 'outcome')} and {one(row, 'near', 'near_outcome')}"
        for row in listing.rows
    ]
    begin = counted(
        len(pairs),
        "pair of provisions is worded nearly alike and comes to different outcomes",
        "pairs of provisions are worded nearly alike and come to different outcomes",
    )
    shown = f": {'; '.join(pairs)}" if len(pairs) <= NAMED_AT_MOST else ""
    concerned = [*listing.distinct("provision"), *listing.distinct("near")]
    return made(graph, listing, f"{begin}{shown}.", concerned)


def _usual_but_kept(graph: ReviewGraph, listing: Listing) -> Observation:
    provisions = listing.distinct("provision")
    said = counted(
        len(provisions),
        "provision is kept although the commentary on it speaks of",
        "provisions are kept although the commentary on them speaks of",
    )
    practice = term_label(graph, "reason", Reason.BUSINESS_AS_USUAL)
    return made(graph, listing, f"{said} {practice}{named(graph, provisions, ': ')}.")


def _repeated(graph: ReviewGraph, listing: Listing) -> Observation:
    words, again = Counter(row["words"] for row in listing.rows).most_common(1)[0]
    begin = counted(len(listing.rows), "recommendation only repeats", "recommendations only repeat")
    return made(
        graph,
        listing,
        f"{begin} the words of an earlier one; the most repeated words, “{words}”, "
        f"stand {number_word(again + 1)} times.",
        [provision_of(identifier) for identifier in listing.distinct("recommendation")],
    )


# What is open, and what the outside documents receive


def _alternatives(graph: ReviewGraph, listing: Listing) -> Observation:
    provisions = listing.distinct("provision")
    filter_: dict[str, str] = {"relation": Relation.EITHER}
    rows = admitted(table_of_destinations(graph), filter_)
    if any(row.status != Status.RECOMMENDED for row in rows):
        filter_["status"] = Status.RECOMMENDED
    choices: Counter[str] = Counter()
    for provision in provisions:
        places = {row["destination"] for row in listing.rows if row["provision"] == provision}
        choices[listed([r.label for i, r in reference_labels(graph).items() if i in places], "or")] += 1
    said = [f"{choice} ({number_word(number)})" for choice, number in choices.items()]
    go = counted(len(provisions), "provision goes", "provisions go")
    return made(
        graph,
        listing,
        f"where {go}{named(graph, provisions, ' (', ')')} is not settled: "
        f"{'; '.join(said if len(choices) > 1 else choices)}.",
        filter_=filter_,
    )


def _undecided(graph: ReviewGraph, listing: Listing) -> Observation:
    provisions = listing.distinct("provision")
    why = Counter({row["provision"]: row["why"] for row in reversed(listing.rows)}.values())
    said = [counted(why[reason], *forms) for reason, forms in _WHY_UNDECIDED.items() if why[reason]]
    be = "is" if len(provisions) == 1 else "are"
    outcome = term_label(graph, "outcome", Outcome.UNDECIDED)
    return made(
        graph,
        listing,
        f"{number_word(len(provisions))} of the {number_word(len(provision_rows(graph)))} provisions "
        f"{be} {outcome}{commitments_among(graph, provisions)}: {listed(said)}.",
        filter_={"outcome": Outcome.UNDECIDED},
    )


def _largest_destination(graph: ReviewGraph) -> list[Observation]:
    """Return one observation, if one outside document or body receives more than all others."""
    labels = reference_labels(graph)
    own = {part.identifier for part in (about(graph).reviewed, about(graph).successor) if part}
    received: dict[str, set[str]] = {}
    for row in table_of_destinations(graph):
        outside = row.destination in labels and row.destination not in own
        if row.stands and outside and labels[row.destination].category != "practice":
            received.setdefault(row.destination, set()).add(row.provision)
    ranked = sorted(received, key=lambda identifier: -len(received[identifier]))
    if not ranked or (ranked[1:] and len(received[ranked[0]]) == len(received[ranked[1]])):
        return []
    largest, provisions = ranked[0], received[ranked[0]]
    if len(ranked) == 1:
        begin = (
            f"{labels[largest].label} is the only outside document or body named as a destination, "
            f"for {counted(len(provisions), 'provision')}"
        )
    else:
        begin = (
            f"of {number_word(len(ranked))} outside documents and bodies named as destinations, "
            f"{labels[largest].label} is named for the most provisions, {number_word(len(provisions))}"
        )
    return [
        made(
            graph,
            answered(graph, "goes-to", destination=largest),
            f"{begin}: {listed(_ways(graph, largest))}.",
            provisions,
            {"destination": largest},
            key="largest-destination",
        )
    ]


def _ways(graph: ReviewGraph, destination: str) -> list[str]:
    """Return how many provisions go to a destination in each way."""
    going = {
        (row.provision, Relation.MOVES if row.is_chosen else row.relation)
        for row in admitted(table_of_destinations(graph), {"destination": destination})
        if row.stands
    }
    counts = Counter(relation for _, relation in going)
    said = []
    for notation, term in terms(graph)["relation"].items():
        one, several = _HOW.get(notation, (f"({term.label})", f"({term.label})"))
        if counts[notation]:
            said.append(counted(counts[notation], one, several))
    return said


_OBSERVERS: tuple[Callable[[ReviewGraph], Iterable[Observation]], ...] = (
    _removed,
    partial(_of_list, _hollow_themes, "hollow-themes"),
    partial(_of_list, _silent_themes, "themes-without-recommendation"),
    partial(_of_list, _hollow_themes_by_party, "hollow-themes-by-party"),
    partial(_of_list, _usual_but_kept, "usual-but-kept"),
    partial(_of_list, _near_but_different, "near-but-different"),
    partial(_of_list, _alternatives, "alternatives"),
    partial(_of_list, _undecided, "undecided"),
    _largest_destination,
    partial(_of_list, _dropped, "outcome", outcome=Outcome.DROPPED),
    partial(_of_list, _without_reason, "removed-without-reason"),
    partial(_of_list, _repeated, "repeated-recommendations"),
)
"""What makes the observations, what matters most first."""
