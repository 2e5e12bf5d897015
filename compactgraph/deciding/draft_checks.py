"""Checks an entry on a draft: its draft, what it derives from, and whose words it replaces."""

from __future__ import annotations

from dataclasses import replace

from compactgraph.common.identifiers import DRAFT_IDENTIFIER, DraftedName, parse_name
from compactgraph.common.schemes import ProvisionKind
from compactgraph.decisions.drafts import Draft, DraftedProvision, Drafts
from compactgraph.decisions.reviewed import Read
from compactgraph.decisions.suspects import now
from compactgraph.errors import ConflictError, EntryError, UnknownNameError, require_known, shorten
from compactgraph.register.entry import Body, Kind


def drafted(found: Read, drafts: Drafts, body: Body) -> Body:
    """Return an entry on a draft with its draft's number and the fingerprints of what it derives from.

    Raises EntryError if it does not fit the drafts, UnknownNameError for an unknown name, and
    ConflictError if it replaces words whose entry it does not name in ``replaces``.
    """
    if body.kind is Kind.BEGIN_DRAFT:
        return replace(body, draft=1 if drafts.latest is None else drafts.latest.number + 1)
    draft = _open_draft(drafts, body)
    complete = replace(body, draft=draft.number)
    before = draft.provisions.get(body.item)
    _refuse_unseen(before, complete)
    if body.kind is Kind.WITHDRAW_DRAFT:
        require_known(f"provision of draft {draft.number}", body.item, draft.provisions)
        return complete
    return _written(found, drafts, draft, complete)


def _open_draft(drafts: Drafts, body: Body) -> Draft:
    latest = drafts.latest
    if latest is None:
        raise EntryError("there is no draft yet; begin one first")
    if body.draft not in (0, latest.number):
        known = [f"draft {draft.number}" for draft in drafts.all]
        if drafts.draft(body.draft) is None:
            raise UnknownNameError("draft", f"draft {body.draft}", known)
        raise EntryError(
            f"draft {body.draft} is closed since draft {latest.number} was begun; write in that one"
        )
    return latest


def _refuse_unseen(before: DraftedProvision | None, body: Body) -> None:
    if before is None or before.entry is None or before.entry.number in body.replaces:
        return
    entry = before.entry
    raise ConflictError(
        f"{before.name} has words that were written by {shorten(', '.join(entry.body.by))} on "
        f"{entry.body.date} (d{entry.number}); supersede them if others are to stand there",
        [entry.number],
        beside=False,
    )


def _written(found: Read, drafts: Drafts, draft: Draft, body: Body) -> Body:
    if DRAFT_IDENTIFIER.fullmatch(body.item) is None:
        raise EntryError(
            f"'{shorten(body.item, 40)}' cannot name a provision; use up to 40 letters, figures, dots "
            "and hyphens, as in 2.3"
        )
    require_known("kind of provision", body.role, set(ProvisionKind))
    if body.theme and not (body.theme.isascii() and body.theme.isdecimal() and len(body.theme) <= 4):
        raise EntryError(f"'{shorten(body.theme, 20)}' is not a theme; give its number")
    if not body.text.strip():
        raise EntryError(f"{body.item} has no words; give them")
    prints = {origin: _print(found, drafts, draft, origin) for origin in body.derives_from}
    return replace(body, fingerprints=prints)


def _print(found: Read, drafts: Drafts, draft: Draft, origin: str) -> str:
    """Return the fingerprint of the words from which a provision derives."""
    named = parse_name(origin)
    if isinstance(named, DraftedName) and named.draft == draft.number:
        raise EntryError(
            f"{origin} is of the same draft; a provision derives from what was there before"
        )
    if isinstance(named, DraftedName) and named.draft != draft.number - 1:
        raise EntryError(
            f"{origin} is of an earlier draft; name the provision of draft {draft.number - 1} "
            "that derives from it"
        )
    known = {*found.provisions}
    if draft.number > 1 and (before := drafts.draft(draft.number - 1)):
        known |= {provision.name for provision in before.provisions.values()}
    require_known("provision", origin, known)
    return now(found, drafts, origin)
