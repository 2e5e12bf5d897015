"""Deciding on a real store: what each decision does to the table, what is refused, and what is kept."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, Store

from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.tables.decisions import history
from compactgraph.answers.tables.destinations import table_of_destinations
from compactgraph.common.fingerprints import fingerprint
from compactgraph.deciding.desk import Desk, Recorded
from compactgraph.errors import (
    CompactgraphError,
    ConflictError,
    EntryError,
    RegisterError,
    UnknownNameError,
)
from compactgraph.paths import register_file
from compactgraph.register.entry import Body, Head
from compactgraph.store.folder import read_manifest
from compactgraph.store.oxigraph import open_store
from tests.support.decided import BO, CHRIS, RECORDER
from tests.support.desks import body, now, rows_of, short, who_disagree

MOVES_4_4 = "4.4-r1/moves/vcse-strategy"
NEW, STRATEGY, USUAL = "new-compact", "vcse-strategy", "business-as-usual"


@pytest.fixture
def store(bristol_folder: Path, tmp_path: Path) -> Path:
    """Return a copy of Bristol's store, on which nothing was decided."""
    return Path(shutil.copytree(bristol_folder, tmp_path / "store"))


@pytest.fixture
def desk(store: Path, ontology_folder: Path) -> Desk:
    return Desk(store, ontology_folder, "bristol")


# What each decision does

FIRST = {
    "d1": body("agree", MOVES_4_4),
    "d2": body("reject", "3.5-r1/dropped"),
    "d3": body("amend", "1.5-r1/stays/new-compact", "keep"),
    "d4": body("amend", "1.6-r1/stays/new-compact", "keep-with-revision"),
    "d5": body("amend", "1.7-r1/stays/new-compact", "remove", reasons=(USUAL,)),
    "d6": body("amend", "1.8-r1/stays/new-compact", "remove"),
    "d7": body(
        "amend",
        "1.10-r1/stays/new-compact",
        "remove",
        reasons=("better-placed-elsewhere",),
        to=STRATEGY,
    ),
    "d8": body("amend", "1.12-r1/stays/new-compact", "refer", to="ncvo"),
    "d9": body("amend", "1.13-r1/stays/new-compact", "change"),
    "d10": body("amend", "1.14-r1/stays/new-compact", "add"),
    "d11": body(
        "amend", "1.15-r1/stays/new-compact", "remove", "refer", reasons=("obsolete",), to="ncvo"
    ),
    "d12": body("amend", "1.16-r1/stays/new-compact", "remove", to=STRATEGY),
    "d13": body("settle", "value-1", to=STRATEGY),
    "d14": body("settle", "value-2", to=NEW),
    "d15": body("settle", "value-3", "remove", reasons=("obsolete",)),
    "d16": body("settle", "3.1", "change"),
    "d17": body("settle", "title", "keep"),
    "d18": body("settle", "theme-2", "remove"),
    "d19": body("settle", "values", "refer", to=STRATEGY),
    "d20": body("reject", "1.4-r2/question"),
    "d21": body("agree", "2.4-r1/stays/new-compact"),
    "d22": body("agree", "2.4-r2/refers/voice-and-influence-consultation"),
    "d23": body("reject", "national-compact-r1/dropped"),
    "d24": body("agree", "national-compact-r1/refers/national-compact"),
    "d25": body("reject", "introduction-r2/stays/new-compact"),
    "d26": body("note", "5.1", why="It is to be read aloud."),
    "d27": body("note", "5.2-r1/stays/new-compact", why="Who revises it?"),
    "d28": body("agree", "1.17-r1/absorbed/business-as-usual"),
    "d29": body("reject", "1.18-r1/absorbed/business-as-usual"),
    "d30": body("agree", "value-6-r1/dropped"),
    "d31": body("agree", "value-5-r1/moves/vcse-strategy"),
}
SECOND = {
    "d32": body("apply", MOVES_4_4, place="Section 3"),
    "d33": body("apply", "d7/moves/vcse-strategy", place="Section 4"),
    "d34": body("apply", "1.17-r1/absorbed/business-as-usual"),
    "d35": body("apply", "value-6-r1/dropped"),
    "d36": body("apply", "value-1-r1/either/vcse-strategy", place="Section 5"),
    "d37": body(
        "note", "1.18-r1/absorbed/business-as-usual", why="It was said by mistake.", replaces=(29,)
    ),
    "d38": body("agree", "3.5-r1/dropped", replaces=(2,)),
    "d39": body("settle", "title", "change", replaces=(17,)),
    "d40": body("note", "d3/stays/new-compact", why="As the council wished."),
    "d41": body("reject", "value-5-r1/moves/vcse-strategy", beside=(31,)),
}
AFTER = {
    "4.4": ("moved", ["4.4-r1: remove+better-placed-elsewhere → moves vcse-strategy, applied"]),
    "3.5": ("dropped", ["3.5-r1: remove+no-longer-possible → dropped, agreed"]),
    "1.5": (
        "retained",
        [
            "1.5-r1: change → stays new-compact, rejected",
            "d3: keep → stays new-compact, agreed",
        ],
    ),
    "1.6": (
        "revised",
        [
            "1.6-r1: change → stays new-compact, rejected",
            "d4: keep-with-revision → stays new-compact, agreed",
        ],
    ),
    "1.7": (
        "absorbed",
        [
            "d5: remove+business-as-usual → absorbed business-as-usual, agreed",
            "1.7-r1: keep-with-revision → stays new-compact, rejected",
        ],
    ),
    "1.8": (
        "dropped",
        ["d6: remove → dropped, agreed", "1.8-r1: keep-with-revision → stays new-compact, rejected"],
    ),
    "1.10": (
        "moved",
        [
            "d7: remove+better-placed-elsewhere → moves vcse-strategy, applied",
            "1.10-r1: keep-with-revision → stays new-compact, rejected",
        ],
    ),
    "1.12": (
        "referred",
        ["d8: refer → refers ncvo, agreed", "1.12-r1: keep → stays new-compact, rejected"],
    ),
    "1.13": (
        "revised",
        ["1.13-r1: keep → stays new-compact, rejected", "d9: change → stays new-compact, agreed"],
    ),
    "1.14": (
        "revised",
        ["1.14-r1: keep → stays new-compact, rejected", "d10: add → stays new-compact, agreed"],
    ),
    "1.15": (
        "referred",
        [
            "d11: refer|remove+obsolete → dropped, agreed",
            "d11: refer|remove → refers ncvo, agreed",
            "1.15-r1: keep-with-revision → stays new-compact, rejected",
        ],
    ),
    "1.16": (
        "moved",
        [
            "d12: remove → moves vcse-strategy, agreed",
            "1.16-r1: keep-with-revision → stays new-compact, rejected",
        ],
    ),
    "value-1": (
        "moved",
        [
            "value-1-r1: keep → either new-compact, rejected",
            "value-1-r1: keep → either vcse-strategy, applied",
        ],
    ),
    "value-2": (
        "retained",
        [
            "value-2-r1: keep → either new-compact, agreed",
            "value-2-r1: keep → either vcse-strategy, rejected",
        ],
    ),
    "value-3": (
        "dropped",
        [
            "d15: remove+obsolete → dropped, agreed",
            "value-3-r1: keep-with-revision → either new-compact, rejected",
            "value-3-r1: keep-with-revision → either vcse-strategy, rejected",
        ],
    ),
    "3.1": (
        "revised",
        ["d16: change → stays new-compact, agreed", "3.1-r1: consider → question, rejected"],
    ),
    "title": (
        "revised",
        ["d39: change → stays new-compact, agreed", "title-r1: consider → question, rejected"],
    ),
    "theme-2": ("dropped", ["d18: remove → dropped, agreed"]),
    "values": ("referred", ["d19: refer → refers vcse-strategy, agreed"]),
    "1.4": (
        "absorbed",
        [
            "1.4-r1: remove+business-as-usual → absorbed business-as-usual, recommended",
            "1.4-r2: consider → question, rejected",
        ],
    ),
    "2.4": (
        "revised",
        [
            "2.4-r1: keep-with-revision → stays new-compact, agreed",
            "2.4-r2: refer → refers voice-and-influence-consultation, agreed",
        ],
    ),
    "national-compact": (
        "referred",
        [
            "national-compact-r1: refer|remove → dropped, rejected",
            "national-compact-r1: refer|remove → refers national-compact, agreed",
        ],
    ),
    "introduction": (
        "dropped",
        [
            "introduction-r1: remove+obsolete → dropped, recommended",
            "introduction-r2: change|consider → question, recommended",
            "introduction-r2: change|consider → stays new-compact, rejected",
        ],
    ),
    "5.1": ("revised", ["5.1-r1: change → stays new-compact, recommended"]),
    "5.2": ("revised", ["5.2-r1: keep-with-revision → stays new-compact, recommended"]),
    "1.17": ("absorbed", ["1.17-r1: remove+business-as-usual → absorbed business-as-usual, applied"]),
    "1.18": (
        "absorbed",
        ["1.18-r1: remove+business-as-usual → absorbed business-as-usual, recommended"],
    ),
    "value-6": ("dropped", ["value-6-r1: remove+implicit → dropped, applied"]),
    "value-5": (
        "undecided",
        ["value-5-r1: remove+better-placed-elsewhere → moves vcse-strategy, rejected"],
    ),
}


@pytest.fixture(scope="module")
def room(bristol_folder: Path, ontology_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Return a desk where FIRST and SECOND were recorded; what it refuses changes nothing."""
    folder = tmp_path_factory.mktemp("room") / "store"
    desk = Desk(Path(shutil.copytree(bristol_folder, folder)), ontology_folder, "bristol")
    for bodies in (FIRST, SECOND):
        recorded = desk.record(list(bodies.values()), RECORDER)
        assert [entry.name for entry in recorded.entries] == list(bodies)
        assert recorded.notice == ""
    return desk


@pytest.fixture(scope="module")
def opened(room: Desk) -> Store:
    return open_store(Path(room.location))


@pytest.mark.parametrize("provision", AFTER)
def test_the_rows_of_a_provision_that_was_decided_on(
    opened: Store, bristol: Store, ontology_folder: Path, provision: str
) -> None:
    before = rows_of(bristol, ontology_folder, provision)
    outcome, rows = AFTER[provision]
    assert short(rows_of(opened, ontology_folder, provision)) == (outcome, before[0].outcome, rows)
    assert {row.status for row in before} <= {"recommended", ""}


def test_no_other_row_has_changed(opened: Store, bristol: Store, ontology_folder: Path) -> None:
    tables = [
        [
            row
            for row in table_of_destinations(ReviewGraph(s, ontology_folder, "bristol"))
            if row.provision not in AFTER
        ]
        for s in (opened, bristol)
    ]
    assert tables[0] == tables[1]
    assert len(tables[0]) == 59


def test_the_graph_after_all_of_it_conforms(room: Desk) -> None:
    manifest = read_manifest(Path(room.location))
    assert manifest is not None
    (review,) = manifest["reviews"]
    assert [f for f in review["findings"] if f["severity"] == "Violation"] == []
    assert review["register"] == room.situation().entries[-1].hash
    assert review["suspects"] == 0
    assert review["outcomes"] == {
        **{"absorbed": 18, "dropped": 11, "moved": 5, "referred": 6, "retained": 8},
        **{"revised": 27, "undecided": 4},
    }


def test_an_entry_says_what_was_entered_and_on_which_words(room: Desk, bristol: Store) -> None:
    entry = room.situation().entries[0]
    rows = {
        row.provision: row
        for row in table_of_destinations(ReviewGraph(bristol, room.ontology, "bristol"))
    }
    assert (entry.number, entry.previous, entry.recorder) == (1, "", RECORDER)
    assert entry.body == replace(
        FIRST["d1"],
        provision="4.4",
        fingerprints={
            "4.4": fingerprint(rows["4.4"].text),
            "4.4-r1": fingerprint(rows["4.4"].recommendation_text),
        },
        words={"4.4": rows["4.4"].text, "4.4-r1": rows["4.4"].recommendation_text},
    )


def test_words_are_kept_once_by_the_first_entry_that_was_made_on_them(desk: Desk) -> None:
    first = body("reject", "1.4-r2/question")
    second = body("note", "1.4", why="Asked again.")
    one, two = desk.record([first, second], RECORDER).entries
    assert sorted(one.body.words) == sorted(one.body.fingerprints) == ["1.4", "1.4-r1", "1.4-r2"]
    assert (sorted(two.body.fingerprints), two.body.words) == (["1.4", "1.4-r1", "1.4-r2"], {})
    (three,) = desk.record([body("note", "1.4", why="And again.")], RECORDER).entries
    assert three.body.words == {}
    # In the graph each decision has them all the same.
    answer = open_store(Path(desk.location)).query(
        "PREFIX cg: <https://w3id.org/compactgraph/ontology#> SELECT ?number ?text WHERE { GRAPH ?graph "
        "{ ?made cg:number ?number ; cg:madeOn ?words . ?words cg:text ?text } }"
    )
    assert isinstance(answer, QuerySolutions)
    stated = [(row["number"].value, row["text"].value) for row in answer]
    assert sorted(stated) == sorted((n, text) for n in "123" for text in one.body.words.values())


def test_what_is_said_of_a_provision_is_remembered_with_its_words(room: Desk) -> None:
    by_item = {entry.body.item: sorted(entry.body.fingerprints) for entry in room.situation().entries}
    assert by_item["1.4-r2/question"] == ["1.4", "1.4-r1", "1.4-r2"]
    assert by_item["value-1"] == ["value-1", "value-1-r1"]
    assert by_item["title"] == ["title", "title-r1"]
    assert by_item["theme-2"] == ["theme-2", "theme-2-c1"]
    assert by_item["d7/moves/vcse-strategy"] == ["1.10", "1.10-r1"]


def test_the_commentary_is_among_the_words(desk: Desk) -> None:
    (entry,) = desk.record([body("settle", "1.9", "keep")], RECORDER).entries
    assert sorted(entry.body.fingerprints) == ["1.9", "1.9-c1"]


def test_of_two_that_do_not_agree_the_later_holds_and_both_are_contested(
    opened: Store, ontology_folder: Path
) -> None:
    assert who_disagree(history(ReviewGraph(opened, ontology_folder, "bristol"))) == {
        "d31": ("d41",),
        "d41": ("d31",),
    }


# What is refused

FAR = (date.today() + timedelta(days=2)).isoformat()
RECALLED = "the name of who decides or writes is missing; give at least one"
STAYS = "new-compact is where what is kept stays; decide to keep, change or add it there"
REFUSED: dict[str, tuple[Body, type[CompactgraphError], str]] = {
    "no name": (body("agree", "5.3-r1/stays/new-compact", by=()), EntryError, RECALLED),
    "a day to come": (
        body("agree", "5.3-r1/stays/new-compact", date=FAR),
        EntryError,
        f"{FAR} is in the future; give the day on which it was decided",
    ),
    "no day": (
        body("agree", "5.3-r1/stays/new-compact", date="5 October"),
        RegisterError,
        "'5 October' is not a day; write it as year-month-day, as in 2026-11-24",
    ),
    "an unknown movement": (
        body("agree", "5.3-r1/stays/new-compat"),
        UnknownNameError,
        "unknown movement '5.3-r1/stays/new-compat'; nearest: 5.3-r1/stays/new-compact, "
        "5.5-r1/stays/new-compact, 5.4-r1/stays/new-compact",
    ),
    "a provision for a movement": (
        body("reject", "5.3"),
        UnknownNameError,
        "unknown movement '5.3'; known: ",
    ),
    "an unknown provision": (
        body("settle", "6.1", "keep"),
        UnknownNameError,
        "unknown provision '6.1'; nearest: ",
    ),
    "content in an agreement": (
        body("agree", "5.3-r1/stays/new-compact", "change"),
        EntryError,
        "to agree takes what is recommended as it is; to decide something else, amend it",
    ),
    "a destination in a rejection": (
        body("reject", "5.3-r1/stays/new-compact", to=STRATEGY),
        EntryError,
        "to reject takes what is recommended as it is; to decide something else, amend it",
    ),
    "an agreement to what a decision made": (
        body("agree", "d3/stays/new-compact"),
        EntryError,
        "d3/stays/new-compact was decided by d3; replace that decision by another on its item",
    ),
    "an amendment of what a decision made": (
        body("amend", "d12/moves/vcse-strategy", "keep"),
        EntryError,
        "d12/moves/vcse-strategy was decided by d12; replace that decision by another on its item",
    ),
    "an amendment without content": (
        body("amend", "5.3-r1/stays/new-compact"),
        EntryError,
        "5.3-r1/stays/new-compact: say what is decided, as a disposition: keep, keep-with-revision, "
        "change, remove, refer, add",
    ),
    "a settlement without content": (
        body("settle", "5.6"),
        EntryError,
        "5.6: say what is decided, as a disposition: keep, keep-with-revision, change, remove, refer, "
        "add",
    ),
    "to consider": (
        body("amend", "5.3-r1/stays/new-compact", "consider"),
        UnknownNameError,
        "unknown disposition of a decision 'consider'; nearest: change",
    ),
    "an unknown destination": (
        body("amend", "5.3-r1/stays/new-compact", "remove", to="vcse-stratgy"),
        UnknownNameError,
        "unknown reference 'vcse-stratgy'; nearest: vcse-strategy, mayors-statement, ccg-stp",
    ),
    "to remove to where it stays": (
        body("amend", "5.3-r1/stays/new-compact", "remove", to=NEW),
        EntryError,
        STAYS,
    ),
    "to keep elsewhere": (
        body("amend", "5.3-r1/stays/new-compact", "keep", to=STRATEGY),
        EntryError,
        "what is decided to be keep stays in new-compact; for vcse-strategy decide to remove it there, "
        "or to refer to it",
    ),
    "to refer nowhere": (
        body("amend", "5.3-r1/stays/new-compact", "refer"),
        EntryError,
        "5.3-r1/stays/new-compact: to refer needs a document; name it as the destination",
    ),
    "a reason to keep": (
        body("amend", "5.3-r1/stays/new-compact", "keep", reasons=("obsolete",)),
        EntryError,
        "a reason term says why something is removed; give other grounds in words",
    ),
    "an unknown reason": (
        body("amend", "5.3-r1/stays/new-compact", "remove", reasons=("obsolet",)),
        UnknownNameError,
        "unknown reason of a decision 'obsolet'; nearest: obsolete",
    ),
    "a settlement of what is settled": (
        body("settle", "5.3", "change"),
        EntryError,
        "5.3 is retained, and nothing of it is open; agree to its movements, reject them or amend them",
    ),
    "an application of what is recommended": (
        body("apply", "5.3-r1/stays/new-compact", place="Theme 5"),
        EntryError,
        "5.3-r1/stays/new-compact is recommended; only what was agreed can be applied, so agree to it "
        "first",
    ),
    "an application of what was rejected": (
        body("apply", "1.5-r1/stays/new-compact", place="Theme 1"),
        EntryError,
        "1.5-r1/stays/new-compact is rejected; only what was agreed can be applied, so agree to it "
        "first",
    ),
    "an application before the agreement": (
        body("apply", "d3/stays/new-compact", place="Theme 5", date="2026-09-30"),
        EntryError,
        "d3/stays/new-compact was not agreed yet on 2026-09-30; give the day on which it was applied",
    ),
    "an application without a place": (
        body("apply", "d3/stays/new-compact"),
        EntryError,
        "d3/stays/new-compact goes to a document; say at which place in it the matter now stands",
    ),
    "a place in no draft": (
        body("apply", "d3/stays/new-compact", place="draft/1/1.5"),
        EntryError,
        "no draft has draft/1/1.5; name a provision of the latest one",
    ),
    "an application that was said": (
        body("apply", MOVES_4_4, place="Section 3"),
        ConflictError,
        "4.4-r1/moves/vcse-strategy has a decision in force (d32 of 2026-10-05: apply "
        "4.4-r1/moves/vcse-strategy, by Ann Lee); supersede it, or say that both are kept",
    ),
    "a note without words": (
        body("note", "5.3"),
        EntryError,
        "a note needs its words; give them as its reason",
    ),
    "a note on nothing": (body("note", "5.33", why="?"), UnknownNameError, "unknown movement '5.33'; "),
    "a confirmation of what is not suspect": (
        body("confirm", "decision/1"),
        EntryError,
        "decision/1 is not suspect, and nothing else is",
    ),
    "to replace nothing": (
        body("agree", "5.3-r1/stays/new-compact", replaces=(99,)),
        EntryError,
        "decision d99 is unknown; name one that is recorded",
    ),
    "to stand beside nothing": (
        body("agree", "5.3-r1/stays/new-compact", beside=(0,)),
        EntryError,
        "decision d0 is unknown; name one that is recorded",
    ),
    "to replace what was replaced": (
        body("reject", "3.5-r1/dropped", replaces=(2,)),
        EntryError,
        "decision d2 was replaced by d38 already; name that one",
    ),
    "to replace another matter": (
        body("agree", "5.3-r1/stays/new-compact", replaces=(1,)),
        EntryError,
        "decision d1 is on 4.4-r1/moves/vcse-strategy, and this one on 5.3-r1/stays/new-compact; a "
        "decision replaces one on the same provision",
    ),
    "a decision on what was decided": (
        body("reject", MOVES_4_4),
        ConflictError,
        "4.4-r1/moves/vcse-strategy has a decision in force (d1 of 2026-10-05: agree "
        "4.4-r1/moves/vcse-strategy, by Ann Lee; d32 of 2026-10-05: apply 4.4-r1/moves/vcse-strategy, "
        "by Ann Lee); supersede it, or say that both are kept",
    ),
    "a decision against one of two in force": (
        body("agree", "value-5-r1/moves/vcse-strategy", replaces=(41,)),
        ConflictError,
        "value-5-r1/moves/vcse-strategy has a decision in force (d31 of 2026-10-05: agree "
        "value-5-r1/moves/vcse-strategy, by Ann Lee); supersede it, or say that both are kept",
    ),
    "an alternative of what was settled": (
        body("agree", "value-1-r1/either/new-compact"),
        ConflictError,
        "value-1-r1/either/new-compact has a decision in force (d13 of 2026-10-05: settle value-1, by "
        "Ann Lee); supersede it, or say that both are kept",
    ),
    "another settlement": (
        body("settle", "value-2", to=STRATEGY),
        ConflictError,
        "value-2 has a decision in force (d14 of 2026-10-05: settle value-2, by Ann Lee); supersede it, "
        "or say that both are kept",
    ),
    "words that were others when they were shown": (
        body("agree", "5.3-r1/stays/new-compact", fingerprints={"5.3": fingerprint("Others.")}),
        EntryError,
        "the words of 5.3, or what is said of it, have changed since they were shown; read them again, "
        "and decide on them",
    ),
    "a name of spaces": (
        body("agree", "5.3-r1/stays/new-compact", by=(" ",)),
        EntryError,
        "The name of a person or a body is only spaces; type the name.",
    ),
    "more than an entry holds": (
        body("agree", "5.3-r1/stays/new-compact", why="x" * 100_001),
        EntryError,
        "5.3-r1/stays/new-compact: more than 100,000 characters; say it in fewer",
    ),
    "agreement to what only asks": (
        body("agree", "partners-group-r3/question/vcse-strategy"),
        EntryError,
        "partners-group-r3/question/vcse-strategy asks something, and there is nothing in it to agree "
        "to; settle partners-group, or reject it",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_fit_is_refused_in_one_line_and_nothing_is_written(room: Desk, case: str) -> None:
    entered, error, message = REFUSED[case]
    before = register_file(Path(room.location)).read_bytes()
    with pytest.raises(error) as caught:
        room.record([entered], RECORDER)
    assert str(caught.value).startswith(message)
    assert str(caught.value) == message or message.endswith((": ", "; "))
    assert "\n" not in str(caught.value)
    assert register_file(Path(room.location)).read_bytes() == before


def test_a_conflict_carries_the_numbers_of_those_that_stand_against_it(room: Desk) -> None:
    with pytest.raises(ConflictError) as caught:
        room.record([body("reject", MOVES_4_4)], RECORDER)
    assert (caught.value.numbers, caught.value.beside) == ((1, 32), True)


TOGETHER = {
    "one item twice": (
        [body("agree", "5.3-r1/stays/new-compact"), body("reject", "5.3-r1/stays/new-compact")],
        "5.3-r1/stays/new-compact is decided twice in what was entered; decide it once",
    ),
    "the same twice": (
        [body("agree", "5.3-r1/stays/new-compact")] * 2,
        "5.3-r1/stays/new-compact is decided twice in what was entered; decide it once",
    ),
    "both alternatives": (
        [
            body("agree", "value-2-r1/either/new-compact"),
            body("agree", "value-2-r1/either/vcse-strategy"),
        ],
        "value-2-r1/either/new-compact and value-2-r1/either/vcse-strategy are decided together, and "
        "only one of them can hold; decide one of them",
    ),
    "a provision and a movement of it that is open": (
        [body("settle", "partners-group", "keep"), body("reject", "partners-group-r1/question")],
        "partners-group and partners-group-r1/question are decided together, and only one of them can "
        "hold; decide one of them",
    ),
}


@pytest.mark.parametrize("case", TOGETHER)
def test_what_cannot_hold_together_is_not_decided_together(desk: Desk, case: str) -> None:
    entered, message = TOGETHER[case]
    with pytest.raises(EntryError) as caught:
        desk.record(entered, RECORDER)
    assert str(caught.value) == message
    assert not register_file(Path(desk.location)).exists() or desk.register.heads() == {}


def test_notes_and_a_decision_on_one_item_can_be_entered_together(desk: Desk) -> None:
    item = "5.3-r1/stays/new-compact"
    notes = [body("note", item, why=why) for why in ("Before.", "After.")]
    entries = desk.record([notes[0], body("agree", item), notes[1]], RECORDER).entries
    assert [str(entry.body.kind) for entry in entries] == ["note", "agree", "note"]


def test_of_several_all_are_written_or_none(desk: Desk) -> None:
    good = [body("agree", MOVES_4_4), body("agree", "5.3-r1/stays/new-compact")]
    with pytest.raises(UnknownNameError, match=r"unknown movement '9\.9'"):
        desk.record([*good, body("agree", "9.9")], RECORDER)
    assert desk.situation().entries == ()
    assert now(desk, "4.4")[2][0].endswith(", recommended")
    assert [entry.name for entry in desk.record(good, RECORDER).entries] == ["d1", "d2"]


# Two at once


def test_a_second_writer_is_told_and_nothing_is_lost(
    store: Path, desk: Desk, ontology_folder: Path
) -> None:
    other = Desk(store, ontology_folder, "bristol")
    desk.record([body("agree", MOVES_4_4)], RECORDER)
    against = body("reject", MOVES_4_4, by=(CHRIS,), date="2026-10-06")
    with pytest.raises(ConflictError) as caught:
        other.record([against], RECORDER)
    assert str(caught.value) == (
        "4.4-r1/moves/vcse-strategy has a decision in force (d1 of 2026-10-05: agree "
        "4.4-r1/moves/vcse-strategy, by Ann Lee); supersede it, or say that both are kept"
    )
    assert now(other, "4.4")[0] == "moved"

    kept = other.record([replace(against, beside=(1,))], RECORDER)
    assert [entry.name for entry in kept.entries] == ["d2"]
    opened = open_store(store)
    assert who_disagree(history(ReviewGraph(opened, ontology_folder, "bristol"))) == {
        "d1": ("d2",),
        "d2": ("d1",),
    }
    assert now(other, "4.4")[0] == "undecided"

    desk.record([body("agree", MOVES_4_4, date="2026-10-07", replaces=(1, 2))], RECORDER)
    opened = open_store(store)
    assert who_disagree(history(ReviewGraph(opened, ontology_folder, "bristol"))) == {}
    assert now(desk, "4.4") == (
        *("moved", "moved"),
        ["4.4-r1: remove+better-placed-elsewhere → moves vcse-strategy, agreed"],
    )
    found = history(ReviewGraph(opened, ontology_folder, "bristol"))
    assert [(d.name, d.replaced_by) for d in found] == [("d1", ("d3",)), ("d2", ("d3",)), ("d3", ())]


def test_the_same_decision_twice_is_told_and_contests_nothing(desk: Desk) -> None:
    desk.record([body("agree", MOVES_4_4)], RECORDER)
    again = body("agree", MOVES_4_4, by=(BO,))
    with pytest.raises(ConflictError):
        desk.record([again], RECORDER)
    desk.record([replace(again, beside=(1,))], RECORDER)
    assert (
        who_disagree(history(ReviewGraph(open_store(Path(desk.location)), desk.ontology, "bristol")))
        == {}
    )


def test_of_many_that_write_at_once_one_is_first_and_the_others_are_told(
    store: Path, ontology_folder: Path
) -> None:
    desks = [Desk(store, ontology_folder, "bristol") for _ in range(4)]

    def decide(desk: Desk) -> Recorded | ConflictError:
        try:
            return desk.record([body("agree", MOVES_4_4)], RECORDER)
        except ConflictError as error:
            return error

    with ThreadPoolExecutor(len(desks)) as pool:
        ends = list(pool.map(decide, desks))
    assert sorted(type(end).__name__ for end in ends) == ["ConflictError"] * 3 + ["Recorded"]
    assert [entry.name for entry in desks[0].situation().entries] == ["d1"]


def test_of_many_that_write_at_once_on_different_items_none_is_lost(
    store: Path, ontology_folder: Path
) -> None:
    items = [
        MOVES_4_4,
        "5.3-r1/stays/new-compact",
        "2.1-r1/dropped",
        "1.2-r1/absorbed/business-as-usual",
    ]
    desks = [Desk(store, ontology_folder, "bristol") for _ in items]
    with ThreadPoolExecutor(len(desks)) as pool:
        ends = list(pool.map(lambda d, item: d.record([body("agree", item)], RECORDER), desks, items))
    assert [end.notice for end in ends] == [""] * 4
    assert sorted(entry.body.item for entry in desks[0].situation().entries) == sorted(items)
    manifest = read_manifest(store)
    assert manifest is not None
    assert manifest["reviews"][0]["register"] == desks[0].situation().entries[-1].hash


def test_what_was_recorded_since_the_last_entry_that_was_known_is_told(desk: Desk) -> None:
    (first,) = desk.record([body("agree", MOVES_4_4)], RECORDER, Head()).entries
    (second,) = desk.record([body("note", "5.3", why="A note.")], RECORDER, first.head).entries
    for known, message in (
        (Head(), "d1, d2 came meanwhile; look at it first"),
        (first.head, "d2 came meanwhile; look at it first"),
        (Head(2, "another"), "d2 came meanwhile; look at it first"),
    ):
        with pytest.raises(ConflictError) as caught:
            desk.record([body("agree", "5.3-r1/stays/new-compact")], RECORDER, known)
        assert str(caught.value) == message
    assert desk.situation().entries == (first, second)
