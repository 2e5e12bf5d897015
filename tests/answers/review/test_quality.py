"""The data's quality: each finding led to its item, how much is read by what, and the vocabulary."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pyoxigraph import Store

from compactgraph.answers.provision.evidence import Means
from compactgraph.answers.provision.trace import Range
from compactgraph.answers.review.quality import LocatedFinding, Quality, Scheme, quality, vocabulary
from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.build.pipeline import build_store
from compactgraph.build.review import ReviewSummary
from compactgraph.errors import UnknownNameError
from compactgraph.graph.findings import Finding, Severity
from compactgraph.sparql.questions import ask, find_question
from compactgraph.store.folder import read_manifest
from compactgraph.store.oxigraph import open_store

BASE = "https://w3id.org/compactgraph/id/bristol"


def summary_of(folder: Path, review: str) -> ReviewSummary:
    manifest = read_manifest(folder)
    assert manifest is not None
    (found,) = [r for r in manifest["reviews"] if r["identifier"] == review]
    return ReviewSummary(**found)


@pytest.fixture(scope="module")
def summary(bristol_folder: Path) -> ReviewSummary:
    return summary_of(bristol_folder, "bristol")


@pytest.fixture(scope="module")
def found(bristol: Store, ontology_folder: Path, summary: ReviewSummary) -> Quality:
    return quality(ReviewGraph(bristol, ontology_folder, summary.identifier, summary))


# Findings


def test_the_one_finding_leads_to_its_recommendation(found: Quality) -> None:
    words = "Include a link to the National Compact; delete these words."
    (warning,) = found.findings
    assert warning == LocatedFinding(
        finding=warning.finding,
        severity="worth a look",
        requirement="Removal states a reason",
        message="national-compact-r1 removes something and does not say why; ask those who "
        "recommend it.",
        item="national-compact-r1",
        item_kind="recommendation",
        provision="national-compact",
        text=words,
        ranges=(Range(3801, 3860, 14, words),),
        line=14,
    )
    assert found.conforms
    assert found.unread == ()


def located(
    bristol: Store,
    ontology: Path,
    summary: ReviewSummary,
    *,
    focus: str,
    value: str | None,
    message: str = "It is wrong; mend it.",
    shape: str = "a-requirement",
) -> LocatedFinding:
    finding = Finding(Severity.VIOLATION, shape, focus, message, value, None)
    changed = ReviewSummary(**{**vars(summary), "findings": [finding.to_json()]})
    result = quality(ReviewGraph(bristol, ontology, changed.identifier, changed))
    assert not result.conforms
    return result.findings[0]


@pytest.mark.parametrize(
    ("focus", "value", "item", "kind", "provision", "line"),
    [
        ("1.11", None, "1.11", "provision", "1.11", 38),
        ("1.11", "a text that is no name", "1.11", "provision", "1.11", 38),
        ("1.11-r1", "1.4", "1.11-r1", "recommendation", "1.11", 38),
        ("themes-c1", None, "themes-c1", "commentary", "themes", 23),
        ("note-5", None, "note-5", "footnote", "complaints", 99),
        ("bristol", "1.10", "1.10", "provision", "1.10", 35),
        ("bristol-document", f"{BASE}/passage/707-722", "707-722", "passage", "title", 10),
        ("1.11-r1/moves/vcse-strategy", None, "1.11-r1/moves/vcse-strategy", "movement", "1.11", 38),
        ("bristol", "vcse-strategy", "vcse-strategy", "reference", "", None),
        ("pcr-2015", None, "pcr-2015", "reference", "", None),
        ("bristol", None, "bristol", "review", "", None),
        ("bristol-document", "sha256:0", "bristol-document", "document", "", None),
        ("no such thing", None, "", "", "", None),
        (f"{BASE}/provision/9 9", None, "", "", "", None),
    ],
)
def test_a_finding_leads_to_its_item(
    bristol: Store,
    ontology_folder: Path,
    summary: ReviewSummary,
    focus: str,
    value: str | None,
    item: str,
    kind: str,
    provision: str,
    line: int | None,
) -> None:
    place = located(bristol, ontology_folder, summary, focus=focus, value=value)
    assert (place.item, place.item_kind, place.provision) == (item, kind, provision)
    assert place.line == line
    assert bool(place.ranges) is (line is not None)
    assert place.severity == "must be mended"


def test_a_reading_whose_name_is_cut_is_known_by_the_message(
    bristol: Store, ontology_folder: Path, summary: ReviewSummary
) -> None:
    place = located(
        bristol,
        ontology_folder,
        summary,
        focus="bristol",
        value=f"{BASE}/reading/themes-c1/…",
        message="The reading themes-c1/mentions/business-as-usual/8941 has two objects; make a "
        "reading of each.",
    )
    assert (place.item, place.item_kind) == (
        "themes-c1/mentions/business-as-usual/8941",
        "reading",
    )
    assert (place.provision, place.text, place.line) == ("themes", "BAU", 23)


def test_a_piece_is_known_by_the_message(
    bristol: Store, ontology_folder: Path, summary: ReviewSummary
) -> None:
    place = located(
        bristol,
        ontology_folder,
        summary,
        focus="bristol-document",
        value=None,
        message="Piece 707-722 has a role that is not in the role scheme (x); choose one of its terms.",
    )
    assert (place.item, place.item_kind, place.text) == ("707-722", "passage", "Bristol Compact")


@pytest.mark.parametrize(
    ("shape", "kind"),
    [("provision-has-one-text", "provision"), ("reference-says-what-it-is", "reference")],
)
def test_of_two_things_with_one_name_the_shape_decides(
    bristol: Store, ontology_folder: Path, summary: ReviewSummary, shape: str, kind: str
) -> None:
    place = located(bristol, ontology_folder, summary, focus="national-compact", value=None, shape=shape)
    assert place.item_kind == kind


def test_the_findings_of_a_build_lead_to_their_items(
    tmp_path: Path, two_reviews_data: Path, ontology_folder: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(two_reviews_data / "small-review", data / "small-review")
    shutil.copy(two_reviews_data / "references.ttl", data)
    with (data / "small-review" / "references.ttl").open("a", encoding="utf-8") as file:
        file.write(
            ':old-mill a cg:Reference ; dcterms:identifier "old-mill" ; skos:prefLabel "Mill"@en .\n'
        )
    source = data / "small-review" / "source.txt"
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("Remove, as no longer possible.", "Remove."), encoding="utf-8")
    folder = tmp_path / "store"
    build_store(data, ontology_folder, folder)
    result = quality(
        ReviewGraph(
            open_store(folder),
            ontology_folder,
            summary_of(folder, "small-review").identifier,
            summary_of(folder, "small-review"),
        )
    )
    assert [
        (f.requirement, f.item_kind, f.item, f.provision, f.line, f.text) for f in result.findings
    ] == [
        ("Reference says what it is", "reference", "old-mill", "", None, ""),
        ("Reference is used", "reference", "old-mill", "", None, ""),
        ("Removal states a reason", "recommendation", "1.2-r1", "1.2", 11, "Remove."),
    ]


def test_what_is_unread_is_told(bristol: Store, ontology_folder: Path, summary: ReviewSummary) -> None:
    unread = "1.1-r1 (line 25): 'Define principles' has no disposition"
    changed = ReviewSummary(**{**vars(summary), "unread": [unread]})
    assert quality(ReviewGraph(bristol, ontology_folder, changed.identifier, changed)).unread == (
        unread,
    )


def test_a_review_that_the_store_lacks_is_named(
    bristol: Store, ontology_folder: Path, summary: ReviewSummary
) -> None:
    changed = ReviewSummary(**{**vars(summary), "identifier": "bath"})
    with pytest.raises(UnknownNameError, match="unknown review 'bath'"):
        quality(ReviewGraph(bristol, ontology_folder, changed.identifier, changed))


# By what the words are read


def test_how_much_is_read_by_what(found: Quality, summary: ReviewSummary) -> None:
    assert [(read.property, read.means, read.rule, read.readings) for read in found.read_by] == [
        ("bearsOn", Means.HAND, "", 1),
        ("disposition", Means.CUE, "cue", 91),
        ("disposition", Means.HAND, "", 2),
        ("mentions", Means.CUE, "name", 100),
        ("nearWording", Means.MEASURE, "near-wording", 3),
        ("reason", Means.CUE, "cue", 29),
        ("relation", Means.CUE, "cue", 14),
    ]
    assert found.readings == summary.counts["readings"] == 240
    assert found.by_means == {Means.CUE: 234, Means.MEASURE: 3, Means.HAND: 3}
    assert summary.counts["by hand"] == 3
    assert found.read_by[4].label == "near wording"
    assert found.read_by[4].how.startswith("Two commitments or values share so many")


def test_what_is_read_by_hand_and_why(found: Quality, bristol: Store, ontology_folder: Path) -> None:
    assert [(r.of, r.provision, r.property, r.value, r.ranges[0].line) for r in found.by_hand] == [
        ("title-r1", "title", "disposition", "", 10),
        ("partners-group-r1", "partners-group", "disposition", "", 19),
        ("3.8-r1", "3.8", "bearsOn", "3.3", 67),
    ]
    asked = ask(bristol, find_question(ontology_folder, "by-hand"), {}, "bristol")
    saved = [(row[3], row[5], row[6]) for row in asked.rows]
    assert [(r.quote(), r.person, r.why) for r in found.by_hand] == saved


# The vocabulary


@pytest.fixture(scope="module")
def schemes(bristol: Store, ontology_folder: Path) -> dict[str, Scheme]:
    return {
        scheme.name: scheme for scheme in vocabulary(ReviewGraph(bristol, ontology_folder, "bristol"))
    }


def test_the_schemes_and_how_many_words_each_has(schemes: dict[str, Scheme]) -> None:
    assert {name: (scheme.label, len(scheme.entries)) for name, scheme in schemes.items()} == {
        "classes": ("Kinds of thing", 21),
        "properties": ("Statements", 71),
        "cue-positions": ("Cue position", 2),
        "decision": ("Kind of decision", 7),
        "disposition": ("Disposition", 7),
        "outcome": ("Outcome", 8),
        "party": ("Party", 3),
        "reason": ("Reason", 6),
        "relation": ("Relation", 7),
        "role": ("Role", 9),
        "rule": ("Rule", 12),
        "status": ("Status", 4),
    }


def test_every_word_has_a_meaning(schemes: dict[str, Scheme]) -> None:
    for scheme in schemes.values():
        assert scheme.definition.endswith(".")
        for entry in scheme.entries:
            assert entry.label
            assert entry.definition.endswith("."), entry.name
            assert entry.iri.startswith("https://w3id.org/compactgraph/")


def test_the_terms_stand_in_the_order_of_the_vocabulary(schemes: dict[str, Scheme]) -> None:
    assert [entry.name for entry in schemes["outcome"].entries] == [
        *["retained", "revised", "either", "moved", "absorbed", "dropped", "referred", "undecided"],
    ]
    labels = [entry.label for entry in schemes["classes"].entries]
    assert labels == sorted(labels)


def test_an_entry(schemes: dict[str, Scheme]) -> None:
    (movement,) = [entry for entry in schemes["classes"].entries if entry.name == "Movement"]
    assert movement.label == "movement"
    assert movement.definition.startswith("One effect that a recommendation has on a provision")
    assert movement.note.startswith("A provision that goes nowhere has a movement")
    assert movement.iri == "https://w3id.org/compactgraph/ontology#Movement"


def test_another_review_adds_no_words(
    two_reviews: Store, ontology_folder: Path, schemes: dict[str, Scheme]
) -> None:
    assert vocabulary(ReviewGraph(two_reviews, ontology_folder, "bristol")) == list(schemes.values())


# What rests on words that have changed


def test_nothing_rests_on_changed_words(found: Quality) -> None:
    assert (found.suspects, found.suspect_readings) == (0, frozenset())


def test_what_rests_on_changed_words_is_counted_and_the_readings_named(
    reworded: Store, reworded_folder: Path, ontology_folder: Path
) -> None:
    shaken = quality(
        ReviewGraph(
            reworded,
            ontology_folder,
            summary_of(reworded_folder, "bristol").identifier,
            summary_of(reworded_folder, "bristol"),
        )
    )
    assert shaken.suspects == 4
    (suspect,) = [reading for reading in shaken.by_hand if reading.iri in shaken.suspect_readings]
    assert (suspect.of, suspect.value) == ("3.8-r1", "3.3")
    assert len(shaken.suspect_readings) == 1
