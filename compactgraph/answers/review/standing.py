"""How a review stands after what was decided, and what those who decide have still to look at.

What awaits a decision, what was decided against the recommendation, what is agreed and not applied, what
rests on words that have changed: each rests on a saved question, and is put into words here, as is the
whole history.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from compactgraph.answers.provision.deciding_decisions import standing_sentences
from compactgraph.answers.provision.evidence import review_texts
from compactgraph.answers.review.overview import Progress, progress_of
from compactgraph.answers.review_graph import ReviewGraph, asked_once
from compactgraph.answers.tables.decisions import COLUMNS, Decision, history
from compactgraph.answers.tables.destinations import Row, table_of_destinations
from compactgraph.answers.tables.drafts import every_draft_provision
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

    ``now`` are its words, empty where it is gone; ``before`` those it had, empty where nobody kept them;
    ``stretches`` how the two differ, where both are there.
    """

    identifier: str
    now: str
    before: str = ""

    @property
    def stretches(self) -> list[Stretch]:
        """How the words differ; nothing where one of the two wordings is missing."""
        return differences(self.before, self.now) if self.before and self.now else []


@dataclass(frozen=True)
class Suspect:
    """What rests on words that have changed: its name, as a confirmation gives it, and the texts.

    ``words`` say what it is; ``provision`` is the provision that it belongs to, empty where there is
    none.
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
def suspects(graph: ReviewGraph) -> dict[str, tuple[str, ...]]:
    """Return what rests on words that have changed since: by its name, the texts that have.

    A name is ``decision/7``, ``reading/<name>`` or ``draft/1/2.3``, as a confirmation gives it. Raises
    UnknownNameError where there is no such review.
    """
    found: dict[str, list[str]] = {}
    for row in graph.ask("suspects").texts():
        found.setdefault(row["suspect"], []).append(row["changed"])
    return {name: tuple(dict.fromkeys(texts)) for name, texts in found.items()}


# All of it


@dataclass(frozen=True)
class Told:
    """A decision, in words ``what`` it is on, and the changed texts."""

    decision: Decision
    what: str
    texts: tuple[ChangedText, ...]


@dataclass(frozen=True)
class Standings:
    """How a review stands.

    ``awaiting`` are the movements on which nobody has decided; ``undecided`` the undecided provisions
    without such a movement, each with one of its rows; ``against`` the decisions that hold and decline
    or amend what is recommended; ``to_apply`` the movements that are agreed and not applied, by
    destination, the empty one last; ``history`` all decisions, the first first.
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
        """Return the decision of a name as ``d7``."""
        return next((told for told in self.history if told.decision.name == name), None)


@asked_once
def standings(graph: ReviewGraph) -> Standings:
    """Return how a review stands. Raises UnknownNameError if there is no such review."""
    rows = table_of_destinations(graph)
    told = tuple(_told(graph, decision) for decision in history(graph))
    movements = {row.movement: row for row in rows}
    provisions = {row.provision: row for row in reversed(rows)}
    awaiting = graph.ask("awaiting-decision").texts()
    against = {row["decision"] for row in graph.ask("against-recommendation").texts()}
    return Standings(
        progress=progress_of(rows, len(told)),
        awaiting=tuple(movements[row["item"]] for row in awaiting if row["relation"]),
        undecided=tuple(provisions[row["item"]] for row in awaiting if not row["relation"]),
        against=tuple(each for each in told if each.decision.name in against),
        to_apply=_to_apply(graph, movements),
        suspects=tuple(_suspect(graph, name, texts) for name, texts in suspects(graph).items()),
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
    name = str(DecisionName(decision.number))
    changed = _changed(graph, name, suspects(graph).get(name, ()))
    return Told(decision, _what(graph, decision), tuple(changed))


def _what(graph: ReviewGraph, decision: Decision) -> str:
    if decision.kind == Kind.CONFIRM:
        return _in_words(decision.item)
    if decision.item == decision.provision:
        return "as a whole" if decision.kind == Kind.NOTE else "what was left open of it"
    return _movement(graph, decision.item)


def _movement(graph: ReviewGraph, identifier: str) -> str:
    """Say what a movement is, of its identifier: ``moves to VCSE Strategy``."""
    name = parse_name(identifier)
    if not isinstance(name, MovementName) or name.relation not in terms(graph)["relation"]:
        return identifier
    known = reference_labels(graph)
    where = known[name.to].label if name.to in known else name.to
    return f"{terms(graph)['relation'][name.relation].label} {where}".strip()


def _in_words(name: str) -> str:
    """Say what can be suspect is, of its name."""
    match parse_name(name):
        case DraftedName(draft, identifier):
            return f"provision {identifier} of draft {draft}"
        case DecisionName(number):
            return f"decision d{number}"
        case ReadingName(text, read):
            return f"the reading of {text} as “{' '.join(read.replace('/', ' ').split('-'))}”"
    return name


def _suspect(graph: ReviewGraph, name: str, texts: Iterable[str]) -> Suspect:
    provision = ""
    match parse_name(name):
        case DecisionName(number):
            made = next((d for d in history(graph) if d.number == number), None)
            provision = made.provision if made else ""
        case ReadingName(text):
            provision = provision_of(text)
    known = provision if provision in _texts(graph) else ""
    return Suspect(name, _in_words(name), known, tuple(_changed(graph, name, texts)))


def _changed(graph: ReviewGraph, name: str, texts: Iterable[str]) -> Iterator[ChangedText]:
    for text in texts:
        yield ChangedText(text, _texts(graph).get(text, ""), _earlier(graph).get((name, text), ""))


@asked_once
def _earlier(graph: ReviewGraph) -> dict[tuple[str, str], str]:
    """Return the words that a text had, by what rests on them and the text."""
    rows = graph.ask("suspects").texts()
    return {(row["suspect"], row["changed"]): row["before"] for row in rows}


@asked_once
def _texts(graph: ReviewGraph) -> dict[str, str]:
    """Return the words of all texts on which something can be made, by identifier."""
    found = {row.provision: row.text for row in table_of_destinations(graph)}
    found |= {piece.of: piece.text for piece in review_texts(graph).pieces}
    return found | {each.name: each.text for each in every_draft_provision(graph)}


# The register


@dataclass(frozen=True)
class RegisterState:
    """How a review's register is: how many entries it has, how many of them on drafts, the last one.

    ``flaws`` say in words what is wrong with it; without any it is whole.
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
    """Return how a review's register is; where it cannot be read at all, that is its flaw."""
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
        rows.append(
            (
                f"{made.name}, {day_in_words(made.date)}",
                f"{made.provision}: {told.what}" if made.provision else told.what,
                ". ".join(filter(None, [capital(made.done), instead(made), place(made)])),
                f"{', '.join(made.by)}{behalf}",
                made.why,
                " ".join(standing(told)),
            )
        )
    return Sheet("Decisions", _PAPER_COLUMNS, rows, description)


_PAPER_COLUMNS = ("Decision", "On", "What was decided", "By", "Why", "How it stands")


def instead(decision: Decision) -> str:
    """Say what is decided in the place of what was recommended, or of what was open; else nothing."""
    what = "; ".join(decision.decided)
    if decision.to:
        return f"{capital(what)}; it goes to {decision.to}" if what else f"It goes to {decision.to}"
    return capital(what)


def place(decision: Decision) -> str:
    """Say where it is applied; nothing where no place is named."""
    return f"Place: {decision.place}" if decision.place else ""


def standing(told: Told) -> list[str]:
    """Say in sentences how a decision stands: whether it holds, what it replaces, what is wrong."""
    return standing_sentences(told.decision)
