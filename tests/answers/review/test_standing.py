"""How a review stands after what was decided: counts, lists and words, on documented decisions."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import Store

from compactgraph.answers.provision.deciding_decisions import standing_sentences
from compactgraph.answers.review.overview import Progress
from compactgraph.answers.review.standing import (
    ChangedText,
    Standings,
    changed_texts,
    instead,
    register_state,
    standings,
    to_paper,
    to_sheet,
)
from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.tables.decisions import COLUMNS, history
from compactgraph.build.pipeline import build_store
from compactgraph.common.fingerprints import fingerprint
from compactgraph.deciding.desk import Desk
from compactgraph.errors import UnknownNameError
from compactgraph.paths import register_file
from compactgraph.reading.similarity import Fate, Stretch
from compactgraph.register.entry import Body, Kind
from compactgraph.store.oxigraph import open_store
from tests.support.decided import CHANGED, change_words


@pytest.fixture(scope="module")
def undecided(bristol: Store, ontology_folder: Path) -> Standings:
    return standings(ReviewGraph(bristol, ontology_folder, "bristol"))


@pytest.fixture(scope="module")
def found(decided: Store, ontology_folder: Path) -> Standings:
    return standings(ReviewGraph(decided, ontology_folder, "bristol"))


@pytest.fixture(scope="module")
def shaken(reworded: Store, ontology_folder: Path) -> Standings:
    return standings(ReviewGraph(reworded, ontology_folder, "bristol"))


def test_without_decisions_everything_awaits_one(undecided: Standings) -> None:
    assert undecided.progress == Progress(
        decisions=0,
        movements=92,
        agreed=0,
        applied=0,
        rejected=0,
        awaiting=92,
        added=0,
        undecided=7,
    )
    assert len(undecided.awaiting) == 92
    assert [row.provision for row in undecided.undecided] == ["values", "1.9", "theme-2", "5.6"]
    assert (undecided.history, undecided.against, undecided.to_apply) == ((), (), {})
    assert (undecided.suspects, undecided.contested, undecided.void) == ((), (), ())


def test_how_far_the_review_has_come(found: Standings) -> None:
    assert found.progress == Progress(
        decisions=19,
        movements=92,
        agreed=7,
        applied=2,
        rejected=10,
        awaiting=75,
        added=6,
        undecided=6,
    )


def test_what_still_awaits_a_decision(found: Standings, undecided: Standings) -> None:
    decided = {row.movement for row in undecided.awaiting} - {row.movement for row in found.awaiting}
    assert {movement.partition("-r")[0] for movement in decided} == {
        *("1.11", "value-5", "theme-1", "1.2", "2.1", "2.5", "3.2", "value-1", "value-2"),
        *("partners-group", "1.3", "4.4"),
    }
    assert [row.provision for row in found.undecided] == ["values", "theme-2", "2.1", "4.4"]
    assert len(found.awaiting) == 75


def test_what_was_decided_against_the_recommendation(found: Standings) -> None:
    assert {told.decision.name: told.what for told in found.against} == {
        "d5": "goes nowhere",
        "d6": "goes nowhere",
        "d7": "stays in new Compact",
        "d18": "absorbed into business as usual",
        "d19": "moves to VCSE Strategy",
    }


def test_what_is_agreed_and_not_applied_by_destination(found: Standings) -> None:
    assert {to: [row.movement for row in rows] for to, rows in found.to_apply.items()} == {
        "business-as-usual": [
            "1.2-r1/absorbed/business-as-usual",
            "d11/absorbed/business-as-usual",
        ],
        "new-compact": [
            "value-2-r1/either/new-compact",
            "d18/stays/new-compact",
            "d10/stays/new-compact",
            "d7/stays/new-compact",
        ],
        "vcse-strategy": [
            "d12/refers/vcse-strategy",
            "value-1-r1/either/vcse-strategy",
            "value-5-r1/moves/vcse-strategy",
            "d6/moves/vcse-strategy",
        ],
    }
    assert found.applying == 10


def test_what_is_contested(found: Standings) -> None:
    assert {told.decision.name: told.decision.contested for told in found.contested} == {
        "d17": ("d19",),
        "d19": ("d17",),
    }


def test_the_history_in_words(found: Standings) -> None:
    told = {each.decision.name: each for each in found.history}
    assert list(told) == [f"d{number}" for number in range(1, 20)]
    assert {name: told[name].what for name in ("d1", "d3", "d8", "d15")} == {
        "d1": "moves to VCSE Strategy",
        "d3": "stays in new Compact",
        "d8": "what was left open of it",
        "d15": "as a whole",
    }
    assert {name: instead(each.decision) for name, each in told.items() if instead(each.decision)} == {
        "d6": "Remove; better placed elsewhere; it goes to VCSE Strategy",
        "d7": "Add; keep",
        "d8": "It goes to VCSE Strategy",
        "d9": "It goes to new Compact",
        "d10": "Keep",
        "d11": "Remove; business as usual",
        "d12": "Point to another document; it goes to VCSE Strategy",
        "d18": "Keep",
    }
    decided = {str(row[0]).partition(",")[0]: row[2] for row in to_paper(found.history).rows}
    assert str(decided["d13"]).endswith(". Place: Section 4.2, “Assets”")
    assert str(decided["d14"]).endswith(". Place: Theme 1")
    assert found.named("d18") is told["d18"]
    assert found.named("d99") is None


def test_how_a_decision_stands(found: Standings) -> None:
    told = {each.decision.name: " ".join(standing_sentences(each.decision)) for each in found.history}
    assert told["d1"] == "In force."
    assert told["d16"] == "Superseded by d18: it is in force no longer."
    assert told["d18"] == "In force. It supersedes d16."
    assert told["d19"] == (
        "In force. Contested: d17 and d19 are in force and do not agree. The latest holds until one is "
        "superseded. It leaves d17 in force beside it."
    )


def test_what_is_suspect_and_the_words_that_changed(shaken: Standings) -> None:
    assert {each.name: (each.words, each.provision) for each in shaken.suspects} == {
        "decision/1": ("decision d1", "1.11"),
        "decision/13": ("decision d13", "1.11"),
        "draft/2/1.5": ("provision 1.5 of draft 2", ""),
        "reading/3.8-r1/bears-on/3.3": ("the reading of 3.8-r1 as “bears on 3.3”", "3.8"),
    }
    for suspect in shaken.suspects:
        (text,) = suspect.texts
        (old, new) = next(each for each in CHANGED.items() if each[1] in text.now)
        if suspect.name.startswith("reading/"):  # Nobody decided on it, so that its words are not kept.
            assert (text.before, text.stretches) == ("", [])
        else:
            assert text.before == text.now.replace(new, old)
            assert {stretch.fate for stretch in text.stretches} == set(Fate)
        assert suspect.prints == {text.identifier: fingerprint(text.now)}
    changed = {told.decision.name for told in shaken.history if told.texts}
    assert changed == {"d1", "d13"}


def test_what_is_suspect_has_the_names_that_a_confirmation_gives(
    reworded: Store, ontology_folder: Path
) -> None:
    changed = changed_texts(ReviewGraph(reworded, ontology_folder, "bristol"))
    assert {name: tuple(text.identifier for text in texts) for name, texts in changed.items()} == {
        "decision/1": ("1.11",),
        "decision/13": ("1.11",),
        "draft/2/1.5": ("1.10",),
        "reading/3.8-r1/bears-on/3.3": ("3.8-r1",),
    }


@pytest.fixture
def own(decided_folder: Path, data_folder: Path, tmp_path: Path) -> Path:
    """Return a copy of the store with decisions, with its register and data, that a test may change."""
    shutil.copytree(decided_folder, tmp_path / "store")
    shutil.copyfile(register_file(decided_folder), register_file(tmp_path / "store"))
    shutil.copytree(data_folder, tmp_path / "data")
    return tmp_path / "store"


def test_the_earlier_words_of_a_draft_are_told_beside_the_new_ones(
    own: Path, ontology_folder: Path
) -> None:
    desk = Desk(own, ontology_folder, "bristol")
    placed = Body(
        Kind.APPLY, ("Ann Lee",), "2026-11-04", item="d10/stays/new-compact", place="draft/2/1.4"
    )
    desk.record([placed], "test")
    anew = Body(
        Kind.WRITE_DRAFT,
        ("Ann Lee",),
        "2026-11-05",
        item="1.4",
        role="commitment",
        theme="1",
        text="We meet twice a year.",
        replaces=(28,),
    )
    desk.record([anew], "test")
    found = standings(ReviewGraph(open_store(own), ontology_folder, "bristol"))
    (suspect,) = found.suspects
    (text,) = suspect.texts
    assert (suspect.name, text.identifier) == ("decision/30", "draft/2/1.4")
    assert (text.before, text.now) == ("We meet once a year.", "We meet twice a year.")
    assert text.stretches == [
        Stretch(Fate.KEPT, "We meet"),
        Stretch(Fate.REMOVED, "once"),
        Stretch(Fate.ADDED, "twice"),
        Stretch(Fate.KEPT, "a year."),
    ]


def test_what_is_confirmed_is_suspect_no_more(own: Path, ontology_folder: Path) -> None:
    change_words(own.parent / "data")
    build_store(own.parent / "data", ontology_folder, own)
    before = standings(ReviewGraph(open_store(own), ontology_folder, "bristol"))
    desk = Desk(own, ontology_folder, "bristol")
    confirmed = [
        Body(Kind.CONFIRM, ("Ann Lee",), "2026-11-06", item=each.name, fingerprints=each.prints)
        for each in before.suspects
    ]
    desk.record(confirmed, "test")
    after = standings(ReviewGraph(open_store(own), ontology_folder, "bristol"))
    assert after.suspects == ()
    assert [told.what for told in after.history[-4:]] == [each.words for each in before.suspects]


def test_what_was_confirmed_is_compared_with_the_words_that_were_confirmed(
    own: Path, ontology_folder: Path
) -> None:
    data, source = own.parent / "data", own.parent / "data" / "bristol" / "source.txt"
    change_words(data)
    build_store(data, ontology_folder, own)
    desk = Desk(own, ontology_folder, "bristol")
    desk.record([Body(Kind.CONFIRM, ("Ann Lee",), "2026-11-06", item="decision/1")], "test")
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("community assets", "what a community owns"), encoding="utf-8")
    build_store(data, ontology_folder, own)
    found = {
        each.name: each.texts
        for each in standings(ReviewGraph(open_store(own), ontology_folder, "bristol")).suspects
    }
    (confirmed,), (other,) = found["decision/1"], found["decision/13"]
    assert confirmed.now == other.now
    assert confirmed.before == confirmed.now.replace("what a community owns", "community assets")
    assert other.before == other.now.replace("what a community owns", "community asset transfer")


def test_of_words_that_are_gone_those_that_were_are_told(own: Path, ontology_folder: Path) -> None:
    source = own.parent / "data" / "bristol" / "source.txt"
    text = source.read_text(encoding="utf-8")
    gone = (
        "Different practices across public sector (longer contracts commonly in place; some of shorter "
        "duration)."
    )
    assert text.count(f"<p>{gone}</p>") == 1
    source.write_text(text.replace(f"<p>{gone}</p>", ""), encoding="utf-8")
    build_store(own.parent / "data", ontology_folder, own)
    found = standings(ReviewGraph(open_store(own), ontology_folder, "bristol")).suspects
    assert {each.name: each.texts for each in found} == {
        "decision/15": (ChangedText("1.6-c1", "", gone),)
    }


def test_what_the_review_no_longer_has_is_told_as_without_effect(
    own: Path, ontology_folder: Path
) -> None:
    source = own.parent / "data" / "bristol" / "source.txt"
    text = source.read_text(encoding="utf-8")
    gone = "Remove, as could be better included in the new VCSE Strategy."
    assert gone in text
    source.write_text(text.replace(gone, "Keep.", 1), encoding="utf-8")
    build_store(own.parent / "data", ontology_folder, own)
    found = standings(ReviewGraph(open_store(own), ontology_folder, "bristol"))
    void = {told.decision.name: " ".join(standing_sentences(told.decision)) for told in found.void}
    assert set(void) == {"d1", "d13"}
    assert void["d1"].startswith("Without effect: the review does not have what it is on any more.")


def test_the_register_is_whole_and_says_its_last_hash(
    own: Path, decided: Store, ontology_folder: Path
) -> None:
    state = register_state(str(own), "bristol")
    assert (state.entries, state.on_drafts, state.flaws, state.is_whole) == (29, 10, (), True)
    assert state.head.number == 29
    assert state.head.hash.startswith("sha256:")
    assert (
        len(history(ReviewGraph(decided, ontology_folder, "bristol"))) == state.entries - state.on_drafts
    )


def test_an_empty_register_is_whole(bristol_folder: Path) -> None:
    state = register_state(str(bristol_folder), "bristol")
    assert (state.entries, state.head.hash, state.is_whole) == (0, "", True)


def test_an_altered_register_says_where(own: Path) -> None:
    with sqlite3.connect(register_file(own)) as register:
        register.execute("DROP TRIGGER entry_stays")
        register.execute("UPDATE entry SET text = replace(text, 'Ann', 'Eve') WHERE number = 3")
    state = register_state(str(own), "bristol")
    assert not state.is_whole
    assert state.flaws[0] == "bristol d3: was altered: its text does not have its hash"


def test_a_register_that_cannot_be_read_says_so(own: Path) -> None:
    register_file(own).write_bytes(b"no register at all")
    state = register_state(str(own), "bristol")
    assert (state.entries, state.is_whole, len(state.flaws)) == (0, False, 1)


def test_as_files_it_has_the_columns_that_programs_know_and_words_for_people(found: Standings) -> None:
    sheet = to_sheet(found.history, "All decisions.")
    assert (sheet.title, sheet.columns, len(sheet.rows)) == ("Decisions", COLUMNS, 19)
    paper = to_paper(found.history)
    assert paper.columns == ("Decision", "On", "What was decided", "By", "Why", "How it stands")
    assert paper.rows[5] == (
        "d6, 12 October 2026",
        "2.5: goes nowhere",
        "Amended. Remove; better placed elsewhere; it goes to VCSE Strategy",
        "Bo Okafor, for Cabinet of the City Council",
        "It belongs to the strategy.",
        "In force.",
    )
    assert Counter(row[1] for row in paper.rows)["4.4: moves to VCSE Strategy"] == 2


def test_an_unknown_review_is_refused(bristol: Store, ontology_folder: Path) -> None:
    with pytest.raises(UnknownNameError):
        standings(ReviewGraph(bristol, ontology_folder, "nowhere"))
