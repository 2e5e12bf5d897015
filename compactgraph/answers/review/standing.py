"""How a review stands after what was decided, and what those who decide have still to look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from compactgraph.answers.provision.deciding_decisions import standing_sentences
from compactgraph.answers.review.overview import Progress, progress
from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.answers.tables.decisions import COLUMNS, Decision, history
from compactgraph.answers.tables.destinations import Row, table_of_destinations
from compactgraph.answers.terms import reference_labels, terms
from compactgraph.common.english import capital, day_in_words
from compactgraph.common.fingerprints import fingerprint
from compactgraph.common.identifiers import (
    DecisionName,
    DraftedName,
    MovementName,
    ReadingName,
    parse_name,
    provision_of,
)
from compactgraph.errors import RegisterError
from compactgraph.files.table import Sheet
from compactgraph.reading.similarity import Stretch, differences
from compactgraph.register.chain import entries_of
from compactgraph.register.entry import Head, Kind
from compactgraph.register.registers import register_at
from compactgraph.register.transfer import verify
from compactgraph.sparql.rows import Cell

# What rests on words that have changed


@dataclass(frozen=True)
class ChangedText:
    """A text that has changed since something was made on it.

    ``now`` is empty if the text is gone, ``before`` if nobody kept the earlier words.
    """

    identifier: str
    now: str
    before: str = ""

    @property
    def stretches(self) -> list[Stretch]:
        """How the words differ; nothing if one of the two wordings is missing."""
        return differences(self.before, self.now) if self.before and self.now else []


@dataclass(frozen=True)
class Suspect:
    """What rests on words that have changed: its name, as a confirmation gives it, and the texts.

    ``words`` say what it is; ``provision`` is the provision that it belongs to, or empty.
    """

    name: str
    words: str
    provision: str
    texts: tuple[ChangedText, ...]

    @property
    def prints(self) -> dict[str, str]:
        """The fingerprint of each of the texts as it is now."""
        return {text.identifier: fingerprint(text.now) for text in self.texts if text.now}


@asked_once
def changed_texts(graph: ReviewGraph) -> dict[str, tuple[ChangedText, ...]]:
    """Return the texts that have changed, by the name of what rests on them.

    A name is ``decision/7``, ``reading/<name>`` or ``draft/1/2.3``, as a confirmation gives it.
    """
    found: dict[str, dict[str, ChangedText]] = {}
    for row in graph.ask("suspects").texts():
        text = ChangedText(row["changed"], row["words"], row["before"])
        found.setdefault(row["suspect"], {})[text.identifier] = text
    return {name: tuple(texts.values()) for name, texts in found.items()}


# All of it


@dataclass(frozen=True)
class Told:
    """A decision, what it is on in words, and the texts that have changed since."""

    decision: Decision
    what: str
    texts: tuple[ChangedText, ...]


@dataclass(frozen=True)
class Standings:
    """How a review stands.

    ``awaiting`` are the movements without a decision; ``undecided`` the undecided provisions without
    such a movement, each with one of its rows; ``against`` the decisions in force against what is
    recommended; ``to_apply`` the movements that are agreed and not applied, by destination, those
    without one last; ``history`` all decisions, the first one first.
    """

    progress: Progress
    awaiting: tuple[Row, ...]
    undecided: tuple[Row, ...]
    against: tuple[Told, ...]
    to_apply: Mapping[str, tuple[Row, ...]]
    suspects: tuple[Suspect, ...]
    contested: tuple[Told, ...]
    void: tuple[Told, ...]
    history: tuple[Told, ...]

    @property
    def applying(self) -> int:
        """How many movements are agreed and not applied."""
        return sum(map(len, self.to_apply.values()))

    def named(self, name: str) -> Told | None:
        """Return the decision of a name such as ``d7``, or None."""
        return next((told for told in self.history if told.decision.name == name), None)


@asked_once
def standings(graph: ReviewGraph) -> Standings:
    """Return how a review stands."""
    rows = table_of_destinations(graph)
    told = tuple(_told(graph, decision) for decision in history(graph))
    movements = {row.movement: row for row in rows}
    provisions = {row.provision: row for row in reversed(rows)}
    awaiting = graph.ask("awaiting-decision").texts()
    against = {row["decision"] for row in graph.ask("against-recommendation").texts()}
    return Standings(
        progress=progress(graph),
        awaiting=tuple(movements[row["item"]] for row in awaiting if row["relation"]),
        undecided=tuple(provisions[row["item"]] for row in awaiting if not row["relation"]),
        against=tuple(each for each in told if each.decision.name in against),
        to_apply=_to_apply(graph, movements),
        suspects=tuple(_suspect(graph, name, texts) for name, texts in changed_texts(graph).items()),
        contested=tuple(each for each in told if each.decision.contested),
        void=tuple(each for each in told if each.decision.void),
        history=told,
    )


def _to_apply(graph: ReviewGraph, movements: Mapping[str, Row]) -> dict[str, tuple[Row, ...]]:
    items = dict.fromkeys(row["item"] for row in graph.ask("agreed-not-applied").texts())
    agreed = [movements[item] for item in items]
    named = {row.destination for row in agreed}
    order = [name for name in reference_labels(graph) if name in named]
    found = {name: tuple(row for row in agreed if row.destination == name) for name in [*order, ""]}
    return {name: rows for name, rows in found.items() if rows}


def _told(graph: ReviewGraph, decision: Decision) -> Told:
    changed = changed_texts(graph).get(str(DecisionName(decision.number)), ())
    return Told(decision, _what(graph, decision), changed)


def _what(graph: ReviewGraph, decision: Decision) -> str:
    if decision.kind == Kind.CONFIRM:
        return _in_words(decision.item)
    if decision.item == decision.provision:
        return "as a whole" if decision.kind == Kind.NOTE else "what was left open of it"
    return _movement(graph, decision.item)


def _movement(graph: ReviewGraph, identifier: str) -> str:
    """Return what a movement is, by its identifier: ``moves to VCSE Strategy``."""
    name = parse_name(identifier)
    if not isinstance(name, MovementName) or name.relation not in terms(graph)["relation"]:
        return identifier
    reference = reference_labels(graph).get(name.to)
    where = reference.label if reference else name.to
    return f"{terms(graph)['relation'][name.relation].label} {where}".strip()


def _in_words(name: str) -> str:
    """Return what can be suspect in words, by its name."""
    match parse_name(name):
        case DraftedName(draft, identifier):
            return f"provision {identifier} of draft {draft}"
        case DecisionName(number):
            return f"decision d{number}"
        case ReadingName(text, read):
            return f"the reading of {text} as “{' '.join(read.replace('/', ' ').split('-'))}”"
    return name


def _suspect(graph: ReviewGraph, name: str, texts: tuple[ChangedText, ...]) -> Suspect:
    provision = ""
    match parse_name(name):
        case DecisionName(number):
            provision = next((d.provision for d in history(graph) if d.number == number), "")
        case ReadingName(text):
            provision = provision_of(text)
    known = any(row.provision == provision for row in table_of_destinations(graph))
    return Suspect(name, _in_words(name), provision if known else "", texts)


# The register


@dataclass(frozen=True)
class RegisterState:
    """How many entries a review's register has, how many of them on drafts, and the last one.

    ``flaws`` say what is wrong with it; without any it is whole.
    """

    entries: int
    on_drafts: int
    head: Head
    flaws: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing in it was altered or taken out, as far as can be told."""
        return not self.flaws


def register_state(location: str, review: str) -> RegisterState:
    """Return the state of a review's register; if it cannot be read, that is its flaw."""
    try:
        found = next((each for each in verify(location) if each.review == review), None)
        if found is None:
            return RegisterState(0, 0, Head(), ())
        flaws = tuple(str(flaw) for flaw in found.flaws)
        drafts = 0
        if not flaws:
            entries = entries_of(review, register_at(location).kept(review))
            drafts = sum(entry.body.is_draft for entry in entries)
    except RegisterError as error:
        return RegisterState(0, 0, Head(), (str(error),))
    return RegisterState(found.entries, drafts, found.head, flaws)


# As files


def to_sheet(decisions: Iterable[Told], description: str = "") -> Sheet:
    """Return decisions as the command line prints them, in the columns that programs know."""
    rows: list[tuple[Cell, ...]] = [told.decision.cells() for told in decisions]
    return Sheet("Decisions", COLUMNS, rows, description)


def to_paper(decisions: Iterable[Told], description: str = "") -> Sheet:
    """Return decisions in the words and columns that a reader on paper needs."""
    rows: list[tuple[Cell, ...]] = []
    for told in decisions:
        made = told.decision
        behalf = f", for {made.on_behalf_of}" if made.on_behalf_of else ""
        place = f"Place: {made.place}" if made.place else ""
        rows.append(
            (
                f"{made.name}, {day_in_words(made.date)}",
                f"{made.provision}: {told.what}" if made.provision else told.what,
                ". ".join(filter(None, [capital(made.done), instead(made), place])),
                f"{', '.join(made.by)}{behalf}",
                made.why,
                " ".join(standing_sentences(made)),
            )
        )
    return Sheet("Decisions", _PAPER_COLUMNS, rows, description)


_PAPER_COLUMNS = ("Decision", "On", "What was decided", "By", "Why", "How it stands")


def instead(decision: Decision) -> str:
    """Return what is decided in place of the recommendation, or of what was open; else nothing."""
    what = "; ".join(decision.decided)
    if decision.to:
        return f"{capital(what)}; it goes to {decision.to}" if what else f"It goes to {decision.to}"
    return capital(what)
