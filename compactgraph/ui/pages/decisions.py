"""Decisions: what awaits one, what was decided by whom and why, and whether the register is whole."""

from __future__ import annotations

from compactgraph.destinations import table_of_destinations
from compactgraph.errors import shorten
from compactgraph.output import ABOUT
from compactgraph.overview import one_row_each
from compactgraph.sheets import file_bytes
from compactgraph.standings import instead, standing, to_paper, to_sheet
from compactgraph.ui import address, confirming, downloads, minuting, render, session, signing

TITLE = "Decisions"
FEW = 5
WORDS_SHOWN = 160

shown = session.shown()
session.title(TITLE)
render.heading(
    TITLE,
    "What was decided, by whom, when and why; what still awaits a decision, and what must be looked at "
    "again.",
)
found = minuting.how_it_stands(shown)
register = minuting.register_now(shown)
rows = one_row_each(shown.ask(table_of_destinations))
render.show(
    "decisions",
    found=found,
    register=register,
    terms=shown.terms,
    references=shown.references,
    instead=instead,
    few=FEW,
    words=lambda text: shorten(text, WORDS_SHOWN),
)
confirming.form(shown, found.suspects)
may = signing.decider() is not None
render.show("decisions_history_head", empty=not found.history, may=may)
if found.history:
    wanted = minuting.filters(shown, rows, found.history)
    order = address.switch("Order", "order", minuting.ORDERS)
    shelf = minuting.shelf(found.history, wanted, order, [row.provision for row in rows])
    described = minuting.described(shown, wanted)
    render.show(
        "decisions_history",
        found=found,
        shelf=shelf,
        page=minuting.ROWS_SHOWN,
        described=described,
        provision=wanted.provision,
        may=may,
        instead=instead,
        standing=standing,
    )
    about = f"Shown: {described}." if described else "All decisions."
    downloads.sheet(
        shown,
        to_sheet(shelf.wanted, about),
        word=lambda: file_bytes(
            [to_paper(shelf.wanted, about)], "docx", TITLE, f"{ABOUT} {shown.summary.title}"
        ),
    )
render.show("decisions_register", register=register)
if register.is_whole and register.entries:
    render.copyable(register.head.hash, "the hash")
