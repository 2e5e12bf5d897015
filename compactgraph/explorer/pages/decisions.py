"""Decisions: what awaits one, what was decided by whom and why, and whether the register is whole."""

from __future__ import annotations

from functools import partial

from compactgraph.answers.provision.deciding_decisions import standing_sentences
from compactgraph.answers.review.standing import instead, standings, to_paper, to_sheet
from compactgraph.answers.tables.destinations import one_row_each, table_of_destinations
from compactgraph.errors import shorten
from compactgraph.explorer.forms import suspects
from compactgraph.explorer.frame import address, downloads, render, session
from compactgraph.explorer.sign_in import session as sign_in
from compactgraph.explorer.views import decisions

TITLE = "Decisions"
FEW = 5
WORDS_SHOWN = 160

shown = session.begin(
    TITLE,
    "What was decided, by whom, when and why; what still awaits a decision, and what must be looked at "
    "again.",
)
found = standings(shown.graph)
register = decisions.register_now(shown)
rows = one_row_each(table_of_destinations(shown.graph))
render.show(
    "decisions/page",
    found=found,
    register=register,
    terms=shown.terms,
    references=shown.references,
    instead=instead,
    few=FEW,
    words=partial(shorten, length=WORDS_SHOWN),
)
suspects.form(shown, found.suspects)
may = sign_in.decider() is not None
render.show("decisions/history_head", empty=not found.history, may=may)
if found.history:
    wanted = decisions.filters(shown, rows, found.history)
    order = address.switch("Order", "order", decisions.ORDERS)
    chosen = decisions.chosen(found.history, wanted, order, [row.provision for row in rows])
    part = address.stretch(decisions.PAGE, len(chosen), decisions.ROWS_SHOWN, "history")
    described = decisions.described(shown, wanted)
    render.show(
        "decisions/history",
        decisions=chosen,
        all=len(found.history),
        part=part,
        described=described,
        provision=wanted.provision,
        may=may,
        instead=instead,
        standing=standing_sentences,
    )
    about = f"Shown: {described}." if described else "All decisions."
    downloads.sheet(
        shown,
        to_sheet(chosen, about),
        word=lambda: downloads.paper(shown, [to_paper(chosen, about)], TITLE),
    )
render.show("decisions/register", register=register)
if register.is_whole and register.entries:
    render.copyable(register.head.hash, "the hash")
