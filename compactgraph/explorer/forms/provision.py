"""The form on the page Trace that records what was decided on a provision."""

from __future__ import annotations

from functools import partial

import streamlit as st

from compactgraph.common.schemes import DECIDED_DISPOSITIONS, STAYING, Disposition
from compactgraph.deciding import offers as deciding_offers
from compactgraph.deciding.checks import Situation
from compactgraph.explorer.forms import fields as fields
from compactgraph.explorer.forms import recording
from compactgraph.explorer.forms.recording import Form
from compactgraph.explorer.frame import render
from compactgraph.explorer.frame.session import Shown
from compactgraph.explorer.sign_in.deciders import Decider
from compactgraph.register.entry import Body, Entry, Kind

_SOMETHING_ELSE = "…"
_CONTENT = frozenset({Kind.AMEND, Kind.SETTLE})


def form_on(shown: Shown, provision: str) -> None:
    """Draw the form for a provision, if the person who is signed in may decide."""
    form = recording.form_of(f"{shown.review} trace {provision}")
    recording.leave_others(form.scope)
    person = recording.person_at(form)
    if person is None:
        recording.move_focus()
        return
    situation = recording.situation_or_notice(shown)
    if situation is None:
        return
    name = partial(recording.words, shown, situation)
    recording.show_done(form, shown, name)
    label = "Record another decision" if form.done else "Record a decision"
    opened = st.expander(label, key=form.key("open"), on_change="rerun")
    if opened.open:
        with opened:
            if form.ready:
                recording.show_check(form, shown, name)
            else:
                render.show("forms/form", provision=provision)
                recording.show_problems(form)
                _fill(form, shown, situation, provision, person)
    recording.move_focus()


def _fill(form: Form, shown: Shown, situation: Situation, provision: str, person: Decider) -> None:
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
    if kind is Kind.AMEND:
        awaited = deciding_offers.awaited(situation, offered, kind)
        st.radio(
            "Which movement (required)",
            offered,
            index=None,
            key=form.start(f"item:{kind}", awaited[0] if len(awaited) == 1 else None),
            format_func=lambda item: fields.literal(
                recording.words(shown, situation, item, whole=False)
            ),
            persist_state="session",
        )
        return
    awaited = (
        deciding_offers.awaited(situation, offered, kind) if kind is not Kind.NOTE else list(offered[:1])
    )
    if deciding_offers.rivals(situation, awaited):
        awaited = []
    st.multiselect(
        "On what (required)",
        offered,
        key=form.start(f"item:{kind}", awaited),
        format_func=lambda item: recording.words(shown, situation, item, whole=False),
        placeholder="Choose one or several",
        persist_state="session",
    )


def _chosen(form: Form, offered: tuple[str, ...]) -> list[str]:
    """Return the chosen items among those that the chosen kind offers."""
    given = form.get(f"item:{form.get('kind')}", None)
    chosen = [given] if isinstance(given, str) else list(given or ())
    return [item for item in offered if item in chosen]


# What instead


def _content(form: Form, shown: Shown, situation: Situation, provision: str, kind: Kind) -> None:
    """Draw the fields for what is decided in place of a recommendation, or of an open question."""
    if kind is Kind.SETTLE and (either := deciding_offers.alternatives(situation, provision)):
        chosen = st.radio(
            "Which of the alternatives (required)",
            [*(move.to for move in either), _SOMETHING_ELSE],
            index=None,
            key=form.key("alternative"),
            format_func=lambda to: "Something else" if to == _SOMETHING_ELSE else _name(shown, to),
            persist_state="session",
        )
        if chosen != _SOMETHING_ELSE:
            return
    terms = shown.terms["disposition"]
    dispositions = st.multiselect(
        "What is decided instead (required)" if kind is Kind.AMEND else "What is decided (required)",
        [str(term) for term in DECIDED_DISPOSITIONS],
        key=form.start("dispositions", []),
        format_func=lambda term: f"{terms[term].title} – {terms[term].definition}",
        placeholder="Choose one or several",
        persist_state="session",
    )
    leaving = [term for term in dispositions if term not in STAYING]
    if not leaving:
        successor = _name(shown, situation.found.successor, escape=False)
        recording.hint(
            f"What is kept, changed or added stays in: {successor}. Where something is removed, or the "
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
        st.multiselect(
            "Why it is removed",
            list(reasons),
            key=form.start("reasons", []),
            format_func=lambda term: reasons[term].title,
            placeholder="Choose one or several, where they fit",
            help="With business as usual, or what is implicit in it, the matter counts as absorbed; "
            "without a document it counts as dropped.",
            persist_state="session",
        )


def _name(shown: Shown, reference: str, *, escape: bool = True) -> str:
    label = shown.references[reference].title if reference in shown.references else reference
    return fields.literal(label) if escape else label


def _alternative(form: Form) -> str:
    """Return the chosen alternative, or the empty text if it is none of them."""
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
        problems.append("Where it goes: name the document to which it is to point.")
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
    st.multiselect(
        "Decisions that the note takes back",
        list(entries),
        key=form.start("back", []),
        format_func=lambda number: _said(shown, situation, entries[number]),
        placeholder="None",
        help="What is taken back stays on record, and no longer counts.",
        persist_state="session",
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
    by, body, day, more = fields.who_and_when(form)
    problems += [*lacks, *more]
    why = form.text("why")
    place, unplaced = fields.place_of(form, situation, kind, items)
    if kind is Kind.NOTE and not why:
        problems.append("The words of the note: write them.")
    problems += unplaced
    replaced = tuple(form.get("back", ())) if kind is Kind.NOTE else ()
    prints = {} if kind is Kind.CONFIRM else form.prints.get(provision, {})
    return [
        Body(
            kind,
            by,
            day,
            item=item,
            on_behalf_of=body,
            why=why,
            place=place,
            replaces=replaced,
            fingerprints=prints,
            **content,  # type: ignore[arg-type]
        )
        for item in items
    ], problems
