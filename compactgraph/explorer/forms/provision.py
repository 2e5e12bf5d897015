"""The form on the page Trace that records what was decided on a provision."""

from __future__ import annotations

from functools import partial

import streamlit as st

from compactgraph.common.schemes import DECIDED_DISPOSITIONS, STAYING, Disposition
from compactgraph.deciding import offers as deciding_offers
from compactgraph.deciding.checks import Situation
from compactgraph.explorer.forms import fields, recording
from compactgraph.explorer.forms.form import Form
from compactgraph.explorer.frame import render
from compactgraph.explorer.frame.session import Shown
from compactgraph.explorer.sign_in.deciders import Decider
from compactgraph.register.entry import Body, Entry, Kind

_SOMETHING_ELSE = "…"
_CONTENT = frozenset({Kind.AMEND, Kind.SETTLE})


def form_on(shown: Shown, provision: str) -> None:
    """Draw the form for a provision, if the person who is signed in may decide."""
    with recording.only_form(f"{shown.review} trace {provision}") as (form, person):
        situation = recording.situation_or_notice(shown) if person else None
        if person is None or situation is None:
            return
        words = partial(recording.words, shown, situation)
        recording.show_done(form, shown, words)
        label = "Record another decision" if form.done else "Record a decision"
        fill = partial(_fill, form, shown, situation, provision, person)
        recording.draw(form, shown, label, words, fill)


def _fill(form: Form, shown: Shown, situation: Situation, provision: str, person: Decider) -> None:
    render.show("forms/form", provision=provision)
    recording.show_problems(form)
    offers = deciding_offers.offers(situation, provision)
    kind = fields.kind_field(form, shown, list(offers), f"What was decided on {provision}")
    if kind is None:
        return
    form.begin(situation, [provision])
    _items(form, shown, situation, kind, offers[kind])
    if kind in _CONTENT:
        _content(form, shown, situation, provision, kind)
    if kind is Kind.APPLY:
        chosen = _chosen(form, offers[kind])
        fields.place_field(form, required=any(deciding_offers.needs_place(situation, i) for i in chosen))
    fields.who_fields(form, shown, person)
    fields.why_field(form, kind)
    if kind is Kind.NOTE:
        _taken_back(form, shown, situation, provision)
    bodies = [Body(kind, (), "", item=item, to=_to(form, kind)) for item in _chosen(form, offers[kind])]
    fields.against_fields(form, shown, situation, bodies, partial(recording.words, shown, situation))
    recording.steps(form, partial(_gather, provision))


# On what


def _items(form: Form, shown: Shown, situation: Situation, kind: Kind, offered: tuple[str, ...]) -> None:
    """Draw the choice of what a decision is on, if there is a choice."""
    if len(offered) == 1:
        form.start(f"item:{kind}", offered[0])
        recording.hint(f"On what: {recording.words(shown, situation, offered[0], whole=False)}")
        return

    def name(item: str) -> str:
        return recording.words(shown, situation, item, whole=False)

    awaited = deciding_offers.awaited(situation, offered, kind)
    if kind is Kind.AMEND:
        key = form.start(f"item:{kind}", awaited[0] if len(awaited) == 1 else None)
        fields.one_of("Which movement (required)", offered, key, lambda item: fields.literal(name(item)))
        return
    if kind is Kind.NOTE:
        awaited = list(offered[:1])
    if deciding_offers.rivals(situation, awaited):
        awaited = []
    fields.several_of("On what (required)", offered, form.start(f"item:{kind}", awaited), name)


def _chosen(form: Form, offered: tuple[str, ...]) -> list[str]:
    """Return the chosen items among those that the chosen kind offers."""
    given = form.get(f"item:{form.get('kind')}", None)
    chosen = [given] if isinstance(given, str) else list(given or ())
    return [item for item in offered if item in chosen]


# What instead


def _content(form: Form, shown: Shown, situation: Situation, provision: str, kind: Kind) -> None:
    """Draw the fields for what is decided in place of a recommendation or an open question."""
    if kind is Kind.SETTLE and (either := deciding_offers.alternatives(situation, provision)):
        chosen = fields.one_of(
            "Which of the alternatives (required)",
            [*(move.to for move in either), _SOMETHING_ELSE],
            form.key("alternative"),
            lambda to: "Something else" if to == _SOMETHING_ELSE else _name(shown, to),
        )
        if chosen != _SOMETHING_ELSE:
            return
    terms = shown.terms["disposition"]
    dispositions = fields.several_of(
        "What is decided instead (required)" if kind is Kind.AMEND else "What is decided (required)",
        [str(term) for term in DECIDED_DISPOSITIONS],
        form.start("dispositions", []),
        lambda term: f"{terms[term].title} – {terms[term].definition}",
    )
    leaving = [term for term in dispositions if term not in STAYING]
    if not leaving:
        successor = _name(shown, situation.found.successor, escape=False)
        recording.hint(
            f"What is kept, changed or added stays in: {successor}. If something is removed, or the "
            "text points to another document, the form asks where it goes."
        )
        return
    if any(term in STAYING for term in dispositions):
        recording.hint(
            "Something of it stays and something leaves: leave “Where it goes” at “To no document”, or "
            "choose only what leaves."
        )
    needed = Disposition.REFER in dispositions
    others = [name for name in shown.references if name != situation.found.successor]
    st.selectbox(
        f"Where it goes{' (required)' if needed else ''}",
        ["", *others],
        key=form.start("to", ""),
        format_func=lambda name: _name(shown, name, escape=False) if name else "To no document",
        persist_state="session",
    )
    if Disposition.REMOVE in dispositions:
        reasons = shown.terms["reason"]
        fields.several_of(
            "Why it is removed",
            list(reasons),
            form.start("reasons", []),
            lambda term: reasons[term].title,
            placeholder="Choose one or several, if they fit",
            help="With business as usual, or what is implicit in it, the matter counts as absorbed; "
            "without a document it counts as dropped.",
        )


def _name(shown: Shown, reference: str, *, escape: bool = True) -> str:
    label = shown.references[reference].title if reference in shown.references else reference
    return fields.literal(label) if escape else label


def _alternative(form: Form) -> str:
    """Return the chosen alternative, empty if none is chosen."""
    chosen = form.get("alternative", None) if form.get("kind") == Kind.SETTLE else None
    return "" if chosen in (None, _SOMETHING_ELSE) else str(chosen)


def _to(form: Form, kind: Kind) -> str:
    return (_alternative(form) or form.text("to")) if kind in _CONTENT else ""


def _what_instead(
    form: Form, situation: Situation, provision: str, kind: Kind
) -> tuple[dict[str, object], list[str]]:
    """Return the content of an amendment or a settlement, and sentences that say what is missing."""
    if kind not in _CONTENT:
        return {}, []
    if chosen := _alternative(form):
        return {"to": chosen}, []
    asked = kind is Kind.SETTLE and deciding_offers.alternatives(situation, provision)
    if asked and form.get("alternative", None) is None:
        return {}, ["Which of the alternatives: choose one of them, or that it is something else."]
    dispositions = tuple(form.get("dispositions", ()))
    if not dispositions:
        label = "What is decided instead" if kind is Kind.AMEND else "What is decided"
        return {}, [f"{label}: choose at least one."]
    leaving = any(term not in STAYING for term in dispositions)
    to = form.text("to") if leaving else ""
    problems = []
    if Disposition.REFER in dispositions and not to:
        problems.append("Where it goes: name the document that it points to.")
    if to and any(term in STAYING for term in dispositions):
        problems.append(
            "Where it goes: what is kept, changed or added stays in the new agreement; leave this at "
            "“To no document”, or decide only to remove or to refer."
        )
    reasons = tuple(form.get("reasons", ())) if Disposition.REMOVE in dispositions else ()
    return {"dispositions": dispositions, "reasons": reasons, "to": to}, problems


# Taking back


def _taken_back(form: Form, shown: Shown, situation: Situation, provision: str) -> None:
    """Draw the choice of decisions that a note takes back, if some are in force."""
    entries = {entry.number: entry for entry in deciding_offers.in_force(situation, provision)}
    if not entries:
        return
    fields.several_of(
        "Decisions that the note takes back",
        list(entries),
        form.start("back", []),
        lambda number: _said(shown, situation, entries[number]),
        placeholder="None",
        help="What is taken back stays on record, and no longer counts.",
    )


def _said(shown: Shown, situation: Situation, entry: Entry) -> str:
    kind = shown.terms["decision"][entry.body.kind].title
    on = recording.words(shown, situation, entry.body.item, whole=False)
    return f"{entry.name}: {kind}, {on}, by {', '.join(entry.body.by)}"


# What the form says


def _gather(
    provision: str, form: Form, shown: Shown, situation: Situation
) -> tuple[list[Body], list[str]]:
    offers = deciding_offers.offers(situation, provision)
    kind = fields.chosen_kind(form, offers)
    if kind is None:
        return [], [f"What was decided on {provision}: choose one."]
    problems = []
    items = _chosen(form, offers[kind])
    if not items:
        problems.append("On what: choose at least one.")
    if kind is Kind.AGREE and deciding_offers.rivals(situation, items):
        problems.append("On what: these are alternatives; choose one of them, or settle which it is.")
    content, lacks = _what_instead(form, situation, provision, kind)
    replaced = tuple(form.get("back", ())) if kind is Kind.NOTE else ()
    prints = {} if kind is Kind.CONFIRM else form.prints.get(provision, {})
    bodies, more = fields.decisions(
        form, situation, kind, items, lambda _: prints, replaces=replaced, **content
    )
    return bodies, [*problems, *lacks, *more]
