"""One destination in detail: what moves there, what may, what refers to it, asks or mentions it.

Who may decide signs off several of its items at once here, or takes the list away as a sheet and brings
it back filled in.
"""

from __future__ import annotations

from functools import partial

from compactgraph import resolutions
from compactgraph.checklist import checklist, destinations_of, to_sheet
from compactgraph.passages import source_document
from compactgraph.quotations import quoted_texts
from compactgraph.terms import capital
from compactgraph.ui import (
    address,
    days,
    deciding,
    downloads,
    render,
    round_trip,
    session,
    signing_off,
)

PAGE = "Destinations in detail"

shown = session.shown()
destinations = {found.reference.identifier: found for found in shown.ask(destinations_of)}
names = {name: capital(found.reference.label) for name, found in destinations.items()}
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
        lambda name: f"{names[name]} ({render.counted(destinations[name].movements, 'movement')})",
        help_="The documents, bodies and practices to which something goes. Type to search.",
    )
    session.title(names[to], PAGE)
    day = days.field()
    dated = days.on(shown, day)
    if day:
        render.show("deciding_day", day=day, now=address.address("checklist", to=to))
    listed = dated.ask(checklist, to)
    document = dated.ask(source_document)
    show = partial(
        render.show,
        listed=listed,
        name=names[to],
        terms=dated.terms,
        quoted=lambda item: quoted_texts(document, item.evidence),
        resolutions=resolutions,
        on={days.NAME: day},
    )
    form, sheet = signing_off.form_on(shown, to), round_trip.form_on(shown, to)
    deciding.leave_others(form.scope, sheet.scope)
    person = None if day else deciding.person_at(form)
    situation = deciding.situation_or_notice(shown) if person else None
    if person is None or situation is None:
        show("checklist")
    else:
        show("checklist_head")
        signing_off.ticks(form, shown, situation, listed, show)
        signing_off.sign_off(form, shown, situation, person, listed)
        round_trip.draw(sheet, shown, situation, person, to, names[to])
    deciding.move_focus()
    downloads.sheet(dated, to_sheet(listed))
else:
    session.title(PAGE)
    render.notice("Nothing goes anywhere yet.", "No recommendation of this review names a destination.")
