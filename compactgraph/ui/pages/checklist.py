"""One destination in detail: what moves there, what may, what refers to it, asks or mentions it."""

from __future__ import annotations

from compactgraph.checklist import checklist, destinations_of, to_sheet
from compactgraph.passages import source_document
from compactgraph.quotations import quoted_texts
from compactgraph.terms import capital
from compactgraph.ui import address, downloads, render, session

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
    listed = shown.ask(checklist, to)
    document = shown.ask(source_document)
    render.show(
        "checklist",
        listed=listed,
        name=names[to],
        terms=shown.terms,
        quoted=lambda item: quoted_texts(document, item.evidence),
    )
    downloads.sheet(shown, to_sheet(listed))
else:
    session.title(PAGE)
    render.notice("Nothing goes anywhere yet.", "No recommendation of this review names a destination.")
