"""The form on the page Decisions that confirms what rests on changed words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from compactgraph.answers.review.standing import Suspect
from compactgraph.common.english import capital
from compactgraph.common.identifiers import DecisionName, parse_name
from compactgraph.deciding.checks import Situation
from compactgraph.explorer.forms import fields, recording
from compactgraph.explorer.forms.form import Form
from compactgraph.explorer.frame import render
from compactgraph.explorer.frame.session import Shown
from compactgraph.explorer.sign_in.deciders import Decider
from compactgraph.register.entry import Body, Kind

_CHOSEN = "suspects"


def form(shown: Shown, suspects: tuple[Suspect, ...]) -> None:
    """Draw the form, if the person who is signed in may decide and something is suspect."""
    with recording.only_form(f"{shown.review} suspects") as (form, person):
        if person is None:
            return
        known = {suspect.name: suspect for suspect in suspects}
        words = partial(_words, known)
        recording.show_done(form, shown, words)
        if known:
            fill = partial(_fill, form, shown, known, person)
            recording.draw(form, shown, "Confirm what is suspect", words, fill)


def _fill(form: Form, shown: Shown, known: Mapping[str, Suspect], person: Decider) -> None:
    render.show("decisions/confirming")
    recording.show_problems(form)
    label, key = "What holds on the new words too (required)", form.start(_CHOSEN, [])
    fields.several_of(label, list(known), key, partial(_words, known))
    fields.who_fields(form, shown, person)
    fields.why_field(form, Kind.CONFIRM)
    recording.steps(form, partial(_gather, known))


def _words(known: Mapping[str, Suspect], item: str) -> str:
    """Say what is suspect, and which words of it have changed."""
    suspect = known.get(item)
    if suspect is None:
        return item
    is_decision = isinstance(parse_name(item), DecisionName)
    on = f" on {suspect.provision}" if is_decision and suspect.provision else ""
    return f"{capital(suspect.words)}{on}"


def _gather(
    known: Mapping[str, Suspect], form: Form, shown: Shown, situation: Situation
) -> tuple[list[Body], list[str]]:
    """Return the confirmations that the form makes, each with the words that the person was shown."""
    chosen = [name for name in form.get(_CHOSEN, []) if name in known]
    problems = [] if chosen else ["What holds on the new words too: choose at least one."]
    bodies, more = fields.decisions(
        form, situation, Kind.CONFIRM, chosen, lambda name: known[name].prints
    )
    return bodies, [*problems, *more]
