"""Builds the store: source → graph → SHACL → store, for each review whose input has changed.

What a build rests on is fingerprinted: a review on the files of its folder, all of them on the ontology,
the shared references and this package. Where nothing has changed, nothing is done, and no library of
the graph is imported.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compactgraph.errors import UnreadError
from compactgraph.folder import READINGS, REFERENCES, ReviewFolder, list_reviews, open_review
from compactgraph.storage import Location, Storage, storage_at

if TYPE_CHECKING:
    from pyoxigraph import Quad

_PACKAGE = Path(__file__).resolve().parent
_ONTOLOGY_PARTS = ("*.ttl", "vocab/*.ttl", "shapes/*.ttl", "rules/*.rq")

Progress = Callable[[str, int, int], None]
Step = Callable[[str, float], None]

_SHARE_BEFORE, _SHARE_AFTER = 0.1, 0.9


@dataclass
class ReviewSummary:
    """What a build made of one review: counts by kind of thing, outcome totals, what was found.

    ``fingerprint`` is that of the review's folder, ``common`` that of what all reviews rest on.
    """

    identifier: str
    title: str
    common: str
    fingerprint: str
    quads: int
    counts: dict[str, int]
    outcomes: dict[str, int]
    commitment_outcomes: dict[str, int]
    unread: list[str]
    findings: list[dict[str, Any]] = field(default_factory=list)

    @property
    def violations(self) -> int:
        """The number of findings that make the review non-conforming."""
        return sum(finding["severity"] == "Violation" for finding in self.findings)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> ReviewSummary:
        """Return the summary that a manifest holds."""
        return cls(**data)


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


@dataclass(frozen=True)
class BuiltReview:
    """A review's quads, and what a build notes of it."""

    quads: list[Quad]
    summary: ReviewSummary


def _digest(paths: Iterable[tuple[str, Path]]) -> str:
    digest = hashlib.sha256()
    for name, path in paths:
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def common_fingerprint(ontology: Path, data: Path) -> str:
    """Return the fingerprint of what all reviews rest on: ontology, shared references, package."""
    parts = [path for part in _ONTOLOGY_PARTS for path in sorted(ontology.glob(part))]
    named = [(str(path.relative_to(ontology)), path) for path in parts]
    named += [(path.name, path) for path in sorted(_PACKAGE.glob("*.py"))]
    if (data / REFERENCES).exists():
        named.append((f"data/{REFERENCES}", data / REFERENCES))
    return _digest(named)


def review_fingerprint(folder: Path) -> str:
    """Return the fingerprint of the files in a review's folder."""
    return _digest((path.name, path) for path in sorted(folder.iterdir()) if path.is_file())


def build_store(
    data: Path,
    ontology: Path,
    store: Location,
    *,
    strict: bool = False,
    progress: Progress | None = None,
    step: Step | None = None,
) -> BuildResult:
    """Bring the store up to date with the reviews below ``data``.

    ``progress`` is called with a review's identifier, its place from 1, and how many are built;
    ``step`` with what is being done, in words, and the share of the whole that is done. Raises
    UnreadError where ``strict`` and something is unread or violates a shape; then, and on any other
    error, the store stays as it was.
    """
    names = list_reviews(data)
    common = common_fingerprint(ontology, data)
    prints = {name: review_fingerprint(data / name) for name in names}
    storage = storage_at(store)
    with storage.lock():
        manifest = storage.manifest() or {}
        afresh = manifest.get("common") != common
        old = {r["identifier"]: r for r in manifest.get("reviews", [])}
        removed = sorted(set(old) - set(names))
        # A load that was cut off goes on where it was: what it had finished has this program's mark.
        old = {name: r for name, r in old.items() if r["common"] == common}
        changed = [n for n in names if n not in old or old[n]["fingerprint"] != prints[n]]
        if strict:
            unchanged = [name for name in names if name not in changed]
            _refuse_unread(ReviewSummary.from_json(old[name]) for name in unchanged)
        if not afresh and not changed and not removed:
            return _result(manifest, [], [])
        work = _Work(data, ontology, storage, strict, progress, step, common, prints)
        return _result(work.run(old, changed, removed, afresh), changed, removed)


def _result(manifest: dict[str, Any], built: list[str], removed: list[str]) -> BuildResult:
    reviews = [ReviewSummary.from_json(review) for review in manifest["reviews"]]
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
    progress: Progress | None
    step: Step | None
    common: str
    prints: dict[str, str]

    def run(
        self, old: dict[str, Any], changed: list[str], removed: list[str], afresh: bool
    ) -> dict[str, Any]:
        from compactgraph.vocabulary import load_ontology, load_shared_references

        self._report("Reading the vocabularies", 0.0)
        shared = [*load_ontology(self.ontology), *load_shared_references(self.data)]
        with self.storage.generation(afresh=afresh) as generation:
            summaries = {name: old[name] for name in self.prints if name in old}
            if afresh:
                generation.put_shared(shared)
            for name in removed:
                generation.drop_review(name)
            for place, name in enumerate(changed, 1):
                if self.progress is not None:
                    self.progress(name, place, len(changed))
                built = build_review(
                    open_review(self.data, name),
                    self.ontology,
                    shared,
                    (self.common, self.prints[name]),
                    self._steps_of(name, place, len(changed)),
                )
                if self.strict:
                    _refuse_unread([built.summary])
                summaries[name] = vars(built.summary)
                generation.put_review(name, built.quads, summaries[name])
            self._report("Saving the graph", _SHARE_AFTER)
            manifest = {
                "common": self.common,
                "reviews": [summaries[name] for name in sorted(summaries)],
                "quads": len(set(shared)) + sum(summary["quads"] for summary in summaries.values()),
            }
            generation.publish(manifest)
        return manifest

    def _report(self, words: str, share: float) -> None:
        if self.step is not None:
            self.step(words, share)

    def _steps_of(self, name: str, place: int, number: int) -> Step:
        """Return what reports a step of one review as a step of the whole."""
        which = f"{name} ({place} of {number}): " if number > 1 else ""
        each = (_SHARE_AFTER - _SHARE_BEFORE) / number

        def report(words: str, share: float) -> None:
            self._report(which + words, _SHARE_BEFORE + each * (place - 1 + share))

        return report


def build_review(
    folder: ReviewFolder,
    ontology: Path,
    shared: list[Quad],
    fingerprints: tuple[str, str],
    step: Step = lambda words, share: None,
) -> BuiltReview:
    """Read one review and return its quads, validated.

    ``shared`` are the quads of the ontology and the shared references; ``fingerprints`` that of what
    all reviews rest on, and that of the review's folder; ``step`` is called as
    :func:`build_store` says, with the share of this review. Raises a SourceError, FolderError,
    TurtleError or UnknownNameError where the folder cannot be read without loss.
    """
    from compactgraph.graph import Described, describe
    from compactgraph.reader import read_review
    from compactgraph.reading import read_words
    from compactgraph.rules import apply_rules
    from compactgraph.validation import validate_quads
    from compactgraph.vocabulary import build_vocabulary

    step("Reading the document", 0.0)
    vocabulary = build_vocabulary(folder, shared)
    source, review = read_review(folder)
    step("Reading what is recommended", 0.2)
    readings = read_words(folder, source, review, vocabulary)
    step("Working out where each provision goes", 0.3)
    stated = describe(Described(folder, source, review, readings, vocabulary))
    derived = apply_rules(ontology, vocabulary.quads, stated, folder.iris.graph("reading"))
    quads = [*vocabulary.own, *stated, *derived]
    step("Checking the graph", 0.5)
    findings = validate_quads(ontology, [*shared, *quads])
    counts = {
        "provisions": len(review.provisions),
        "commentary": sum(len(p.commentary) for p in review.provisions),
        "recommendations": sum(len(p.recommendations) for p in review.provisions),
        "footnotes": len(review.footnotes),
        "pieces": len(review.pieces),
        "readings": len(readings.readings),
        "by hand": sum(reading.why is not None for reading in readings.readings),
        "movements": _count_movements(derived),
    }
    for provision in review.provisions:
        counts[provision.kind] = counts.get(provision.kind, 0) + 1
        if provision.party is not None:
            counts[provision.party] = counts.get(provision.party, 0) + 1
    outcomes = dict(_outcomes(derived))
    kinds = {folder.iris.provision(p.identifier): p.kind for p in review.provisions}
    commitments = {p: o for p, o in outcomes.items() if kinds[p] == "commitment"}
    summary = ReviewSummary(
        identifier=folder.identifier,
        title=folder.title,
        common=fingerprints[0],
        fingerprint=fingerprints[1],
        quads=len(set(quads)),
        counts=counts,
        outcomes=_totals(outcomes.values()),
        commitment_outcomes=_totals(commitments.values()),
        unread=[str(unread) for unread in readings.unread],
        findings=[finding.to_json() for finding in findings],
    )
    return BuiltReview(quads, summary)


def _outcomes(derived: Iterable[Quad]) -> Iterator[tuple[str, str]]:
    from compactgraph.namespaces import CG, VOCAB

    for quad in derived:
        if quad.predicate.value == CG + "outcome":
            outcome = str(quad.object).strip("<>").removeprefix(VOCAB + "outcome/")
            yield str(quad.subject).strip("<>"), outcome


def _count_movements(derived: Iterable[Quad]) -> int:
    from compactgraph.namespaces import CG

    return sum(quad.predicate.value == CG + "hasMovement" for quad in derived)


def _totals(values: Iterable[str]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for value in values:
        totals[value] = totals.get(value, 0) + 1
    return dict(sorted(totals.items()))
