"""The steps of the forms that record decisions: a person fills a form in, checks it, and records it.

A form names only the decisions in force that it has shown, so that it tells what was decided meanwhile.
It is sent once: its buttons lose their name when one of them records.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import streamlit as st

from compactgraph import paths
from compactgraph.common.english import capital
from compactgraph.common.identifiers import DecisionName, ReadingName, parse_name
from compactgraph.deciding import offers
from compactgraph.deciding.checks import Situation
from compactgraph.deciding.desk import Desk
from compactgraph.decisions.effects import decision_of
from compactgraph.errors import CompactgraphError, ConflictError, NotAllowedError
from compactgraph.explorer.components.scripts import focus
from compactgraph.explorer.forms.form import (
    Done,
    Form,
    form_of,
    leave_others,
    remember,
    undisturbed,
)
from compactgraph.explorer.frame import render, session
from compactgraph.explorer.frame.session import Shown
from compactgraph.explorer.sign_in import session as sign_in
from compactgraph.explorer.sign_in.deciders import Decider
from compactgraph.register.entry import Body, Entry, Head

STAYS = (
    "What is recorded stays on record, with your account. If it turns out to be wrong, another "
    "decision supersedes it."
)

_TURN = "turn of the focus"
_LEFT_FOR = 12 * 3600.0
_LEFT_ACCOUNTS = 200

Gather = Callable[[Form, Shown, Situation], tuple[list[Body], list[str]]]
"""Makes the decisions to record of a filled form, and sentences that say what is missing."""


# Who records


@contextmanager
def only_form(scope: str) -> Iterator[tuple[Form, Decider | None]]:
    """Give the one form of a page, and who may record in it; at the end move the focus."""
    form = form_of(scope)
    leave_others(scope)
    yield form, person_at(form)
    move_focus()


def person_at(form: Form) -> Decider | None:
    """Return who may record; if nobody may any more, show what was typed, and return None.

    If a person had to sign in again, what they typed before is put back into the form.
    """
    person = sign_in.decider()
    if person is None:
        if form.account:
            _keep_for(form)
            typed = [(label, words) for of, label in _WORDS.items() if (words := form.text(of))]
            render.show("forms/lost", problems=form.problems, typed=typed)
        return None
    form.account = person.recorder
    left = None if form.values() else _left().pop((person.recorder, form.scope), None)
    if left and time.monotonic() - left[0] < _LEFT_FOR:
        for of, value in left[1].items():
            st.session_state[form.key(of)] = value
        form.restored = True
    if form.restored:
        render.notice("What you typed before you signed in again is in the form.")
    return person


_WORDS = {"why": "Reason", "by": "Who decided", "other": "On whose behalf", "place": "Place"}


@st.cache_resource(show_spinner=False)
def _left() -> dict[tuple[str, str], tuple[float, dict[str, Any]]]:
    """Return what people had typed when they could not record any more, by account and form."""
    return {}


def _keep_for(form: Form) -> None:
    left = _left()
    while len(left) >= _LEFT_ACCOUNTS:
        left.pop(next(iter(left)), None)
    if values := form.values():
        left[form.account, form.scope] = (time.monotonic(), values)


# The desk


def situation_or_notice(shown: Shown) -> Situation | None:
    """Return how the review stands now; if the register is not whole, show a notice and return None."""
    try:
        desk = desk_of(shown)
        head = desk.register.heads().get(shown.review, Head())
        return _situation(shown.served.location, shown.generation, shown.review, head.hash, _desk=desk)
    except CompactgraphError as error:
        render.notice("Nothing can be recorded now.", sentence(error), role="alert")
        return None


def desk_of(shown: Shown) -> Desk:
    """Return the desk at which the review is decided on, a new one only if the review was read anew."""
    of = shown.summary
    return _desk_at(shown.served.location, shown.review, of.common, of.fingerprint, _shown=shown)


@st.cache_resource(max_entries=4, show_spinner=False)
def _desk_at(location: str, review: str, common: str, fingerprint: str, *, _shown: Shown) -> Desk:
    return Desk(paths.store_location(), _shown.graph.ontology, review)


@st.cache_resource(max_entries=8, show_spinner=False)
def _situation(location: str, generation: str, review: str, head: str, *, _desk: Desk) -> Situation:
    return _desk.situation()


# The steps


def steps(form: Form, gather: Gather) -> None:
    """Draw the button that checks the form."""
    st.button(
        "Check what will be recorded",
        key=f"check:{form.token}",
        type="primary",
        on_click=undisturbed,
        args=(_check, form.scope, form.token, gather),
    )
    hint("Nothing is recorded by this: the next step shows what will be.")


def hint(words: str) -> None:
    """Show a short explanation beside a field."""
    render.show("forms/hint", words=words)


def show_problems(form: Form) -> None:
    """Show sentences that say what stands in the way."""
    if form.problems:
        render.show("forms/problems", problems=form.problems)


def show_done(form: Form, shown: Shown, words: Callable[[str], str]) -> None:
    """Show what was recorded, and what becomes of it; ``words`` says what a decision is on."""
    if form.done:
        render.show("forms/done", done=form.done, words=words, terms=shown.terms)


def draw(
    form: Form, shown: Shown, label: str, words: Callable[[str], str], fill: Callable[[], None]
) -> None:
    """Draw a form that opens at ``label``: its fields, drawn by ``fill``, or what will be recorded."""
    opened = st.expander(label, key=form.key("open"), on_change="rerun")
    if opened.open:
        with opened:
            if form.ready:
                show_check(form, shown, words)
            else:
                fill()


def show_check(form: Form, shown: Shown, words: Callable[[str], str]) -> None:
    """Show what will be recorded, with the buttons that record it and that go back."""
    render.show(
        "forms/check",
        bodies=form.ready,
        follows=form.follows,
        words=words,
        terms=shown.terms,
        references=shown.references,
        stays=STAYS,
    )
    with st.container(horizontal=True):
        st.button(
            "Record",
            key=f"record:{form.token}",
            type="primary",
            on_click=_record,
            args=(form.scope, form.token),
        )
        st.button(
            "Change something", key=f"back:{form.token}", on_click=_back, args=(form.scope, form.token)
        )


def move_focus() -> None:
    """Move the focus to what the last step asked for; a page calls it once, after its forms."""
    target, turn = st.session_state.get(_TURN, ("", 0))
    focus(target, turn)


def look_at(target: str) -> None:
    """Have the focus moved to ``target``, an element's identifier."""
    # The browser's page outlives a session of the server: the later turn counts.
    undisturbed(st.session_state.update, {_TURN: (target, time.time_ns() // 1000)})


def refuse(form: Form, *problems: str) -> None:
    """Have a form say what stands in the way."""
    form.problems, form.ready = problems, ()
    look_at("deciding-problems")


def _check(scope: str, token: str, gather: Gather) -> None:
    form = form_of(scope)
    if form.token != token:
        return
    form.problems, form.done = (), None
    shown = session.shown()
    try:
        person = sign_in.require(shown.review)
        desk = desk_of(shown)
        situation = desk.situation()
        held = situation.entries
        bodies, problems = gather(form, shown, situation)
        bodies, more = _named(form, situation, bodies)
        if problems or more:
            refuse(form, *problems, *more)
            return
        made = desk.check(bodies, held, person.recorder)
        form.follows = tuple(_follows(situation, desk.situation([*held, *made]), made))
    except CompactgraphError as error:
        _refused(form, error)
        return
    form.ready = tuple(bodies)
    look_at("deciding-check")


def _named(form: Form, situation: Situation, bodies: list[Body]) -> tuple[list[Body], list[str]]:
    """Return bodies that name the decisions in force against them, and what must be said first."""
    numbers = offers.against(situation, bodies).keys()
    if not numbers:
        return bodies, []
    if unseen := numbers - set(form.shown):
        names = ", ".join(f"d{number}" for number in sorted(unseen))
        meanwhile = "Meanwhile something was decided. " if min(unseen) > (form.began or 0) else ""
        return bodies, [
            f"{meanwhile}What is in force stands against this: {names}. It is shown below; say what "
            "becomes of it."
        ]
    choice = form.get(against_field(form.shown))
    if not choice:
        return bodies, ["What becomes of the decisions in force that stand against this one: choose."]
    return offers.naming(situation, bodies, form.shown, supersede=choice == SUPERSEDE), []


SUPERSEDE, BESIDE = "supersede", "beside"
"""What a person says of the decisions in force that stand against a new one."""


def against_field(numbers: Sequence[int]) -> str:
    """Return the field in which a person says it of decisions by these numbers."""
    return f"against {' '.join(map(str, numbers))}"


def _follows(
    before: Situation, after: Situation, made: Sequence[Entry]
) -> Iterator[tuple[str, str, str, str]]:
    """Yield what becomes of the items and provisions of the decisions to record."""
    for item in dict.fromkeys(entry.body.item for entry in made):
        if item in before.moves:
            yield "status", item, before.stood.status_of(item), after.stood.status_of(item)
    for name in dict.fromkeys(entry.body.provision for entry in made):
        if name in after.stood.outcomes:
            yield "outcome", name, before.stood.outcomes[name], after.stood.outcomes[name]


def _back(scope: str, token: str) -> None:
    form = undisturbed(form_of, scope)
    if form.token == token:
        form.ready = ()
        look_at("deciding-form")


def _record(scope: str, token: str) -> None:
    form = undisturbed(form_of, scope)
    if form.token == token and form.ready:
        record(form, form.ready, _refused)


def record(
    form: Form,
    bodies: Sequence[Body],
    refused: Callable[[Form, CompactgraphError], None],
    after: Head | None = None,
) -> None:
    """Record decisions, and empty the form and have it say so; tell an error by ``refused``."""
    try:
        person, desk = undisturbed(_who_and_desk)
        # A second press finds another token, and records nothing.
        form.token, form.ready = secrets.token_hex(8), ()
        recorded = desk.record(bodies, person.recorder, after)
    except CompactgraphError as error:
        refused(form, error)
        return
    undisturbed(remember, form)
    undisturbed(form.renew)
    form.done = Done(recorded.entries, _outcomes_now(desk, recorded.entries), recorded.notice)
    look_at("deciding-done")


def _who_and_desk() -> tuple[Decider, Desk]:
    shown = session.shown()
    return sign_in.require(shown.review), desk_of(shown)


def _outcomes_now(desk: Desk, entries: Sequence[Entry]) -> dict[str, str]:
    try:
        outcomes = desk.situation().stood.outcomes
    except CompactgraphError:
        # The decisions are recorded; their outcomes show when the register can be read again.
        return {}
    provisions = dict.fromkeys(entry.body.provision for entry in entries)
    return {name: outcomes[name] for name in provisions if name in outcomes}


def _refused(form: Form, error: CompactgraphError) -> None:
    form.prints = {}
    problem = sentence(error)
    if isinstance(error, ConflictError):
        problem = (
            "Nothing was recorded: meanwhile something was decided that stands against this. It is "
            "shown below; say what becomes of it."
        )
    elif isinstance(error, NotAllowedError):
        problem = f"Nothing was recorded. {problem}"
    refuse(form, problem)


def sentence(error: CompactgraphError) -> str:
    """Return what an error says as a sentence."""
    words = str(error)
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."


def words(shown: Shown, situation: Situation, item: str, *, whole: bool = True) -> str:
    """Return what an item is, in words: ``1.11: moves to VCSE Strategy (1.11-r1)``.

    Without ``whole`` the provision is left out.
    """
    move = situation.moves.get(item)
    if move is None:
        match parse_name(item):
            case DecisionName(number):
                return f"Decision d{number}"
            case ReadingName() as reading:
                return f"The reading {reading.name}"
        return f"{item} as a whole"
    relation = shown.terms["relation"][move.relation].label
    to = shown.references[move.to].label if move.to in shown.references else move.to
    where = move.basis or f"d{decision_of(item)}"
    said = f"{relation} {to}".strip()
    return f"{move.provision}: {said} ({where})" if whole else f"{capital(said)} ({where})"
