"""One destination in detail: what moves there, what may, what refers to it, asks or mentions it.

People who may decide can sign off several items at once, or take the list away as a sheet.
"""

from __future__ import annotations

from functools import partial

from compactgraph.answers.provision import deciding_decisions
from compactgraph.answers.provision.quotations import quoted_texts
from compactgraph.answers.provision.source_text import source_document
from compactgraph.answers.review.checklist import checklist, destinations_of, to_sheet
from compactgraph.common.english import capital
from compactgraph.explorer.forms import checklist as checklist_form
from compactgraph.explorer.forms import recording
from compactgraph.explorer.forms import sheet as sheet_form
from compactgraph.explorer.forms.form import form_of, leave_others
from compactgraph.explorer.frame import address, dates, downloads, render, session

PAGE = "Destinations in detail"

shown = session.shown()
destinations = {found.identifier: found for found in destinations_of(shown.graph)}
names = {name: capital(found.label) for name, found in destinations.items()}
render.heading(
    PAGE,
    "For one destination: what moves there, what may, what refers to it, what only asks about it, and "
    "what mentions it in passing.",
)
if destinations:
    to = address.choice(
        "Destination",
        "to",
        list(destinations),
        lambda name: f"{names[name]} ({render.counted(destinations[name].going(), 'movement')})",
        help_="The documents, bodies and practices to which something goes. Type to search.",
    )
    session.title(names[to], PAGE)
    day = dates.field()
    dated = dates.on(shown, day)
    if day:
        render.show("shared/day", day=day, now=address.address("checklist", to=to))
    listed = checklist(dated.graph, to)
    document = source_document(dated.graph)
    show = partial(
        render.show,
        listed=listed,
        name=names[to],
        terms=dated.terms,
        quoted=lambda item: quoted_texts(document, item.evidence),
        resolutions=deciding_decisions,
        on={dates.NAME: day},
    )
    form, sheet = form_of(f"{shown.review} checklist {to}"), form_of(f"{shown.review} sheet {to}")
    leave_others(form.scope, sheet.scope)
    person = None if day else recording.person_at(form)
    situation = recording.situation_or_notice(shown) if person else None
    if person is None or situation is None:
        show("checklist/page")
    else:
        show("checklist/head")
        checklist_form.ticks(form, shown, situation, listed, show)
        checklist_form.sign_off(form, shown, situation, person, listed)
        sheet_form.draw(sheet, shown, situation, person, to, names[to])
    recording.move_focus()
    downloads.sheet(dated, to_sheet(dated.graph, listed))
else:
    session.title(PAGE)
    render.notice("Nothing goes anywhere yet.", "No recommendation of this review names a destination.")
