"""How answers look on a terminal: tables, a trace, findings. Colour and width are the library's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from compactgraph.common.schemes import KINDS, Outcome, Party, Status
from compactgraph.errors import shorten
from compactgraph.graph.findings import Finding, Severity

if TYPE_CHECKING:
    from compactgraph.answers.network.network import Step
    from compactgraph.answers.provision.trace import Destination, Evidence, Said, Trace
    from compactgraph.answers.tables.decisions import Decision
    from compactgraph.answers.tables.destinations import Row
    from compactgraph.answers.tables.drafts import DraftRow
    from compactgraph.build.pipeline import BuildResult
    from compactgraph.build.review import ReviewSummary
    from compactgraph.deciding.checks import Situation
    from compactgraph.deciding.desk import Recorded
    from compactgraph.sparql.rows import Cell

_OUTCOME_STYLES: Mapping[str, str] = {
    Outcome.RETAINED: "green",
    Outcome.REVISED: "cyan",
    Outcome.EITHER: "magenta",
    Outcome.MOVED: "blue",
    Outcome.REFERRED: "blue",
    Outcome.ABSORBED: "yellow",
    Outcome.DROPPED: "red",
    Outcome.UNDECIDED: "bold",
}
_LINES_SHOWN = 20


def console(*, errors: bool = False) -> Console:
    """Return a console for standard output, or for standard error."""
    return Console(stderr=errors, highlight=False, emoji=False, markup=False)


def _table(title: str = "") -> Table:
    return Table(
        title=title or None,
        title_justify="left",
        title_style="bold",
        header_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )


def plain_table(columns: Sequence[str], rows: Iterable[Sequence[Cell]], title: str = "") -> Table:
    """Return a table of plain cells; numbers stand to the right."""
    kept = [list(row) for row in rows]
    table = _table(title)
    for place, column in enumerate(columns):
        numbers = bool(kept) and all(isinstance(row[place], int | float) for row in kept)
        table.add_column(Text(column), justify="right" if numbers else "left", overflow="fold")
    for row in kept:
        table.add_row(*("" if cell is None else Text(str(cell)) for cell in row))
    return table


def outcome(name: str, label: str = "") -> Text:
    """Return an outcome's name, or its label, in its colour; the words alone say it too."""
    return Text(label or name, style=_OUTCOME_STYLES.get(name, ""))


def destinations_table(rows: Sequence[Row], title: str, width: int) -> Table:
    """Return the table of destinations in the columns for which ``width`` characters have room.

    Long words are cut with an ellipsis, to one line if the terminal is wide and to a few if it is
    narrow: the other formats and the trace have all words.
    """
    wide = width >= 110
    names = ["Provision", "Outcome", "Goes", *(["Destination", "Reason"] if wide else [])]
    words = [*(["2012 words"] if width >= 150 else []), "Recommendation"]
    short = [_short_cells(row, wide=wide) for row in rows]
    widths = [
        min(max([len(name), *(len(cells[place]) for cells in short)]), 40 if wide else 18)
        for place, name in enumerate(names)
    ]
    taken = sum(widths) + 3 * (len(names) + len(words))
    room = max(20, (width - taken) // len(words))
    table = _table(title)
    for name, column_width in zip(names, widths, strict=True):
        table.add_column(name, width=column_width, overflow="fold")
    for name in words:
        table.add_column(name)
    for row, cells in zip(rows, short, strict=True):
        texts = [row.text, row.recommendation_text or "(no recommendation)"][-len(words) :]
        table.add_row(
            Text(cells[0]),
            outcome(cells[1]),
            *map(Text, cells[2:]),
            *(Text(shorten(text, room if wide else 3 * room)) for text in texts),
        )
    return table


def _short_cells(row: Row, *, wide: bool) -> list[str]:
    if wide:
        cells = [row.provision, row.outcome, row.relation, row.destination, row.reason]
    else:
        to = f"{row.relation} → {row.destination}" if row.destination else row.relation
        cells = [row.provision, row.outcome, to]
    return [cell or "–" for cell in cells]


def findings_report(found: Mapping[str, Sequence[Finding]]) -> RenderableType:
    """Return what validation found, a line each, the reviews by name, and how many of each severity."""
    findings = [finding for each in found.values() for finding in each]
    lines: list[RenderableType] = []
    for name, each in found.items():
        if len(found) > 1 and each:
            lines.append(Text(name, style="bold"))
        lines += [Text(str(finding)) for finding in each]
    totals = {severity: sum(f.severity is severity for f in findings) for severity in Severity}
    counts = ", ".join(
        f"{n} {severity.lower()}{'' if n == 1 else 's'}" for severity, n in totals.items()
    )
    verdict = "The graph does not conform" if totals[Severity.VIOLATION] else "The graph conforms"
    return Group(*lines, Text(f"{verdict}: {counts}."))


def build_report(result: BuildResult) -> RenderableType:
    """Return what a build made: the counts and outcome totals of its reviews, and what was found."""
    reviews = result.reviews
    title = reviews[0].title if len(reviews) == 1 else f"{len(reviews)} reviews"
    parts: list[RenderableType] = [Text(title, style="bold"), *_counts(reviews), Text("")]
    parts += [_outcome_totals(reviews), *_found(reviews)]
    if not result.built and not result.removed:
        parts.append(Text("Nothing has changed since the last build, so nothing was done."))
    else:
        removed = f", {len(result.removed)} taken out" if result.removed else ""
        built = "1 review" if len(result.built) == 1 else f"{len(result.built)} reviews"
        parts.append(Text(f"Built {built}{removed}; the store holds {result.quads:,} quads."))
    return Group(*parts)


def _sum(reviews: Sequence[ReviewSummary], name: str) -> int:
    return sum(review.counts.get(name, 0) for review in reviews)


def _counts(reviews: Sequence[ReviewSummary]) -> Iterator[Text]:
    def count(name: str) -> int:
        return _sum(reviews, name)

    kinds = ", ".join(f"{count(kind):,} {kind}s" for kind in KINDS)
    parties = ", ".join(f"{count(party):,} {party}" for party in Party)
    yield Text(f"  {count('provisions'):,} provisions: {kinds}")
    yield Text(f"  {count('commitment'):,} commitments: {parties}")
    yield Text(
        f"  {count('recommendations'):,} recommendations, {count('commentary'):,} paragraphs of "
        f"commentary, {count('footnotes'):,} footnotes"
    )
    yield Text(
        f"  {count('readings'):,} readings, {count('by hand'):,} of them by a person's hand; "
        f"{count('movements'):,} movements"
    )


def _outcome_totals(reviews: Sequence[ReviewSummary]) -> Table:
    table = _table()
    for column in ("Outcome", "Provisions", "Commitments"):
        table.add_column(column, justify="left" if column == "Outcome" else "right")
    totals = [0, 0]
    for name in sorted({name for review in reviews for name in review.outcomes}):
        numbers = [
            sum(review.outcomes.get(name, 0) for review in reviews),
            sum(review.commitment_outcomes.get(name, 0) for review in reviews),
        ]
        totals = [total + number for total, number in zip(totals, numbers, strict=True)]
        table.add_row(outcome(name), *(f"{number:,}" for number in numbers))
    table.add_section()
    table.add_row("total", *(f"{total:,}" for total in totals))
    return table


def _found(reviews: Sequence[ReviewSummary]) -> Iterator[Text]:
    """Yield what is unread and what validation found, as much as a screen holds."""
    lines = []
    for review in reviews:
        name = f"{review.identifier}: " if len(reviews) > 1 else ""
        findings = [Finding.from_json(data) for data in review.findings]
        lines += [f"{name}unread: {unread}" for unread in review.unread]
        lines += [f"{name}{finding}" for finding in findings]
    yield from map(Text, lines[:_LINES_SHOWN])
    if len(lines) > _LINES_SHOWN:
        yield Text(f"… and {len(lines) - _LINES_SHOWN:,} more; see: compactgraph validate")
    if not lines:
        yield Text("Every word is read; the graph conforms.")


def trace_report(traced: Trace) -> RenderableType:
    """Return a provision's way as a story: words, commentary, recommendations, destination."""
    facts = [traced.kind]
    if traced.theme:
        facts.append(f"theme {traced.theme}")
    if traced.party:
        facts.append(f"made by: {traced.party}")
    parts: list[RenderableType] = [
        Text(f"{traced.identifier} – {', '.join(facts)}", style="bold underline"),
        *_said("Its words", traced.of_kind("wording")),
        *_said("Footnotes", traced.of_kind("footnote")),
        *_said("What the partners say", traced.of_kind("commentary")),
        *_said("What they recommend", traced.of_kind("recommendation")),
        _heading("Where it goes"),
    ]
    if not traced.of_kind("recommendation"):
        parts.append(_indented(Text("The document recommends nothing here.")))
    for move in traced.movements:
        where = f"{move.label} → {move.destination_label}" if move.destination else move.label
        why = f", because: {', '.join(move.reasons)}" if move.reasons else ""
        parts.append(_indented(Text(f"{where}{why}  ({_firmness(move)})")))
    outcome_line = Text.assemble("Outcome: ", outcome(traced.outcome, traced.outcome_label))
    parts.append(_indented(outcome_line.append(f" – {traced.outcome_meaning}")))
    if traced.recommended_outcome != traced.outcome:
        recommended = outcome(traced.recommended_outcome, traced.recommended_outcome_label)
        parts.append(_indented(Text.assemble("Recommended outcome: ", recommended)))
    if traced.decisions:
        parts.append(_heading("What was decided"))
        parts += [_indented(Text(decision_line(decision))) for decision in traced.decisions]
    if traced.evidence:
        parts.append(_heading("How it is read"))
        parts += [_indented(Text(_evidence(reading))) for reading in traced.evidence]
    if traced.related:
        parts.append(_heading("Tied to"))
        for other in traced.related:
            score = f" ({other.score})" if other.score is not None else ""
            ties = {"to": other.tie, "from": f"{other.tie}, from"}[other.direction]
            line = f"{ties}{score}: {other.identifier} [{other.outcome}] {shorten(other.text, 90)}"
            parts.append(_indented(Text(line)))
    return Group(*parts)


def _firmness(move: Destination) -> str:
    if move.decision:
        return f"{move.status}, decided by {move.decision}"
    return (
        f"{move.status} by {move.basis}"
        if move.state == Status.RECOMMENDED
        else (f"{move.status}; recommended by {move.basis}")
    )


def decision_line(decision: Decision) -> str:
    """Return a decision in one line: what, who, on whose behalf, when, why, and whether it holds."""
    what = f"{decision.name}: {decision.done} {decision.item}"
    if decision.decided or decision.to:
        to = [f"→ {decision.to}"] if decision.to else []
        what += f" – {', '.join([*decision.decided, *to])}"
    behalf = f" for {decision.on_behalf_of}" if decision.on_behalf_of else ""
    place = f"; in {decision.place}" if decision.place else ""
    why = f": {decision.why}" if decision.why else ""
    marks = []
    if decision.replaces:
        marks.append(f"replaces {', '.join(decision.replaces)}")
    if decision.replaced_by:
        marks.append(f"replaced by {', '.join(decision.replaced_by)}")
    if decision.suspect:
        marks.append(f"suspect: {', '.join(decision.changed)} has changed since")
    if decision.void:
        marks.append("void: the review has no such item")
    standing = f"  ({'; '.join(marks)})" if marks else ""
    return f"{what}, by {', '.join(decision.by)}{behalf} on {decision.date}{place}{why}{standing}"


def decisions_report(title: str, decisions: Iterable[Decision]) -> RenderableType:
    """Return decisions, a paragraph each: the columns of a table have no room for their words."""
    lines = [_indented(Text(decision_line(decision))) for decision in decisions]
    return Group(Text(title, style="bold"), *lines)


def recorded_report(recorded: Recorded, situation: Situation) -> Iterator[str]:
    """Yield a line for each entry that was written, with what becomes of its provision now."""
    for entry in recorded.entries:
        body = entry.body
        if body.is_draft:
            what = f" {body.item}" if body.item else ""
            yield f"{entry.name}: {body.kind}{what} in draft {body.draft}"
            continue
        result = ""
        if body.provision in situation.stood.outcomes and body.kind != "note":
            result = f"; {body.provision} is now {situation.stood.outcomes[body.provision]}"
        yield f"{entry.name}: {body.kind} {body.item}{result}"


def differences_report(rows: Sequence[DraftRow]) -> RenderableType:
    """Return the wordings of a draft beside the old ones, word by word.

    Removed words stand in [-…-] and added ones in {+…+}, so that colour says nothing alone.
    """
    from compactgraph.reading.similarity import differences

    parts: list[RenderableType] = []
    for row in rows:
        origin = f"from {row.provision}" if row.provision else "new"
        parts.append(_heading(f"{row.draft_provision} – {origin}: {row.change}"))
        text = Text()
        for stretch in differences(row.text, row.draft_text):
            if text:
                text.append(" ")
            text.append(stretch.marked, style=_FATE_STYLES[stretch.fate])
        parts.append(_indented(text))
    return Group(*parts)


_FATE_STYLES = {"kept": "", "removed": "red strike", "added": "green bold"}


def _heading(text: str) -> Text:
    return Text("\n" + text, style="bold")


def _indented(text: Text) -> Padding:
    return Padding(text, (0, 0, 0, 2))


def _said(heading: str, texts: Sequence[Said]) -> list[RenderableType]:
    if not texts:
        return []
    parts: list[RenderableType] = [_heading(heading)]
    for said in texts:
        about = f", on {said.about}" if said.about else ""
        parts.append(_indented(Text(f"{said.text}  [{said.identifier}{about}, line {said.line}]")))
    return parts


def _evidence(reading: Evidence) -> str:
    value = reading.value or "states none"
    to = f" → {reading.to}" if reading.to else ""
    words = " … ".join(found.words for found in reading.ranges)
    where = reading.ranges[0]
    if reading.person:
        how = f"read by {reading.person}: {reading.why}"
    elif reading.cue:
        how = f"by the cue “{reading.cue}”"
    else:
        how = f"by measure, {reading.score}" if reading.score is not None else reading.rule
    place = f"characters {where.start}–{where.end}, line {where.line}"
    return f"{reading.of}: {reading.property} {value}{to} – “{shorten(words)}” ({place}); {how}"


def path_report(steps: Sequence[Step] | None, end: str) -> RenderableType:
    """Return an explained path, a line for each step; None if nothing ties the two."""
    heading = _heading(f"How it is tied to {end}")
    if steps is None:
        return Group(heading, _indented(Text("Nothing in the graph ties the two.")))
    lines: list[RenderableType] = []
    for step in steps:
        words = f" – “{shorten(step.words, 160)}” [{step.of}]" if step.words else ""
        line = f"{step.start.identifier} {step.label} {step.end.identifier}{words}"
        lines.append(_indented(Text(line)))
    return Group(heading, *lines)
