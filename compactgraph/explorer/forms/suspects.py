"""The form on the page Decisions that confirms what rests on changed words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from compactgraph.answers.review.standing import Suspect
from compactgraph.common.english import capital
from compactgraph.common.identifiers import DecisionName, parse_name
from compactgraph.deciding.checks import Situation
from compactgraph.explorer.forms import fields as fields
from compactgraph.explorer.forms import recording
from compactgraph.explorer.forms.recording import Form
from compactgraph.explorer.frame import render
from compactgraph.explorer.frame.session import Shown
from compactgraph.register.entry import Body, Kind

_CHOSEN = "suspects"


def form(shown: Shown, suspects: tuple[Suspect, ...]) -> None:
    """Draw the form, if the person who is signed in may decide and something is suspect."""
    form = recording.form_of(f"{shown.review} suspects")
    recording.leave_others(form.scope)
    person = recording.person_at(form)
    if person is None:
        recording.move_focus()
        return
    known = {suspect.name: suspect for suspect in suspects}
    words = partial(_words, known)
    recording.show_done(form, shown, words)
    if known:
        opened = st.expander("Confirm what is suspect", key=form.key("open"), on_change="rerun")
        if opened.open:
            with opened:
                if form.ready:
                    recording.show_check(form, shown, words)
                else:
                    render.show("decisions/confirming")
                    recording.show_problems(form)
                    st.multiselect(
                        "What holds on the new words too (required)",
                        list(known),
                        key=form.start(_CHOSEN, []),
                        format_func=words,
                        placeholder="Choose one or several",
                        persist_state="session",
                    )
                    fields.who_fields(form, shown, person)
                    fields.why_field(form, Kind.CONFIRM)
                    recording.steps(form, partial(_gather, known))
    recording.move_focus()


def _words(known: Mapping[str, Suspect], item: str) -> str:
    """Say what is suspect, and which words of it have changed."""
    suspect = known.get(item)
    if suspect is None:
        return item
    on = (
        f" on {suspect.provision}"
        if isinstance(parse_name(item), DecisionName) and suspect.provision
        else ""
    )
    return f"{capital(suspect.words)}{on}"


def _gather(
    known: Mapping[str, Suspect], form: Form, shown: Shown, situation: Situation
) -> tuple[list[Body], list[str]]:
    """Return the confirmations that the form makes, each with the words that the person was shown."""
    by, body, day, problems = fields.who_and_when(form)
    chosen = [name for name in form.get(_CHOSEN, []) if name in known]
    if not chosen:
        problems.insert(0, "What holds on the new words too: choose at least one.")
    bodies = [
        Body(
            Kind.CONFIRM,
            by,
            day,
            item=name,
            on_behalf_of=body,
            why=form.text("why"),
            fingerprints=known[name].prints,
        )
        for name in chosen
    ]
    return bodies, problems
