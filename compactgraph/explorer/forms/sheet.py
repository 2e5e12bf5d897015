"""Deciding by spreadsheet: the sheet goes out, comes back, is shown, and is recorded as a whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from compactgraph.deciding.checks import Situation
from compactgraph.deciding.sheet.cells import Defaults
from compactgraph.deciding.sheet.preview import Fate, Preview
from compactgraph.deciding.sheet.round_trip import preview, sheet_out
from compactgraph.errors import CompactgraphError, ConflictError
from compactgraph.explorer.forms import fields, recording
from compactgraph.explorer.forms.form import Form, form_of, undisturbed
from compactgraph.explorer.frame import downloads, render
from compactgraph.explorer.frame.session import Shown
from compactgraph.explorer.sign_in.deciders import Decider
from compactgraph.files.untrusted import LARGEST

_SHEET = "sheet"
_SEEN = "seen"
_MEGABYTES = LARGEST // 1_000_000


def draw(form: Form, shown: Shown, situation: Situation, person: Decider, to: str, name: str) -> None:
    """Draw the sheet's download, the field for the filled-in sheet, and what it would record."""
    render.show("forms/sheet")
    words = partial(recording.words, shown, situation)
    recording.show_done(form, shown, words)
    made = partial(sheet_out, recording.desk_of(shown), to)
    st.download_button(
        fields.literal(f"Download the sheet for {name}, to fill in (XLSX)"),
        made,
        file_name=f"{shown.review}-decisions-{to}.xlsx",
        mime=downloads.KINDS["xlsx"][1],
        key=form.key("out"),
        on_click="ignore",
    )
    file = st.file_uploader(
        "The sheet, filled in (XLSX or ODS)",
        type=["xlsx", "ods"],
        key=form.key(_SHEET),
        max_upload_size=_MEGABYTES,
    )
    recording.show_problems(form)
    if file is None:
        return
    recording.hint("These hold for the rows of the sheet that leave them empty:")
    fields.who_fields(form, shown, person, live=True)
    _show_preview(form, shown, file.getvalue(), words)


@dataclass(frozen=True)
class _Seen:
    """What a person was shown of a sheet, and what held for the rows that leave it empty."""

    preview: Preview
    defaults: Defaults


def _show_preview(form: Form, shown: Shown, data: bytes, words: Callable[[str], str]) -> None:
    by, body, day, problems = fields.who_and_when(form)
    st.session_state.pop(form.key(_SEEN), None)
    if problems:
        render.show("forms/problems", problems=problems)
        return
    defaults = Defaults(by, body, day)
    try:
        seen = preview(recording.desk_of(shown), data, defaults)
    except CompactgraphError as error:
        render.show("forms/problems", problems=[recording.sentence(error)])
        return
    render.show(
        "forms/preview",
        seen=seen,
        recording=seen.of(Fate.WILL_RECORD),
        unclear=seen.of(Fate.NOT_UNDERSTOOD),
        against=seen.of(Fate.IN_CONFLICT),
        empty=seen.of(Fate.EMPTY),
        words=words,
        terms=shown.terms,
        references=shown.references,
    )
    if seen.applicable:
        st.session_state[form.key(_SEEN)] = _Seen(seen, defaults)
        recording.hint(recording.STAYS)
        st.button(
            f"Record {render.counted(len(seen.bodies), 'decision')}",
            key=f"record sheet:{form.token}",
            type="primary",
            on_click=_record,
            args=(form.scope, form.token),
        )


def _record(scope: str, token: str) -> None:
    form = undisturbed(form_of, scope)
    seen = undisturbed(form.get, _SEEN, None)
    if form.token != token or not isinstance(seen, _Seen):
        return
    by, body, day, _ = undisturbed(fields.who_and_when, form)
    if Defaults(by, body, day) != seen.defaults:
        recording.refuse(
            form,
            "Nothing was recorded: who decided, for whom or when was changed. See below what would be "
            "recorded now.",
        )
        return
    recording.record(form, seen.preview.bodies, _refused, after=seen.preview.now)


def _refused(form: Form, error: CompactgraphError) -> None:
    problem = f"Nothing was recorded. {recording.sentence(error)}"
    if isinstance(error, ConflictError):
        problem = (
            "Nothing was recorded: meanwhile something else was. The sheet was looked at anew; see "
            "below what it says now."
        )
    recording.refuse(form, problem)
