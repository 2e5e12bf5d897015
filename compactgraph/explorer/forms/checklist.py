"""Signing off several items of a checklist at once: a tick at each, and one form for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

import streamlit as st

from compactgraph.answers.review.checklist import Checklist, Item
from compactgraph.deciding import offers
from compactgraph.deciding.checks import Situation
from compactgraph.deciding.offers import Unfit
from compactgraph.explorer.forms import fields, recording
from compactgraph.explorer.forms.form import Form
from compactgraph.explorer.frame import render
from compactgraph.explorer.frame.session import Shown
from compactgraph.explorer.sign_in.deciders import Decider
from compactgraph.register.entry import Body, Kind

KINDS = (Kind.AGREE, Kind.REJECT, Kind.APPLY)
"""What can be signed off for several items alike."""

_WHY_NOT = {
    Unfit.ASKED: "it only asks, and is settled on the page of its provision",
    Unfit.ALTERNATIVE: "it is one of several alternatives, and is settled on the page of its provision",
    Unfit.DECIDED: "it was put there by a decision, and can only be marked as applied",
    Unfit.NOT_AGREED: "it is not agreed, and only what is agreed can be marked as applied",
    Unfit.NO_MOVEMENT: "the review does not have it any more",
}


def ticks(
    form: Form, shown: Shown, situation: Situation, listed: Checklist, show: Callable[..., None]
) -> None:
    """Draw the groups and their items, each with a tick; ``show`` shows a template of the page."""
    for group in listed.groups:
        show("checklist/group", group=group)
        fit = [item for item in group.items if _fits(situation, item)]
        if len(fit) > 1:
            st.checkbox(
                fields.literal(f"All in this group: {group.title}"),
                key=form.key(f"all:{group.relation}"),
                on_change=_tick_all,
                args=(form, group.relation, [item.movement for item in fit]),
                persist_state="session",
            )
        for item in group.items:
            if item in fit:
                name = recording.words(shown, situation, item.movement)
                st.checkbox(
                    fields.literal(f"Sign off {name}"),
                    key=form.start(f"item:{item.movement}", False),
                    on_change="ignore",
                    persist_state="session",
                )
            show("checklist/item", item=item, unfit=_note(item, fit))


def _fits(situation: Situation, item: Item) -> bool:
    if not item.movement:
        return False
    unfit = [offers.unfit(situation, item.movement, kind) for kind in (Kind.AGREE, Kind.APPLY)]
    return None in unfit


def _note(item: Item, fit: Iterable[Item]) -> str:
    if not item.movement or item in fit:
        return ""
    return f"There is nothing to sign off here: {_WHY_NOT[Unfit.ASKED]}."


def _tick_all(form: Form, relation: str, items: list[str]) -> None:
    every = bool(form.get(f"all:{relation}"))
    for item in items:
        st.session_state[form.key(f"item:{item}")] = every


def sign_off(form: Form, shown: Shown, situation: Situation, person: Decider, listed: Checklist) -> None:
    """Draw the form for what is ticked, or what will be recorded of it."""
    words = partial(recording.words, shown, situation)
    render.show("forms/sign_off")
    recording.show_done(form, shown, words)
    if form.ready:
        recording.show_check(form, shown, words)
        return
    recording.show_problems(form)
    kind = fields.kind_field(form, shown, KINDS, "What was decided")
    if kind is None:
        return
    items = _ticked(form, listed)
    form.begin(situation, listed.provisions)
    if kind is Kind.APPLY:
        fields.place_field(form, required=True)
    fields.who_fields(form, shown, person)
    fields.why_field(form, kind)
    bodies = [Body(kind, (), "", item=item) for item in items]
    fields.against_fields(form, shown, situation, bodies, words)
    recording.steps(form, partial(_gather, listed))


def _ticked(form: Form, listed: Checklist) -> list[str]:
    every = (item.movement for group in listed.groups for item in group.items)
    return [name for name in dict.fromkeys(filter(None, every)) if form.get(f"item:{name}", False)]


def _gather(
    listed: Checklist, form: Form, shown: Shown, situation: Situation
) -> tuple[list[Body], list[str]]:
    kind = fields.chosen_kind(form, KINDS)
    if kind is None:
        return [], ["What was decided: choose one."]
    items = _ticked(form, listed)
    problems = [] if items else ["Nothing is ticked: tick at least one item in the list above."]
    for item in items:
        if unfit := offers.unfit(situation, item, kind):
            problems.append(f"{recording.words(shown, situation, item)}: {_WHY_NOT[unfit]}. Untick it.")

    def prints(item: str) -> Mapping[str, str]:
        move = situation.moves.get(item)
        return form.prints.get(move.provision, {}) if move else {}

    bodies, more = fields.decisions(form, situation, kind, items, prints)
    return bodies, [*problems, *more]
