"""The decisions as people read them: each with who, when, why, and whether it is in force."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Store

from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.answers.tables.decisions import (
    COLUMNS,
    STATES,
    Decision,
    Wanted,
    checked,
    decisions_on,
    history,
)
from compactgraph.common.namespaces import ID
from compactgraph.errors import RegisterError, UnknownNameError
from tests.support.decided import ANN, BO, CABINET, CHRIS, RECORDER
from tests.support.desks import who_disagree

GROUP = "Bristol Compact Partners' Group"
MOVES_1_11 = "1.11-r1/moves/vcse-strategy"
STAYS_THEME_1 = "theme-1-r1/stays/new-compact"
ABSORBED_1_3 = "1.3-r1/absorbed/business-as-usual"
MOVES_4_4 = "4.4-r1/moves/vcse-strategy"
BOTH = f"{ANN}|{BO}"
CLEAR = "Clear enough to those who use it; see C:\\Compact\\notes, and the <minutes> of “5/10”."

# decision, date, kind, item, provision, by, on_behalf_of, why, decided, to, place, replaces, replaced_by
EXPECTED = [
    f"d1 2026-10-05 agree {MOVES_1_11} 1.11;{BOTH};{GROUP};The strategy has a chapter on it.;;;;;",
    f"d2 2026-10-05 agree value-5-r1/moves/vcse-strategy value-5;{BOTH};{GROUP};;;;;;",
    f"d3 2026-10-05 agree {STAYS_THEME_1} theme-1;{BOTH};{GROUP};;;;;;",
    f"d4 2026-10-05 agree 1.2-r1/absorbed/business-as-usual 1.2;{BOTH};{GROUP};;;;;;",
    f"d5 2026-10-05 reject 2.1-r1/dropped 2.1;{ANN};{GROUP};WHY;;;;;",
    f"d6 2026-10-12 amend 2.5-r1/dropped 2.5;{BO};{CABINET};It belongs to the strategy.;"
    "remove|better placed elsewhere;VCSE Strategy;;;",
    f"d7 2026-10-12 amend 3.2-r1/stays/new-compact 3.2;{BO}|{CHRIS};;The time limits are to be named.;"
    "add|keep;;;;",
    f"d8 2026-10-12 settle value-1 value-1;{ANN};;;;VCSE Strategy;;;",
    f"d9 2026-10-12 settle value-2 value-2;{ANN};;;;new Compact;;;",
    f"d10 2026-10-12 settle 1.9 1.9;{CHRIS};;It works.;keep;;;;",
    f"d11 2026-10-12 settle 5.6 5.6;{CHRIS};;;remove|business as usual;;;;",
    f"d12 2026-10-12 settle partners-group partners-group;{ANN}|{CHRIS};;;"
    "point to another document;VCSE Strategy;;;",
    f"d13 2026-10-19 apply {MOVES_1_11} 1.11;{CHRIS};;;;;Section 4.2, “Assets”;;",
    f"d14 2026-10-19 apply {STAYS_THEME_1} theme-1;{CHRIS};;;;;Theme 1;;",
    f"d15 2026-10-19 note 1.6 1.6;{ANN};;Procurement is to be heard first.;;;;;",
    f"d16 2026-10-19 agree {ABSORBED_1_3} 1.3;{ANN};;;;;;;d18",
    f"d17 2026-10-20 agree {MOVES_4_4} 4.4;{BO};;;;;;;",
    f"d18 2026-10-20 amend {ABSORBED_1_3} 1.3;{ANN};;The minutes were misread.;keep;;;d16;",
    f"d19 2026-10-21 reject {MOVES_4_4} 4.4;{CHRIS};;It is for the Compact itself.;;;;;",
]


@pytest.fixture(scope="module")
def found(decided: Store, ontology_folder: Path) -> list[Decision]:
    return history(ReviewGraph(decided, ontology_folder, "bristol"))


def names(decisions: list[Decision]) -> list[str]:
    return [decision.name for decision in decisions]


def test_each_decision_stands_in_the_order_of_the_register(found: list[Decision]) -> None:
    expected = []
    for line in EXPECTED:
        beginning, *rest = line.split(";")
        expected.append((*beginning.split(), *(cell.replace("WHY", CLEAR) for cell in rest)))
    assert [decision.cells()[:-5] for decision in found] == expected


def test_the_cells_are_those_of_the_columns(found: list[Decision]) -> None:
    assert (
        *("decision", "date", "kind", "item", "provision", "by", "on_behalf_of", "why", "decided"),
        *(
            "to",
            "place",
            "replaces",
            "replaced_by",
            "beside",
            "contested",
            "suspect",
            "recorded",
            "recorder",
        ),
    ) == COLUMNS
    assert {len(decision.cells()) for decision in found} == {len(COLUMNS)}


def test_who_wrote_it_and_when_is_told_apart_from_who_decided(found: list[Decision]) -> None:
    assert {decision.recorder for decision in found} == {RECORDER}
    for decision in found:
        assert decision.recorded > decision.date
        assert decision.recorded.endswith("Z")


def test_a_kind_is_told_as_a_term_and_as_a_verb(found: list[Decision]) -> None:
    assert {(decision.kind, decision.label, decision.done) for decision in found} == {
        ("agree", "agree", "agreed"),
        ("reject", "reject", "rejected"),
        ("amend", "amend", "amended"),
        ("settle", "settle", "settled"),
        ("apply", "mark as applied", "marked as applied"),
        ("note", "note", "noted"),
    }


def test_what_was_replaced_is_in_force_no_longer(found: list[Decision]) -> None:
    assert [decision.name for decision in found if not decision.in_force] == ["d16"]
    assert not any(decision.suspect or decision.void for decision in found)


def test_what_was_knowingly_left_in_force_is_named(found: list[Decision]) -> None:
    assert {d.name: d.beside for d in found if d.beside} == {"d19": ("d17",)}


def test_decisions_that_do_not_agree_name_each_other(decided: Store, ontology_folder: Path) -> None:
    assert who_disagree(history(ReviewGraph(decided, ontology_folder, "bristol"))) == {
        "d17": ("d19",),
        "d19": ("d17",),
    }


def test_the_decisions_on_one_provision_are_those_on_its_movements_and_on_itself(
    decided: Store, ontology_folder: Path
) -> None:
    def on(provision: str) -> list[str]:
        node = NamedNode(f"{ID}bristol/provision/{provision}")
        return names(decisions_on(ReviewGraph(decided, ontology_folder, "bristol"), node))

    assert on("1.11") == ["d1", "d13"]
    assert on("1.3") == ["d16", "d18"]
    assert on("1.6") == ["d15"]
    assert on("1.5") == []


def test_nothing_was_decided_yet(bristol: Store, ontology_folder: Path) -> None:
    assert history(ReviewGraph(bristol, ontology_folder, "bristol")) == []
    assert who_disagree(history(ReviewGraph(bristol, ontology_folder, "bristol"))) == {}


def test_the_history_of_a_review_that_is_not_there(decided: Store, ontology_folder: Path) -> None:
    with pytest.raises(UnknownNameError, match="unknown review 'bristl'; nearest: bristol"):
        history(ReviewGraph(decided, ontology_folder, "bristl"))


# Which ones are wanted


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(), [f"d{number}" for number in range(1, 20)]),
        (Wanted(provision="1.11"), ["d1", "d13"]),
        (Wanted(kind="amend"), ["d6", "d7", "d18"]),
        (Wanted(kind="confirm"), []),
        (Wanted(by="o’neill"), ["d7", "d10", "d11", "d12", "d13", "d14", "d19"]),
        (Wanted(by="CABINET"), ["d6"]),
        (Wanted(by="partners' group"), ["d1", "d2", "d3", "d4", "d5"]),
        (Wanted(by="nobody"), []),
        (Wanted(since="2026-10-20"), ["d17", "d18", "d19"]),
        (Wanted(until="2026-10-05"), ["d1", "d2", "d3", "d4", "d5"]),
        (Wanted(since="2026-10-19", until="2026-10-19"), ["d13", "d14", "d15", "d16"]),
        (Wanted(state="replaced"), ["d16"]),
        (Wanted(state="contested"), ["d17", "d19"]),
        (Wanted(state="suspect"), []),
        (Wanted(state="void"), []),
        (Wanted(provision="4.4", state="in-force", kind="reject"), ["d19"]),
    ],
)
def test_wanted_decisions(found: list[Decision], wanted: Wanted, expected: list[str]) -> None:
    assert names([decision for decision in found if wanted.admits(decision)]) == expected


def test_a_decision_can_be_in_force_and_suspect_but_not_void(found: list[Decision]) -> None:
    suspect = replace(found[0], changed=("1.11",))
    assert [name for name in STATES if Wanted(state=name).admits(suspect)] == ["in-force", "suspect"]
    void = replace(found[0], void=True)
    assert [name for name in STATES if Wanted(state=name).admits(void)] == ["void"]


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (Wanted(kind="agreed"), "unknown kind of decision 'agreed'; nearest: agree"),
        (Wanted(kind="write-draft"), "unknown kind of decision 'write-draft'; known: "),
        (Wanted(state="forced"), "unknown state of a decision 'forced'; nearest: in-force"),
        (Wanted(provision="1.99"), "unknown provision '1.99'; nearest: "),
    ],
)
def test_what_cannot_be_wanted_is_refused(
    decided: Store, ontology_folder: Path, wanted: Wanted, message: str
) -> None:
    with pytest.raises(UnknownNameError) as caught:
        checked(ReviewGraph(decided, ontology_folder, "bristol"), wanted)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("wanted", [Wanted(since="5 October"), Wanted(until="2026-02-30")])
def test_a_day_that_is_none_is_refused(decided: Store, ontology_folder: Path, wanted: Wanted) -> None:
    with pytest.raises(
        RegisterError, match="is not a day; write it as year-month-day, as in 2026-11-24"
    ):
        checked(ReviewGraph(decided, ontology_folder, "bristol"), wanted)


def test_what_can_be_wanted_is_given_back(decided: Store, ontology_folder: Path) -> None:
    wanted = Wanted("1.11", "agree", "Ann", "2026-10-01", "2026-10-31", "in-force")
    assert checked(ReviewGraph(decided, ontology_folder, "bristol"), wanted) == wanted
