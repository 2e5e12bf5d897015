"""What the forms that record decisions share: what was typed, the check before, the writing.

A person fills a form in, checks it, and then records it: what is recorded stays. A form remembers which
decisions in force it has shown, and names only those, so that what was decided meanwhile is always told.
It is sent once: its buttons lose their name when one of them records.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from compactgraph import paths
from compactgraph.common.english import capital
from compactgraph.common.identifiers import DecisionName, ReadingName, parse_name
from compactgraph.deciding import offers
from compactgraph.deciding.checks import Situation
from compactgraph.deciding.desk import Desk, Recorded
from compactgraph.decisions.effects import decision_of
from compactgraph.errors import CompactgraphError, ConflictError, NotAllowedError
from compactgraph.explorer.components.scripts import focus
from compactgraph.explorer.forms.callbacks import undisturbed
from compactgraph.explorer.frame import render, session
from compactgraph.explorer.frame.session import Shown
from compactgraph.explorer.sign_in import session as sign_in
from compactgraph.explorer.sign_in.deciders import Decider
from compactgraph.register.entry import Body, Entry

STAYS = (
    "What is recorded stays on record, with your account. If it turns out to be wrong, another "
    "decision supersedes it."
)

_FORMS = "forms that decide"
_KEPT = "typed before"
_TURN = "turn of the focus"
_OPEN = 40
"""How many forms a session keeps open."""

_LEFT_FOR = 12 * 3600.0
_LEFT_ACCOUNTS = 200

Gather = Callable[["Form", Shown, Situation], tuple[list[Body], list[str]]]
"""Makes the decisions to record of a filled form, and sentences that say what is missing."""


@dataclass(frozen=True)
class Done:
    """What was recorded: the entries, each provision's outcome now, and a notice or nothing."""

    entries: tuple[Entry, ...]
    outcomes: Mapping[str, str]
    notice: str


@dataclass
class Form:
    """A form as a session has it.

    ``began`` is the number of the last entry when the form was first shown, ``prints`` the words that
    were shown with it, by provision. ``shown`` are the numbers of the decisions in force that stand
    against what is entered, as the person saw them. ``ready`` is what was checked and is to be recorded.
    ``follows`` has each item and provision before and after, with the scheme of the term. ``restored``
    says whether the form holds what was typed in an earlier session.
    """

    scope: str
    name: str = field(default_factory=lambda: secrets.token_hex(8))
    token: str = field(default_factory=lambda: secrets.token_hex(8))
    account: str = ""
    problems: tuple[str, ...] = ()
    began: int | None = None
    shown: tuple[int, ...] = ()
    prints: dict[str, Mapping[str, str]] = field(default_factory=dict)
    ready: tuple[Body, ...] = ()
    follows: tuple[tuple[str, str, str, str], ...] = ()
    done: Done | None = None
    restored: bool = False

    def key(self, of: str) -> str:
        """Return the key of a field."""
        return f"{self.name}:{of}"

    def get(self, of: str, default: Any = "") -> Any:
        """Return what a field holds."""
        return st.session_state.get(self.key(of), default)

    def text(self, of: str) -> str:
        """Return the words that a field holds, without spaces around them."""
        return str(self.get(of) or "").strip()

    def start(self, of: str, value: Any) -> str:
        """Give a field its first value; return its key."""
        key = self.key(of)
        if key not in st.session_state:
            st.session_state[key] = value
        return key

    def begin(self, situation: Situation, provisions: Iterable[str]) -> None:
        """Note the words with which, and the entry after which, the form is first shown."""
        if self.began is None:
            self.began = len(situation.entries)
        for provision in provisions:
            self.prints.setdefault(provision, situation.found.prints_of(provision))

    def values(self) -> dict[str, Any]:
        """Return what was typed and chosen, by field."""
        begin = self.key("")
        return {
            str(key).removeprefix(begin): value
            for key, value in st.session_state.items()
            if str(key).startswith(begin)
        }

    def renew(self) -> None:
        """Empty the form, for the next decision."""
        for of in self.values():
            del st.session_state[self.key(of)]
        self.name, self.token = secrets.token_hex(8), secrets.token_hex(8)
        self.problems, self.shown, self.ready, self.follows = (), (), (), ()
        self.began, self.prints, self.restored = None, {}, False


def form_of(scope: str) -> Form:
    """Return the session's form on ``scope``: what it decides on."""
    forms: dict[str, Form] = st.session_state.setdefault(_FORMS, {})
    if scope not in forms:
        while len(forms) >= _OPEN:
            forms.pop(next(iter(forms))).renew()
        forms[scope] = Form(scope)
    return forms[scope]


def leave_others(*scopes: str) -> None:
    """Forget what other forms recorded: a form says it once."""
    for each in st.session_state.get(_FORMS, {}).values():
        if each.scope not in scopes:
            each.done = None


# Who records


def person_at(form: Form) -> Decider | None:
    """Return who may record; if nobody may any more, say so, show what was typed, and return None.

    What the same person typed before they had to sign in again is put back into the form.
    """
    person = sign_in.decider()
    if person is None:
        if form.account:
            _keep_for(form)
            render.show("forms/lost", problems=form.problems, typed=_typed(form))
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


def _typed(form: Form) -> list[tuple[str, str]]:
    """Return what was typed in words, by the label of its field."""
    found = [(label, form.text(of)) for of, label in _WORDS.items()]
    return [(label, words) for label, words in found if words]


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


def situation_now(shown: Shown) -> Situation:
    """Return how the review stands now; raises RegisterError if the register is not whole."""
    desk = desk_of(shown)
    head = desk.register.heads().get(shown.review)
    return _situation(
        shown.served.location, shown.generation, shown.review, head.hash if head else "", _desk=desk
    )


def situation_or_notice(shown: Shown) -> Situation | None:
    """Return how the review stands now; if that cannot be told, show a notice and return None."""
    try:
        return situation_now(shown)
    except CompactgraphError as error:
        render.notice("Nothing can be recorded now.", sentence(error), role="alert")
        return None


def desk_of(shown: Shown) -> Desk:
    """Return the desk at which the review is decided on.

    It stays the same as long as the review is read alike, so that it need not read all of it again.
    """
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
        on_click=_check,
        args=(form.scope, form.token, gather),
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
    turn = (target, time.time_ns() // 1000)
    undisturbed(lambda: st.session_state.update({_TURN: turn}))


def refuse(form: Form, *problems: str) -> None:
    """Have a form say what stands in the way."""
    form.problems, form.ready = problems, ()
    look_at("deciding-problems")


def _check(scope: str, token: str, gather: Gather) -> None:
    undisturbed(partial(_look_through, scope, token, gather))


def _look_through(scope: str, token: str, gather: Gather) -> None:
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
    """Return the bodies, naming the decisions against them; or the problems with these."""
    against = offers.against(situation, bodies)
    numbers = {entry.number for entries in against.values() for entry in entries}
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
    """Return the field in which a person says it; other decisions have another field."""
    return f"against {' '.join(map(str, numbers))}"


def _follows(
    before: Situation, after: Situation, made: Sequence[Entry]
) -> Iterator[tuple[str, str, str, str]]:
    """Yield what becomes of the items and provisions of the decisions to record."""
    for item in dict.fromkeys(entry.body.item for entry in made):
        if before.movement(item):
            yield "status", item, before.stood.status_of(item), after.stood.status_of(item)
    for name in dict.fromkeys(entry.body.provision for entry in made):
        if name in after.stood.outcomes:
            yield "outcome", name, before.stood.outcomes[name], after.stood.outcomes[name]


def _back(scope: str, token: str) -> None:
    form = undisturbed(partial(form_of, scope))
    if form.token == token:
        form.ready = ()
        look_at("deciding-form")


def _record(scope: str, token: str) -> None:
    form = undisturbed(partial(form_of, scope))
    if form.token != token or not form.ready:
        return
    try:
        person, desk = undisturbed(who_and_desk)
        # A second press finds another token, and records nothing.
        form.token = secrets.token_hex(8)
        bodies, form.ready = form.ready, ()
        recorded = desk.record(bodies, person.recorder)
    except CompactgraphError as error:
        _refused(form, error)
        return
    finish(form, desk, recorded)


def who_and_desk() -> tuple[Decider, Desk]:
    """Return who records, and their desk; raise NotAllowedError if nobody may."""
    shown = session.shown()
    person = sign_in.require(shown.review)
    return person, desk_of(shown)


def finish(form: Form, desk: Desk, recorded: Recorded) -> None:
    """Empty a form after recording, and have it say what was recorded."""
    undisturbed(partial(remember, form))
    undisturbed(form.renew)
    form.done = Done(recorded.entries, _outcomes_now(desk, recorded.entries), recorded.notice)
    look_at("deciding-done")


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
    move = situation.movement(item)
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


# What is typed once a session


def remember(form: Form) -> None:
    """Remember who decides, for whom and when: the next form begins with these."""
    names = ("by", "body", "other", "day")
    st.session_state[_KEPT] = {of: form.get(of) for of in names if form.get(of, None) is not None}


def remembered(of: str, default: Any) -> Any:
    """Return what was typed last in a field, or ``default``."""
    return st.session_state.get(_KEPT, {}).get(of, default)


def today() -> date:
    """Return the day."""
    return date.today()
