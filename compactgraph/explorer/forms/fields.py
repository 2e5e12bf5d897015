"""The fields that the forms share: who decided, for whom, when, why, and against which decisions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Literal, TypeVar

import streamlit as st

from compactgraph.deciding import offers
from compactgraph.deciding.checks import Situation
from compactgraph.explorer.forms.form import Form, remembered
from compactgraph.explorer.forms.recording import BESIDE, SUPERSEDE, against_field
from compactgraph.explorer.frame import render
from compactgraph.explorer.frame.session import Shown
from compactgraph.explorer.sign_in.deciders import Decider
from compactgraph.register.entry import Body, Kind

NAME_LONGEST, NAMES_LONGEST, WHY_LONGEST, PLACE_LONGEST = 200, 2000, 4000, 500
"""How many characters the fields take; what is recorded is bounded by the shapes."""

_NOBODY, _OTHER = "", "…"
_EARLIEST = timedelta(days=20 * 366)
T = TypeVar("T")


def literal(words: str) -> str:
    """Return words escaped, because Streamlit reads a label as Markdown."""
    return "".join(f"\\{c}" if c.isascii() and not c.isalnum() and c != " " else c for c in words)


def one_of(
    label: str, options: Sequence[T], key: str, name: Callable[[T], str], captions: Sequence[str] = ()
) -> T | None:
    """Draw a choice of one; return it, None until something is chosen."""
    return st.radio(label, options, None, name, key, captions=captions or None, persist_state="session")


def several_of(
    label: str, options: Sequence[T], key: str, name: Callable[[T], str], **more: Any
) -> list[T]:
    """Draw a choice of several, with ``more`` arguments of Streamlit's; return what is chosen."""
    more = {"placeholder": "Choose one or several", "persist_state": "session", **more}
    return st.multiselect(label, options, None, name, key, **more)


def kind_field(form: Form, shown: Shown, kinds: Sequence[Kind], label: str) -> Kind | None:
    """Draw the choice of what was decided; return it, or None."""
    terms = shown.terms["decision"]
    one_of(
        f"{label} (required)",
        [str(kind) for kind in kinds],
        form.key("kind"),
        lambda kind: literal(terms[kind].title),
        [literal(terms[str(kind)].definition) for kind in kinds],
    )
    return chosen_kind(form, kinds)


def chosen_kind(form: Form, kinds: Iterable[Kind]) -> Kind | None:
    """Return the chosen kind if it is one of ``kinds``, or None."""
    chosen = form.get("kind", None)
    return next((kind for kind in kinds if str(kind) == chosen), None)


def why_field(form: Form, kind: Kind) -> None:
    """Draw the field for the reason, or for the words of a note."""
    st.text_area(
        "The words of the note (required)" if kind is Kind.NOTE else "Reason, in words",
        key=form.start("why", ""),
        max_chars=WHY_LONGEST,
        on_change="ignore",
        persist_state="session",
    )


def place_field(form: Form, *, required: bool) -> None:
    """Draw the field for the place of an applied matter in the document that receives it."""
    st.text_input(
        f"Where it stands now in the document that receives it{' (required)' if required else ''}",
        key=form.start("place", ""),
        max_chars=PLACE_LONGEST,
        help="A section or a page, as “Section 4.2”; or a provision of the latest draft, as "
        "draft/2/1.4.",
        on_change="ignore",
        persist_state="session",
    )


def who_fields(form: Form, shown: Shown, person: Decider, *, live: bool = False) -> None:
    """Draw the fields for who decided, for whom and when; with ``live`` each change redraws the page."""
    on_change: Literal["rerun", "ignore"] = "rerun" if live else "ignore"
    bodies = {name: label.title for name, label in shown.references.items() if label.category == "body"}
    st.text_area(
        "Who decided, one name on each line (required)",
        key=form.start("by", remembered("by", person.name)),
        max_chars=NAMES_LONGEST,
        height=90,
        on_change=on_change,
        persist_state="session",
    )
    listed = person.on_behalf_of in bodies
    own = person.on_behalf_of if listed else _OTHER if person.on_behalf_of else _NOBODY
    left, right = st.columns(2)
    with left:
        chosen = st.selectbox(
            "On whose behalf",
            [_NOBODY, *bodies, _OTHER],
            key=form.start("body", remembered("body", own)),
            format_func=lambda name: {
                _NOBODY: "Nobody’s but their own",
                _OTHER: "Another body, named beside",
                **bodies,
            }[name],
            persist_state="session",
        )
    with right:
        if chosen == _OTHER:
            st.text_input(
                "The name of that body (required)",
                key=form.start("other", remembered("other", "" if listed else person.on_behalf_of)),
                max_chars=NAME_LONGEST,
                on_change=on_change,
                persist_state="session",
            )
    st.date_input(
        "Day of the decision (required)",
        key=form.start("day", min(remembered("day", date.today()), date.today())),
        min_value=date.today() - _EARLIEST,
        max_value=date.today(),
        format="DD/MM/YYYY",
        help="The day on which it was decided, not the one on which it is recorded. It cannot lie in "
        "the future.",
        on_change=on_change,
        persist_state="session",
    )


def who_and_when(form: Form) -> tuple[tuple[str, ...], str, str, list[str]]:
    """Return the form's names, body and day, and sentences that say what is missing."""
    problems = []
    names = tuple(dict.fromkeys(filter(None, (line.strip() for line in form.text("by").splitlines()))))
    if not names:
        problems.append("Who decided: give at least one name.")
    body = form.text("body")
    if body == _OTHER:
        body = form.text("other")
        if not body:
            problems.append("The name of that body: say on whose behalf, or choose that it is nobody’s.")
    day = form.get("day", None)
    if not isinstance(day, date):
        problems.append("Day of the decision: give the day on which it was decided.")
    elif day > date.today():
        problems.append(
            "Day of the decision: it lies in the future; give the day on which it was decided."
        )
    return names, body, day.isoformat() if isinstance(day, date) else "", problems


def decisions(
    form: Form,
    situation: Situation,
    kind: Kind,
    items: Sequence[str],
    prints: Callable[[str], Mapping[str, str]],
    **content: Any,
) -> tuple[list[Body], list[str]]:
    """Return a decision on each item as the form says, and sentences that say what is missing.

    ``prints`` gives the fingerprints of the words that were shown with an item.
    """
    by, body, day, problems = who_and_when(form)
    why, place = form.text("why"), form.text("place") if kind is Kind.APPLY else ""
    if kind is Kind.NOTE and not why:
        problems.append("The words of the note: write them.")
    needs_place = kind is Kind.APPLY and any(offers.needs_place(situation, item) for item in items)
    if needs_place and not place:
        problems.append("Where it stands now: name the place in the document that receives it.")
    said = Body(kind, by, day, on_behalf_of=body, why=why, place=place, **content)
    return [replace(said, item=item, fingerprints=prints(item)) for item in items], problems


def against_fields(
    form: Form, shown: Shown, situation: Situation, bodies: Iterable[Body], words: object
) -> None:
    """Show which decisions in force stand against those of the form, and ask what becomes of them."""
    entries = offers.against(situation, bodies)
    form.shown = tuple(sorted(entries))
    if not entries:
        return
    render.show(
        "forms/against",
        entries=[entries[number] for number in form.shown],
        words=words,
        terms=shown.terms,
        references=shown.references,
    )
    if len(entries) == 1:
        label = "What becomes of this decision (required)"
        superseded = "It is superseded: the new one takes its place"
        beside, caption = "Both stay in force", "It stays on record, and no longer counts."
    else:
        label = "What becomes of these decisions (required)"
        superseded = "They are superseded: the new one takes their place"
        beside = "All of them stay in force, beside the new one"
        caption = "They stay on record, and no longer count."
    disagree = "If they do not agree, the matter shows as contested, and the latest decision holds."
    one_of(
        label,
        [SUPERSEDE, BESIDE],
        form.key(against_field(form.shown)),
        {SUPERSEDE: superseded, BESIDE: beside}.__getitem__,
        [caption, disagree],
    )
