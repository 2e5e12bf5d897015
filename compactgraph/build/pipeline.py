"""Builds the store: source → graph → SHACL → store, for each review whose input has changed.

Fingerprints tell what has changed (:mod:`compactgraph.build.inputs`). If nothing has, a build imports no
library of the graph.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Generator as Generating
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compactgraph.build.inputs import common_fingerprint, review_fingerprint
from compactgraph.build.parallel import build_together, jobs_for
from compactgraph.build.review import ReviewSummary, Step, build_review, restand
from compactgraph.document.settings import READINGS, list_reviews, open_review
from compactgraph.errors import RegisterError, UnreadError
from compactgraph.register.entry import Entry, Head
from compactgraph.register.followed import FollowedEntries
from compactgraph.register.registers import Register, register_at
from compactgraph.store.storage import Location, Storage, storage_at, summaries_of

if TYPE_CHECKING:
    from pyoxigraph import Quad

    from compactgraph.decisions.standing import ReviewAsRead
    from compactgraph.decisions.working_copy import Change, WorkingCopy
    from compactgraph.sparql.dataset import Dataset

Progress = Callable[[str, int, int], None]

_Built = Generating[tuple[dict[str, Any], Iterable["Quad"]], None, None]
_SHARE_BEFORE, _SHARE_AFTER = 0.1, 0.9


@dataclass(frozen=True)
class BuildResult:
    """The reviews of the store after a build, and which of them were built anew."""

    reviews: list[ReviewSummary]
    built: list[str]
    removed: list[str]
    quads: int

    @property
    def conforms(self) -> bool:
        """Whether no review has a violation."""
        return not any(review.violations for review in self.reviews)


def build_store(
    data: Path,
    ontology: Path,
    store: Location,
    *,
    strict: bool = False,
    progress: Progress = lambda name, place, number: None,
    step: Step = lambda words, share: None,
) -> BuildResult:
    """Bring the store up to date with the reviews below ``data``.

    ``progress`` is called with a review's identifier, its place from 1, and how many are built;
    ``step`` with what is being done, in words, and the share of the whole that is done. Raises
    UnreadError if ``strict`` and something is unread or violates a shape. On any error the store stays
    as it was.
    """
    names = list_reviews(data)
    common = common_fingerprint(ontology, data)
    prints = {name: review_fingerprint(data / name) for name in names}
    storage = storage_at(store)
    with storage.lock():
        manifest = storage.manifest() or {"reviews": []}
        afresh = manifest.get("common") != common
        held = summaries_of(manifest)
        removed = sorted(set(held) - set(names))
        # A load that was cut off goes on: what it had finished has this program's fingerprint.
        old = {name: summary for name, summary in held.items() if summary["common"] == common}
        changed = [n for n in names if n not in old or old[n]["fingerprint"] != prints[n]]
        register = register_at(store)
        decided = decided_since(register, [old[name] for name in names if name not in changed])
        if manifest.get("unfinished"):
            # A store with a part missing cannot be opened to take in decisions.
            changed, decided = sorted([*changed, *decided]), []
        if strict:
            unchanged = [name for name in names if name not in changed]
            _refuse_unread(ReviewSummary(**old[name]) for name in unchanged)
        if not afresh and not changed and not removed and not decided:
            return _result(manifest, [], [])
        known = {name: summary["register"] for name, summary in held.items()}
        at_hand = {name: ReviewAtHand(ontology, store, name) for name in [*changed, *decided]}
        entries = {name: review.entries(known.get(name, "")) for name, review in at_hand.items()}
        restood = [at_hand[name] for name in decided]
        work = _Work(data, ontology, storage, strict, progress, step, common, prints, entries)
        manifest = work.run(old, changed, restood, removed, afresh)
        return _result(manifest, [*changed, *decided], removed)


class ReviewAtHand:
    """A built review that is kept in memory, with its entries, because more decisions may come."""

    def __init__(self, ontology: Path, store: Location, review: str) -> None:
        """Name the review; nothing is read yet."""
        self.review = review
        self._ontology = ontology
        self._store = store
        self._storage = storage_at(store)
        self._register = register_at(store)
        self._followed = FollowedEntries(self._register, review)
        self._read: ReviewAsRead | None = None
        self._copy: WorkingCopy | None = None
        self._of: tuple[str, ...] = ("", "", "")

    def read(self) -> ReviewAsRead:
        """Return the review as read; raise StoreError if there is no store."""
        opened, manifest = self._storage.open()
        nothing = {"common": "", "fingerprint": ""}
        return self._read_from(opened, summaries_of(manifest).get(self.review, nothing))

    def _read_from(self, opened: Dataset, noted: Mapping[str, Any]) -> ReviewAsRead:
        from compactgraph.decisions.reviewed import quads_of_review
        from compactgraph.decisions.standing import ReviewAsRead

        of = (noted["common"], noted["fingerprint"])
        if self._read is None or self._of[:2] != of:
            self._read = ReviewAsRead(self._ontology, self.review, *quads_of_review(opened, self.review))
            self._of = (*of, "")
        return self._read

    def entries(self, known: str) -> list[Entry]:
        """Return the entries of the register; raise RegisterError if they are not whole.

        They must have the entry with the hash ``known``, the last one that the graph has taken in.
        """
        entries = self._followed.now()
        self._refuse_older(known)
        return entries

    def add(self, make: Callable[[list[Entry]], Sequence[Entry]]) -> list[Entry]:
        """Add what ``make`` returns of the entries to the register: see :meth:`FollowedEntries.add`.

        Raises RegisterError as :meth:`entries` does.
        """
        # A service's notes are kept for a while, and decisions may have been taken in since.
        built = summaries_of(storage_at(self._store).manifest())
        known = built[self.review]["register"] if self.review in built else ""

        def checked(held: list[Entry]) -> Sequence[Entry]:
            self._refuse_older(known)
            return make(held)

        return self._followed.add(checked)

    def _refuse_older(self, known: str) -> None:
        """Refuse a register that was lost, or is older than the graph."""
        if not self._followed.had(known):
            raise RegisterError(
                f"{self._register.name}: lacks decisions on {self.review} that the graph was made with; "
                "restore the register from a copy, or delete the store and build it to go on without "
                "them"
            )

    def restand(self, noted: Mapping[str, Any], *, whole: bool = False) -> tuple[Change, ReviewSummary]:
        """Take in the register; return what changes in the store's graph, and the new summary.

        ``noted`` is the summary in the manifest. Only what changes is validated, unless ``whole``.
        Raises RegisterError as :meth:`entries` does.
        """
        from compactgraph.decisions.reviewed import registered_quads
        from compactgraph.decisions.working_copy import WorkingCopy

        summary = ReviewSummary(**noted)
        entries = self.entries(summary.register)
        of = (summary.common, summary.fingerprint, summary.register)
        # A build, another process or a write that failed can have left another graph in the store.
        if self._copy is None or self._of != of:
            opened, _ = self._storage.open()
            read = self._read_from(opened, noted)
            self._copy = WorkingCopy(self._ontology, read, registered_quads(opened, self.review))
        self._of = (*of[:2], "unfinished")
        change, summary = restand(self._copy, summary, entries, whole=whole)
        self._of = (*of[:2], summary.register)
        return change, summary


def take_in_decisions(ontology: Path, store: Location, at_hand: ReviewAtHand | None = None) -> list[str]:
    """Bring the graph up to date with the register alone; return the reviews whose graph has changed.

    The reviews' folders are not read, and nothing is done if there is no store. ``at_hand`` is a review
    that the caller keeps in memory. Raises StoreBusyError if a build holds the store, and RegisterError
    if the register is not whole; the store then stays as it was.
    """
    storage, register = storage_at(store), register_at(store)
    manifest = storage.manifest()
    if manifest is None or not decided_since(register, manifest["reviews"]):
        return []
    with storage.lock():
        manifest = storage.manifest()
        if manifest is None:
            return []
        decided = decided_since(register, manifest["reviews"])
        summaries = summaries_of(manifest)
        with storage.generation(afresh=False) as generation:
            for name in decided:
                review = at_hand
                if review is None or review.review != name:
                    review = ReviewAtHand(ontology, store, name)
                change, summary = review.restand(summaries[name])
                summaries[name] = vars(summary)
                generation.put_standing(name, change, vars(summary))
            before = sum(review["quads"] for review in manifest["reviews"])
            now = sum(summary["quads"] for summary in summaries.values())
            reviews = [summaries[name] for name in sorted(summaries)]
            quads = manifest["quads"] - before + now
            generation.publish({**manifest, "reviews": reviews, "quads": quads})
    return decided


def decided_since(register: Register, reviews: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the identifiers of those built reviews whose register has changed since."""
    heads = register.heads()
    return [
        review["identifier"]
        for review in reviews
        if heads.get(review["identifier"], Head()).hash != review["register"]
    ]


def _result(manifest: dict[str, Any], built: list[str], removed: list[str]) -> BuildResult:
    reviews = [ReviewSummary(**review) for review in manifest["reviews"]]
    return BuildResult(reviews, built, removed, manifest["quads"])


def _refuse_unread(reviews: Iterable[ReviewSummary]) -> None:
    for review in reviews:
        if review.unread:
            raise UnreadError(
                f"{review.identifier}: {len(review.unread)} unread: {review.unread[0]}; "
                f"add a cue, or an entry in {READINGS}"
            )
        if review.violations:
            first = next(f for f in review.findings if f["severity"] == "Violation")
            raise UnreadError(
                f"{review.identifier}: {review.violations} violations: {first['focus']}: "
                f"{first['message']}"
            )


@dataclass(frozen=True)
class _Work:
    data: Path
    ontology: Path
    storage: Storage
    strict: bool
    begin: Progress
    step: Step
    common: str
    prints: dict[str, str]
    entries: dict[str, list[Entry]]

    def run(
        self,
        old: dict[str, Any],
        changed: list[str],
        decided: Sequence[ReviewAtHand],
        removed: list[str],
        afresh: bool,
    ) -> dict[str, Any]:
        from compactgraph.reading.vocabulary import load_ontology, load_shared_references

        self.step("Reading the vocabularies", 0.0)
        shared = [*load_ontology(self.ontology), *load_shared_references(self.data)]
        with self.storage.generation(afresh=afresh) as generation:
            summaries = {name: old[name] for name in self.prints if name in old}
            if afresh:
                generation.put_shared(shared)
            for name in removed:
                generation.drop_review(name)
            for review in decided:
                change, restood = review.restand(summaries[review.review], whole=True)
                summaries[review.review] = vars(restood)
                generation.put_standing(review.review, change, vars(restood))
            with closing(self._built(changed, shared)) as built:
                # A service shows each review at once, so a strict build looks at all of them first.
                for summary, quads in list(built) if self.strict else built:
                    summaries[summary["identifier"]] = summary
                    generation.put_review(summary["identifier"], quads, summary)
            self.step("Saving the graph", _SHARE_AFTER)
            manifest = {
                "common": self.common,
                "reviews": [summaries[name] for name in sorted(summaries)],
                "quads": len(set(shared)) + sum(summary["quads"] for summary in summaries.values()),
            }
            generation.publish(manifest)
        return manifest

    def _built(self, changed: list[str], shared: list[Quad]) -> _Built:
        """Yield each changed review's summary and its quads, refusing what a strict build refuses."""
        prints = {name: (self.common, self.prints[name]) for name in changed}
        jobs = jobs_for(len(changed))
        each = self._one_by_one(prints, shared) if jobs == 1 else self._together(prints, jobs)
        with closing(each):
            for summary, quads in each:
                if self.strict:
                    _refuse_unread([ReviewSummary(**summary)])
                yield summary, quads

    def _one_by_one(self, prints: dict[str, tuple[str, str]], shared: list[Quad]) -> _Built:
        for place, name in enumerate(prints, 1):
            self.begin(name, place, len(prints))
            steps = self._steps_of(name, place, len(prints))
            folder = open_review(self.data, name)
            built = build_review(folder, self.ontology, shared, prints[name], self.entries[name], steps)
            yield vars(built.summary), built.quads

    def _together(self, prints: dict[str, tuple[str, str]], jobs: int) -> _Built:
        from pyoxigraph import RdfFormat, parse

        names = list(prints)
        self.begin(names[0], 1, len(names))
        with closing(build_together(jobs, self.data, self.ontology, prints, self.entries)) as together:
            for place, (summary, nquads) in enumerate(together, 1):
                yield summary, parse(nquads, format=RdfFormat.N_QUADS)
                if place < len(names):
                    self.begin(names[place], place + 1, len(names))
                    self._steps_of(names[place], place + 1, len(names))("Building", 0.0)

    def _steps_of(self, name: str, place: int, number: int) -> Step:
        """Return what reports a step of one review as a step of the whole."""
        which = f"{name} ({place} of {number}): " if number > 1 else ""
        each = (_SHARE_AFTER - _SHARE_BEFORE) / number
        return lambda words, share: self.step(which + words, _SHARE_BEFORE + each * (place - 1 + share))
