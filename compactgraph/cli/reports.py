"""How answers look on a terminal: tables, a trace, findings. Colour and width are the library's."""

from __future__ import annotations

from collections import Counter
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
    from compactgraph.answers.provision.trace import Destination, Evidence, Related, Said, Trace
    from compactgraph.answers.tables.decisions import Decision
    from compactgraph.answers.tables.destinations import Row
    from compactgraph.answers.tables.drafts import DraftRow
    from compactgraph.build.pipeline import BuildResult
    from compactgraph.build.review import ReviewSummary
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


def plain_table(columns: Sequence[str], rows: Sequence[Sequence[Cell]], title: str) -> RenderableType:
    """Return a table of plain cells, or a line if there are no rows; numbers stand to the right."""
    if not rows:
        return f"{title}\nNothing was found." if title.endswith("?") else title
    table = _table(title)
    for place, column in enumerate(columns):
        numbers = all(isinstance(row[place], int | float) for row in rows)
        table.add_column(Text(column), justify="right" if numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else Text(str(cell)) for cell in row))
    return table


def outcome(name: str, label: str = "") -> Text:
    """Return an outcome's name, or its label, in its colour; the words alone say it too."""
    return Text(label or name, style=_OUTCOME_STYLES.get(name, ""))


def destinations_table(rows: Sequence[Row], title: str, screen: Console) -> Table:
    """Return the table of destinations in the columns for which the screen has room.

    Long words are cut with an ellipsis, to one line if the terminal is wide and to a few if it is
    narrow: the other formats and the trace have all words.
    """
    wide = screen.width >= 110
    table = _table(title)
    table.expand = True
    for name in ("Provision", "Outcome", "Goes", *(("Destination", "Reason") if wide else ())):
        table.add_column(name, max_width=40 if wide else 18, overflow="fold")
    if screen.width >= 150:
        table.add_column("Its words", ratio=1, no_wrap=True, overflow="ellipsis")
    table.add_column("Recommendation", ratio=1, no_wrap=wide, overflow="ellipsis")
    for row in rows:
        cells = [row.relation, row.destination, row.reason]
        if not wide:
            cells = [" → ".join(filter(None, cells[:2]))]
        texts = [row.text] if screen.width >= 150 else []
        texts.append(row.recommendation_text or "(no recommendation)")
        table.add_row(
            Text(row.provision),
            outcome(row.outcome),
            *(Text(cell or "–") for cell in cells),
            *(Text(shorten(text, screen.width)) for text in texts),
        )
    return table


def findings_report(found: Mapping[str, Sequence[Finding]]) -> RenderableType:
    """Return what validation found, a line each, the reviews by name, and how many of each severity."""
    lines: list[RenderableType] = []
    for name, findings in found.items():
        if len(found) > 1 and findings:
            lines.append(Text(name, style="bold"))
        lines += [Text(str(finding)) for finding in findings]
    severities = Counter(finding.severity for findings in found.values() for finding in findings)
    totals = {severity: severities[severity] for severity in Severity}
    counts = ", ".join(
        f"{n} {severity.lower()}{'' if n == 1 else 's'}" for severity, n in totals.items()
    )
    verdict = "The graph does not conform" if totals[Severity.VIOLATION] else "The graph conforms"
    return Group(*lines, Text(f"{verdict}: {counts}."))


def build_report(result: BuildResult) -> RenderableType:
    """Return what a build made: the counts and outcome totals of its reviews, and what was found."""
    reviews = result.reviews
    title = reviews[0].title if len(reviews) == 1 else f"{len(reviews)} reviews"
    parts: list[RenderableType] = [Text(title, style="bold"), _counts(reviews), Text("")]
    parts += [_outcome_totals(reviews), *_found(reviews)]
    if not result.built and not result.removed:
        parts.append(Text("Nothing has changed since the last build, so nothing was done."))
    else:
        removed = f", {len(result.removed)} taken out" if result.removed else ""
        built = "1 review" if len(result.built) == 1 else f"{len(result.built)} reviews"
        parts.append(Text(f"Built {built}{removed}; the store holds {result.quads:,} quads."))
    return Group(*parts)


def _totals(counts: Iterable[Mapping[str, int]]) -> Counter[str]:
    return sum(map(Counter, counts), Counter())


def _counts(reviews: Sequence[ReviewSummary]) -> Text:
    count = _totals(review.counts for review in reviews)
    kinds = ", ".join(f"{count[kind]:,} {kind}s" for kind in KINDS)
    parties = ", ".join(f"{count[party]:,} {party}" for party in Party)
    return Text(
        f"  {count['provisions']:,} provisions: {kinds}\n"
        f"  {count['commitment']:,} commitments: {parties}\n"
        f"  {count['recommendations']:,} recommendations, {count['commentary']:,} paragraphs of "
        f"commentary, {count['footnotes']:,} footnotes\n"
        f"  {count['readings']:,} readings, {count['by hand']:,} of them by a person's hand; "
        f"{count['movements']:,} movements"
    )


def _outcome_totals(reviews: Sequence[ReviewSummary]) -> Table:
    table = _table()
    table.add_column("Outcome")
    table.add_column("Provisions", justify="right")
    table.add_column("Commitments", justify="right")
    provisions = _totals(review.outcomes for review in reviews)
    commitments = _totals(review.commitment_outcomes for review in reviews)
    for name in sorted(provisions):
        table.add_row(outcome(name), f"{provisions[name]:,}", f"{commitments[name]:,}")
    table.add_section()
    table.add_row("total", f"{provisions.total():,}", f"{commitments.total():,}")
    return table


def _found(reviews: Sequence[ReviewSummary]) -> Iterator[Text]:
    """Yield what is unread and what validation found, as much as a screen holds."""
    lines = []
    for review in reviews:
        name = f"{review.identifier}: " if len(reviews) > 1 else ""
        lines += [f"{name}unread: {unread}" for unread in review.unread]
        lines += [f"{name}{Finding.from_json(data)}" for data in review.findings]
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
    return Group(
        Text(f"{traced.identifier} – {', '.join(facts)}", style="bold underline"),
        *_section("Its words", map(_said, traced.of_kind("wording"))),
        *_section("Footnotes", map(_said, traced.of_kind("footnote"))),
        *_section("What the partners say", map(_said, traced.of_kind("commentary"))),
        *_section("What they recommend", map(_said, traced.of_kind("recommendation"))),
        *_section("Where it goes", _where_it_goes(traced)),
        *_section("What was decided", map(decision_line, traced.decisions)),
        *_section("How it is read", map(_evidence, traced.evidence)),
        *_section("Tied to", map(_tie, traced.related)),
    )


def _section(heading: str, lines: Iterable[str | Text]) -> list[RenderableType]:
    """Return a heading and its lines, indented; nothing if there are no lines."""
    indented = [_indented(line) for line in lines]
    return [_heading(heading), *indented] if indented else []


def _heading(text: str) -> Text:
    return Text("\n" + text, style="bold")


def _where_it_goes(traced: Trace) -> Iterator[str | Text]:
    if not traced.of_kind("recommendation"):
        yield "The document recommends nothing here."
    for move in traced.movements:
        where = f"{move.label} → {move.destination_label}" if move.destination else move.label
        why = f", because: {', '.join(move.reasons)}" if move.reasons else ""
        yield f"{where}{why}  ({_firmness(move)})"
    own = outcome(traced.outcome, traced.outcome_label)
    yield Text.assemble("Outcome: ", own, f" – {traced.outcome_meaning}")
    if traced.recommended_outcome != traced.outcome:
        recommended = outcome(traced.recommended_outcome, traced.recommended_outcome_label)
        yield Text.assemble("Recommended outcome: ", recommended)


def _tie(other: Related) -> str:
    tie = other.tie if other.direction == "to" else f"{other.tie}, from"
    score = f" ({other.score})" if other.score is not None else ""
    return f"{tie}{score}: {other.identifier} [{other.outcome}] {shorten(other.text, 90)}"


def _firmness(move: Destination) -> str:
    if move.decision:
        return f"{move.status}, decided by {move.decision}"
    recommended = "" if move.state == Status.RECOMMENDED else "; recommended"
    return f"{move.status}{recommended} by {move.basis}"


def decision_line(decision: Decision) -> str:
    """Return a decision in one line: what, who, on whose behalf, when, why, and whether it holds."""
    what = f"{decision.name}: {decision.done} {decision.item}"
    if decision.decided or decision.to:
        to = [f"→ {decision.to}"] if decision.to else []
        what += f" – {', '.join([*decision.decided, *to])}"
    behalf = f" for {decision.on_behalf_of}" if decision.on_behalf_of else ""
    place = f"; in {decision.place}" if decision.place else ""
    why = f": {decision.why}" if decision.why else ""
    marks = {
        f"replaces {', '.join(decision.replaces)}": decision.replaces,
        f"replaced by {', '.join(decision.replaced_by)}": decision.replaced_by,
        f"suspect: {', '.join(decision.changed)} has changed since": decision.suspect,
        "void: the review has no such item": decision.void,
    }
    holding = "; ".join(mark for mark, holds in marks.items() if holds)
    standing = f"  ({holding})" if holding else ""
    return f"{what}, by {', '.join(decision.by)}{behalf} on {decision.date}{place}{why}{standing}"


def decisions_report(title: str, decisions: Iterable[Decision]) -> RenderableType:
    """Return decisions, a paragraph each: the columns of a table have no room for their words."""
    return Group(Text(title, style="bold"), *(_indented(decision_line(each)) for each in decisions))


def differences_report(rows: Sequence[DraftRow]) -> RenderableType:
    """Return the wordings of a draft beside the old ones, word by word.

    Removed words stand in [-…-] and added ones in {+…+}, so that colour says nothing alone.
    """
    from compactgraph.reading.similarity import differences

    parts: list[RenderableType] = []
    for row in rows:
        origin = f"from {row.provision}" if row.provision else "new"
        marked = (
            Text(stretch.marked, style=_FATE_STYLES[stretch.fate])
            for stretch in differences(row.text, row.draft_text)
        )
        heading = f"{row.draft_provision} – {origin}: {row.change}"
        parts += _section(heading, [Text(" ").join(marked)])
    return Group(*parts)


_FATE_STYLES = {"kept": "", "removed": "red strike", "added": "green bold"}


def _indented(line: str | Text) -> Padding:
    return Padding(Text(line) if isinstance(line, str) else line, (0, 0, 0, 2))


def _said(said: Said) -> str:
    about = f", on {said.about}" if said.about else ""
    return f"{said.text}  [{said.identifier}{about}, line {said.line}]"


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
    lines = ["Nothing in the graph ties the two."] if steps is None else map(_step, steps)
    return Group(_heading(f"How it is tied to {end}"), *map(_indented, lines))


def _step(step: Step) -> str:
    words = f" – “{shorten(step.words, 160)}” [{step.of}]" if step.words else ""
    return f"{step.start.identifier} {step.label} {step.end.identifier}{words}"
