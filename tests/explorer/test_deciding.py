"""Recording a decision on the page of a provision: what is asked, checked, told and written."""

from __future__ import annotations

import time
from datetime import date, timedelta
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import pytest
from streamlit.runtime.scriptrunner import RerunData, RerunException
from streamlit.testing.v1 import AppTest

from compactgraph.deciding.desk import Desk
from compactgraph.register.entry import Body, Kind
from tests.support.deciders import (
    ANN,
    BO,
    DECIDERS,
    ISSUER,
    ONTOLOGY,
    Deciding,
    alert,
    claims,
    deciding_on,
    decisions_in,
    form_of,
    labelled,
    own_store,
    press,
)
from tests.support.pages import page_html, page_text
from tests.support.provider import signing_environment

pytestmark = pytest.mark.slow

MOVES = "1.11-r1/moves/vcse-strategy"
CHECK, RECORD = "Check what will be recorded", "Record"


@pytest.fixture(scope="module")
def unchanged(bristol_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store on which nothing is ever recorded."""
    return own_store(bristol_folder, tmp_path_factory.mktemp("unchanged"))


@pytest.fixture
def asking(
    unchanged: Path, data_folder: Path, listed: Path, monkeypatch: pytest.MonkeyPatch
) -> Deciding:
    """Return what opens a page of that store for a person who has signed in."""
    return deciding_on(unchanged, data_folder, listed, monkeypatch)


@pytest.fixture
def store(bristol_folder: Path, tmp_path: Path) -> Path:
    return own_store(bristol_folder, tmp_path)


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    return tmp_path / "deciders.toml"


@pytest.fixture
def deciding(store: Path, data_folder: Path, listed: Path, monkeypatch: pytest.MonkeyPatch) -> Deciding:
    return deciding_on(store, data_folder, listed, monkeypatch)


def form_on(deciding: Deciding, provision: str, person: str = "ann") -> AppTest:
    """Open the page of a provision, and its form."""
    page = deciding("trace", person, item=provision)
    return opened(page, provision)


def opened(page: AppTest, provision: str) -> AppTest:
    page.session_state[form_of(page, f"trace {provision}").key("open")] = True
    return page.run()


def choose(page: AppTest, kind: str) -> AppTest:
    labelled(page.radio, "What was decided").set_value(kind)
    return page.run()


def recorded(store: Path, *bodies: Body) -> None:
    """Record decisions past the explorer."""
    Desk(store, ONTOLOGY, "bristol").record(bodies, "os:minutes")


# Who sees a form


def test_where_writing_is_off_there_is_no_form_and_no_word_of_one(
    asking: Deciding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COMPACTGRAPH_DECIDERS")
    page = asking("trace", item="1.11")
    assert "Record" not in page_text(page)
    assert not page.expander
    assert not page.radio


def test_who_is_not_on_the_list_has_no_form(asking: Deciding, listed: Path) -> None:
    signing_environment(listed, ISSUER, DECIDERS.replace("ann@", "anne@"))
    page = asking("trace", item="1.11")
    assert not page.expander


def test_the_past_is_not_decided_on(asking: Deciding) -> None:
    page = asking("trace", item="1.11", **{"as-at": "2026-10-12"})
    assert not page.expander
    assert "As it stood on 12 October 2026" in page_text(page)


# What is asked


@pytest.mark.parametrize(
    ("provision", "kinds"),
    [
        ("1.11", ["agree", "reject", "amend", "note"]),
        ("1.9", ["settle", "note"]),
        ("value-1", ["agree", "reject", "settle", "note"]),
        ("1.4", ["agree", "reject", "amend", "settle", "note"]),
        ("title", ["reject", "settle", "note"]),
    ],
)
def test_only_what_makes_sense_can_be_chosen(asking: Deciding, provision: str, kinds: list[str]) -> None:
    page = form_on(asking, provision)
    assert labelled(page.radio, f"What was decided on {provision} (required)").options == [
        {"agree": "Agree", "reject": "Reject", "amend": "Amend", "settle": "Settle", "note": "Note"}[
            kind
        ]
        for kind in kinds
    ]
    assert not [button for button in page.button if button.label == CHECK]


def test_names_and_body_are_those_of_who_signed_in_and_the_day_is_today(asking: Deciding) -> None:
    page = choose(form_on(asking, "1.11"), "agree")
    assert labelled(page.text_area, "Who decided").value == ANN
    assert labelled(page.selectbox, "On whose behalf").value == "compact-partners-group"
    day = labelled(page.date_input, "Day of the decision")
    assert day.value == date.today()
    assert day.max == date.today()


def test_what_does_not_apply_is_not_asked(asking: Deciding) -> None:
    page = choose(form_on(asking, "1.11"), "agree")
    labels = [w.label for w in (*page.text_input, *page.multiselect, *page.selectbox, *page.text_area)]
    assert not [x for x in labels if x.startswith(("Where it", "What is decided", "Why it is removed"))]
    page = choose(page, "amend")
    instead = labelled(page.multiselect, "What is decided instead (required)")
    assert "It stays" not in page_text(page)
    page = instead.set_value(["remove"]).run()
    assert labelled(page.selectbox, "Where it goes").value == ""
    assert labelled(page.multiselect, "Why it is removed").value == []
    page = labelled(page.multiselect, "What is decided instead").set_value(["refer"]).run()
    assert labelled(page.selectbox, "Where it goes (required)").value == ""
    assert not [w for w in page.multiselect if w.label.startswith("Why it is removed")]


def test_what_is_lacking_is_named_by_the_label_of_its_field(asking: Deciding) -> None:
    page = choose(form_on(asking, "1.11"), "amend")
    labelled(page.text_area, "Who decided").set_value(" \n ")
    labelled(page.selectbox, "On whose behalf").set_value("…").run()
    labelled(page.text_input, "The name of that body").set_value("  ")
    page = press(page, CHECK)
    assert alert(page) == [
        "What is decided instead: choose at least one.",
        "Who decided: give at least one name.",
        "The name of that body: say on whose behalf, or choose that it is nobody’s.",
    ]
    assert 'role="alert"' in page_html(page)


# Recording


def agree(page: AppTest, why: str = "") -> AppTest:
    page = choose(page, "agree")
    labelled(page.text_area, "Reason").set_value(why)
    return press(page, CHECK)


def test_nothing_is_recorded_before_it_was_looked_at(asking: Deciding, unchanged: Path) -> None:
    page = agree(form_on(asking, "1.11"), "The strategy has a chapter.")
    text = page_text(page)
    assert "Check what will be recorded Nothing is recorded yet." in text
    assert "On what 1.11: moves to VCSE Strategy (1.11-r1)" in text
    assert "By Ann Lee On behalf of Bristol Compact Partners' Group" in text
    assert "Reason The strategy has a chapter." in text
    assert "1.11: moves to VCSE Strategy (1.11-r1): recommended becomes agreed." in text
    assert "another decision supersedes it" in text
    assert decisions_in(unchanged) == []


def test_going_back_loses_nothing(asking: Deciding) -> None:
    page = press(agree(form_on(asking, "1.11"), "The strategy."), "Change something")
    assert labelled(page.radio, "What was decided").value == "agree"
    assert labelled(page.text_area, "Reason").value == "The strategy."


def test_an_agreement_is_recorded_and_shown_at_once(deciding: Deciding, store: Path) -> None:
    page = press(agree(form_on(deciding, "1.11"), "The strategy has a chapter."), RECORD)
    (decision,) = decisions_in(store)
    assert (decision.kind, decision.item, decision.provision) == ("agree", MOVES, "1.11")
    assert (decision.by, decision.on_behalf_of) == ((ANN,), "Bristol Compact Partners' Group")
    assert (decision.why, decision.date) == ("The strategy has a chapter.", date.today().isoformat())
    assert decision.recorder == f"oidc:{ISSUER} ann"
    text = page_text(page)
    assert "Recorded: 1 decision. d1 : agreed, 1.11: moves to VCSE Strategy (1.11-r1)" in text
    assert "1.11 is now moved." in text
    assert "How firmly Agreed. Those who decide have agreed to it." in text
    assert "Who decided d1 : agreed on" in text
    assert 'href="decisions?provision=1.11"' in page_html(page)


def test_it_is_shown_on_the_checklist_and_in_the_table(deciding: Deciding) -> None:
    press(agree(form_on(deciding, "1.11")), RECORD)
    item = page_text(deciding("checklist", to="vcse-strategy")).split("1.11 ➜ moved", 1)[1]
    assert "How firmly Agreed Who decided d1 : agreed on" in item.split("4.4")[0]
    table = page_text(deciding("destinations", words="asset transfer"))
    assert "Agreed" in table


def test_a_second_press_records_nothing_more(deciding: Deciding, store: Path) -> None:
    page = agree(form_on(deciding, "1.11"))
    button = labelled(page.button, RECORD)
    press(page, RECORD)
    # The browser sends the second click of a button that is there no more.
    button.click()
    page.run()
    assert len(decisions_in(store)) == 1


@pytest.mark.parametrize("at", ["form_of", "session.shown", "sign_in.require", "remember", "Form.renew"])
def test_a_press_meanwhile_ends_no_recording_half_done(
    deciding: Deciding, store: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    page = press(choose(form_on(deciding, "1.11"), "agree"), CHECK)
    of, _, name = f"compactgraph.explorer.forms.recording.{at}".rpartition(".")
    work = resolve_name(f"compactgraph.explorer.forms.recording:{at}")
    interrupted: list[str] = []

    def as_streamlit_does(*arguments: Any) -> Any:
        if not interrupted:
            interrupted.append(at)
            raise RerunException(RerunData())
        return work(*arguments)

    monkeypatch.setattr(f"{of}.{name}", as_streamlit_does)
    press(page, RECORD)
    assert interrupted == [at]
    assert [d.item for d in decisions_in(store)] == [MOVES]
    assert "1.11 is now moved." in page_text(page)


def test_an_amendment_says_what_instead(deciding: Deciding, store: Path) -> None:
    page = choose(form_on(deciding, "2.5"), "amend")
    page = labelled(page.multiselect, "What is decided instead").set_value(["remove"]).run()
    labelled(page.selectbox, "Where it goes").set_value("vcse-strategy")
    labelled(page.multiselect, "Why it is removed").set_value(["better-placed-elsewhere"])
    page = press(page, CHECK)
    assert "Decided Remove; it goes to VCSE Strategy; because: better placed elsewhere" in page_text(
        page
    )
    page = press(page, RECORD)
    (decision,) = decisions_in(store)
    assert (decision.decided, decision.to) == (("remove", "better placed elsewhere"), "VCSE Strategy")
    text = page_text(page)
    assert "2.5 is now moved." in text
    assert "dropped is what the review recommends. What was decided makes it another." in text
    assert "In its place Moves to VCSE Strategy, by d1." in text


def test_an_alternative_is_settled(deciding: Deciding, store: Path) -> None:
    page = choose(form_on(deciding, "value-1"), "settle")
    page = press(page, CHECK)
    assert alert(page) == [
        "Which of the alternatives: choose one of them, or that it is something else."
    ]
    labelled(page.radio, "Which of the alternatives").set_value("vcse-strategy")
    page = press(press(page.run(), CHECK), RECORD)
    assert decisions_in(store)[0].to == "VCSE Strategy"
    assert "value-1 is now moved." in page_text(page)
    assert "In its place May go to VCSE Strategy." in page_text(page)


def test_two_alternatives_are_not_agreed_to_at_once(asking: Deciding) -> None:
    page = choose(form_on(asking, "value-1"), "agree")
    both = labelled(page.multiselect, "On what")
    both.set_value(["value-1-r1/either/new-compact", "value-1-r1/either/vcse-strategy"])
    page = press(page.run(), CHECK)
    assert alert(page) == ["On what: these are alternatives; choose one of them, or settle which it is."]


def test_what_is_undecided_is_settled_by_a_disposition(deciding: Deciding, store: Path) -> None:
    page = choose(form_on(deciding, "1.9"), "settle")
    labelled(page.multiselect, "What is decided (required)").set_value(["keep"])
    page = press(press(page.run(), CHECK), RECORD)
    assert "1.9 is now retained." in page_text(page)


def test_what_is_applied_needs_its_place(deciding: Deciding, store: Path) -> None:
    recorded(store, Body(Kind.AGREE, (BO,), "2026-10-05", item=MOVES))
    page = press(choose(form_on(deciding, "1.11"), "apply"), CHECK)
    assert alert(page) == ["Where it stands now: name the place in the document that receives it."]
    labelled(page.text_input, "Where it stands now").set_value("Section 4.2")
    page = press(press(page, CHECK), RECORD)
    assert "Applied at: Section 4.2" in page_text(page)
    assert [decision.place for decision in decisions_in(store)] == ["", "Section 4.2"]


def test_a_note_takes_a_decision_back(deciding: Deciding, store: Path) -> None:
    recorded(store, Body(Kind.AGREE, (BO,), "2026-10-05", item=MOVES))
    page = choose(form_on(deciding, "1.11"), "note")
    assert labelled(page.multiselect, "On what").value == ["1.11"]
    labelled(page.multiselect, "Decisions that the note takes back").set_value([1])
    labelled(page.text_area, "The words of the note").set_value("The minutes were misread.")
    page = press(press(page, CHECK), RECORD)
    text = page_text(page)
    assert "How firmly Recommended." in text
    assert "Superseded by d2: it is in force no longer." in text


def test_several_names_and_another_body_are_kept_for_the_next(deciding: Deciding, store: Path) -> None:
    page = choose(form_on(deciding, "1.11"), "agree")
    labelled(page.text_area, "Who decided").set_value(f"{ANN}\n{BO}\n\n{BO}")
    labelled(page.date_input, "Day").set_value(date.today() - timedelta(days=3))
    page = labelled(page.selectbox, "On whose behalf").set_value("…").run()
    labelled(page.text_input, "The name of that body").set_value("Cabinet")
    page = press(press(page, CHECK), RECORD)
    (decision,) = decisions_in(store)
    assert (decision.by, decision.on_behalf_of) == ((ANN, BO), "Cabinet")
    page.query_params["item"] = "4.4"
    page = choose(opened(page.run(), "4.4"), "agree")
    assert "Recorded:" not in page_text(page)
    assert labelled(page.text_area, "Who decided").value == f"{ANN}\n{BO}\n\n{BO}"
    assert labelled(page.text_input, "The name of that body").value == "Cabinet"
    assert labelled(page.date_input, "Day").value == date.today() - timedelta(days=3)


def test_what_breaks_a_rule_is_told_in_a_sentence_and_stays_in_the_form(
    asking: Deciding, unchanged: Path
) -> None:
    page = agree(form_on(asking, "1.11"), "Turned \u202e about.")
    assert alert(page) == [
        "The reason has a hidden character; type it by hand, or paste it without its formatting."
    ]
    assert labelled(page.text_area, "Reason").value == "Turned \u202e about."
    assert decisions_in(unchanged) == []


# What was decided meanwhile


def test_what_is_in_force_is_shown_before_anything_is_entered(deciding: Deciding, store: Path) -> None:
    recorded(store, Body(Kind.REJECT, (BO,), "2026-10-05", item=MOVES, why="Not there."))
    page = choose(form_on(deciding, "1.11"), "agree")
    text = page_text(page)
    assert "A decision in force stands against what is entered here." in text
    assert "d1: rejected on 5 October 2026 by Bo Okafor. On 1.11: moves to VCSE Strategy" in text
    assert "Reason: “Not there.”" in text
    choice = labelled(page.radio, "What becomes of this decision (required)")
    assert choice.value is None
    page = press(page, CHECK)
    assert alert(page) == ["What becomes of the decisions in force that stand against this one: choose."]


@pytest.mark.parametrize(
    ("choice", "in_force", "told"),
    [
        ("supersede", ["d2"], "It supersedes d1."),
        ("beside", ["d1", "d2"], "Contested: d1 and d2 are in force and do not agree."),
    ],
)
def test_an_earlier_decision_is_superseded_or_left_beside(
    deciding: Deciding, store: Path, choice: str, in_force: list[str], told: str
) -> None:
    recorded(store, Body(Kind.REJECT, (BO,), "2026-10-05", item=MOVES))
    page = choose(form_on(deciding, "1.11"), "agree")
    labelled(page.radio, "What becomes of this decision").set_value(choice)
    page = press(press(page.run(), CHECK), RECORD)
    assert [d.name for d in decisions_in(store) if d.in_force] == in_force
    assert told in page_text(page)


def test_what_was_decided_since_the_form_was_shown_is_told_at_the_check(
    deciding: Deciding, store: Path
) -> None:
    page = choose(form_on(deciding, "1.11"), "agree")
    labelled(page.text_area, "Reason").set_value("Agreed here.")
    recorded(store, Body(Kind.REJECT, (BO,), "2026-10-05", item=MOVES))
    page = press(page, CHECK)
    assert alert(page) == [
        "Meanwhile something was decided. What is in force stands against this: d1. It is shown "
        "below; say what becomes of it."
    ]
    assert "d1: rejected on 5 October 2026 by Bo Okafor" in page_text(page)
    assert labelled(page.text_area, "Reason").value == "Agreed here."


def test_what_was_decided_since_the_check_is_told_and_nothing_is_recorded(
    deciding: Deciding, store: Path
) -> None:
    recorded(store, Body(Kind.REJECT, (BO,), "2026-10-05", item=MOVES))
    page = choose(form_on(deciding, "1.11"), "agree")
    labelled(page.radio, "What becomes of this decision").set_value("supersede")
    page = press(page.run(), CHECK)
    recorded(store, Body(Kind.AGREE, (BO,), "2026-10-06", item=MOVES, replaces=(1,)))
    page = press(page, RECORD)
    assert [d.name for d in decisions_in(store)] == ["d1", "d2"]
    assert len(alert(page)) == 1
    assert "d2: agreed on 6 October 2026 by Bo Okafor" in page_text(page)
    # What was chosen for the first is no choice for the second.
    assert labelled(page.radio, "What becomes of this decision").value is None
    labelled(page.radio, "What becomes of this decision").set_value("beside")
    page = press(press(page.run(), CHECK), RECORD)
    assert [(d.name, d.beside) for d in decisions_in(store)] == [
        ("d1", ()),
        ("d2", ()),
        ("d3", ("d2",)),
    ]


# Who may not any more


def test_who_signed_in_too_long_ago_records_nothing_and_loses_no_word(
    deciding: Deciding, store: Path
) -> None:
    page = agree(form_on(deciding, "1.11"), "A long reason.")
    page.user = claims("ann", iat=int(time.time()) - 13 * 3600)
    labelled(page.button, RECORD).click()
    page.run()
    text = page_text(page)
    assert "You cannot record anything now." in text
    assert "Nothing was recorded. You signed in more than 12 hours ago; sign in again." in text
    assert "Reason A long reason." in text
    assert decisions_in(store) == []
    # Signing in begins a session anew.
    page = form_on(deciding, "1.11")
    assert "What you typed before you signed in again is in the form." in page_text(page)
    assert labelled(page.radio, "What was decided").value == "agree"
    assert labelled(page.text_area, "Reason").value == "A long reason."


def test_what_one_person_typed_is_shown_to_no_other(asking: Deciding) -> None:
    page = agree(form_on(asking, "1.11"), "Between us.")
    page.user = {}
    page.run()
    assert "Between us." in page_text(page)
    other = form_on(asking, "1.11", person="bo")
    assert "What you typed before" not in page_text(other)
    assert labelled(choose(other, "agree").text_area, "Reason").value == ""


def test_who_is_taken_off_the_list_records_nothing(
    deciding: Deciding, store: Path, listed: Path
) -> None:
    page = agree(form_on(deciding, "1.11"))
    signing_environment(listed, ISSUER, DECIDERS.replace("ann@", "anne@"))
    labelled(page.button, RECORD).click()
    page.run()
    assert "who is not on the list of those who may decide" in page_text(page)
    assert decisions_in(store) == []
