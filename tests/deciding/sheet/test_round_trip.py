"""What is filled into a sheet by valid choices comes back as exactly the decisions that are meant."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.common.schemes import Relation, Status
from compactgraph.deciding.checks import Situation, completed
from compactgraph.deciding.desk import Desk
from compactgraph.deciding.sheet.cells import plain
from compactgraph.deciding.sheet.columns import Vocabulary
from compactgraph.deciding.sheet.outgoing import NAME
from compactgraph.deciding.sheet.round_trip import preview, sheet_out
from compactgraph.decisions.effects import EFFECTIVE
from compactgraph.register.entry import Body, Kind
from tests.support.decided import decide_bristol
from tests.support.filling import Cells, filled, headings, opened, rows_of

pytestmark = pytest.mark.slow

LETTERS = "abcÄé李Ωß"
MARKS = " .,'’-=+@&<>()\"“”\\/%€"
REASONS = ("obsolete", "meaning-unclear", "no-longer-possible")
ELSEWHERE = ("vcse-strategy", "pcr-2015", "voscur")
CONTENTS = (
    *(("keep",), ("keep-with-revision",), ("change",), ("keep", "add")),
    *(("remove",), ("refer",), ("remove", "refer")),
)


def texts(more: str = "", longest: int = 30) -> st.SearchStrategy[str]:
    """Return a strategy for texts as they stand in a register: with a letter, without spare spaces."""
    given = st.text(LETTERS + MARKS + more, min_size=1, max_size=longest).map(plain)
    return given.filter(lambda text: any(letter in text for letter in LETTERS))


def spelt(draw: st.DrawFn, text: str) -> str:
    """Return a word as somebody may type it."""
    typed = draw(st.sampled_from([text, text.upper(), text.lower(), f" {text}\u00a0", f"{text}."]))
    return str(typed)


class Minutes:
    """Makes decisions that a situation allows, and the cells that say them."""

    def __init__(self, situation: Situation, vocabulary: Vocabulary) -> None:
        self._situation = situation
        self._vocabulary = vocabulary

    def on(self, draw: st.DrawFn, item: str, provision: str) -> tuple[Body, Cells]:
        """Return a decision on an item, and the cells of its row."""
        kind = draw(st.sampled_from(self._kinds(item, provision)))
        # What is applied was agreed by then: on 21 October at the latest.
        since = 20 if kind is Kind.APPLY else 300
        held = self._held(kind, item, provision)
        stays = kind in (Kind.AGREE, Kind.REJECT, Kind.AMEND)
        beside = tuple(number for number in held if stays and draw(st.booleans()))
        body = Body(
            kind,
            tuple(dict.fromkeys(draw(st.lists(texts(), min_size=1, max_size=3)))),
            (date(2026, 11, 20) - timedelta(days=draw(st.integers(0, since)))).isoformat(),
            item=provision if kind is Kind.SETTLE else item,
            on_behalf_of=draw(st.sampled_from(["", "voscur", "Cabinet, =of the Council"])),
            why=draw(texts("\n", 80)) if kind is Kind.NOTE or draw(st.booleans()) else "",
            replaces=tuple(number for number in held if number not in beside),
            beside=beside,
            place=draw(texts()) if kind is Kind.APPLY else "",
            **self._content(draw, kind),
        )
        return body, self._cells(draw, body)

    def _kinds(self, item: str, provision: str) -> list[Kind]:
        stood = self._situation.stood
        if item == provision:
            return [Kind.NOTE, Kind.SETTLE]
        applied = [Kind.APPLY] if stood.status_of(item) == Status.AGREED else []
        if item in stood.decided:
            return [Kind.NOTE, *applied]
        asks = self._situation.found.moves[item].relation == Relation.QUESTION
        agreed = [] if asks else [Kind.AGREE]
        return [Kind.NOTE, *agreed, Kind.REJECT, Kind.AMEND, *applied]

    def _held(self, kind: Kind, item: str, provision: str) -> tuple[int, ...]:
        entries = [
            entry
            for each in self._situation.stood.standing.in_force.values()
            for entry in each
            if entry.body.provision == provision and entry.body.kind in EFFECTIVE
        ]
        if kind is Kind.APPLY:
            entries = [e for e in entries if (e.body.kind, e.body.item) == (Kind.APPLY, item)]
        return () if kind is Kind.NOTE else tuple(sorted(entry.number for entry in entries))

    def _content(self, draw: st.DrawFn, kind: Kind) -> dict[str, object]:
        if kind not in (Kind.AMEND, Kind.SETTLE):
            return {}
        dispositions = draw(st.sampled_from(CONTENTS))
        to, reasons = "", ()
        if "refer" in dispositions or ("remove" in dispositions and draw(st.booleans())):
            to = draw(st.sampled_from(ELSEWHERE))
        if "remove" in dispositions:
            reasons = draw(st.lists(st.sampled_from(REASONS), unique=True, max_size=2).map(tuple))
        return {"dispositions": dispositions, "to": to, "reasons": reasons}

    def _cells(self, draw: st.DrawFn, body: Body) -> Cells:
        words, separator = self._vocabulary, draw(st.sampled_from([";", " ; ", "\n"]))
        day = date.fromisoformat(body.date)
        forms = [day, body.date, f"{day:%d %B %Y}", f"{day.day} {day:%b} {day.year}"]
        cells: dict[str, object] = {
            "Decision": spelt(draw, words.kinds.shown[body.kind]),
            "What instead": separator.join(
                spelt(draw, words.dispositions.shown[each]) for each in body.dispositions
            ),
            "Destination instead": spelt(draw, words.references.shown[body.to]) if body.to else "",
            "Reason": separator.join(spelt(draw, words.reasons.shown[each]) for each in body.reasons),
            "Place in the receiving document": body.place,
            "Decided by": separator.join(body.by),
            "On behalf of": "Voscur" if body.on_behalf_of == "voscur" else body.on_behalf_of,
            "Date": draw(st.sampled_from(forms)),
            "Why": body.why,
            "Supersedes": separator.join(f"d{number}" for number in body.replaces),
            "Leaves in force": separator.join(f"d{number}" for number in body.beside),
        }
        return {heading: value for heading, value in cells.items() if value}


@pytest.fixture(scope="module")
def desk(bristol_folder: Path, ontology_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Return the desk of a store in which much is decided; nothing more is recorded at it."""
    folder = tmp_path_factory.mktemp("decided") / "store"
    shutil.copytree(bristol_folder, folder)
    decide_bristol(folder)
    return Desk(folder, ontology_folder, "bristol")


@pytest.fixture(scope="module")
def out(desk: Desk) -> bytes:
    return sheet_out(desk, everything=True)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_filled_in_comes_back_as_exactly_these_decisions(
    data: st.DataObject, desk: Desk, out: bytes
) -> None:
    situation = desk.situation()
    minutes = Minutes(
        situation, Vocabulary.of(ReviewGraph(desk.dataset(situation), desk.ontology, desk.review))
    )
    page = opened(out)[NAME]
    columns, rows = headings(page), rows_of(page)
    items: dict[str, list[str]] = {}
    for item, row in rows.items():
        items.setdefault(page.cell(row, columns["Provision"]).value, []).append(item)
    chosen = data.draw(st.lists(st.sampled_from(sorted(items)), unique=True, min_size=2, max_size=10))

    @st.composite
    def decisions(draw: st.DrawFn) -> dict[str, tuple[Body, Cells]]:
        found = {}
        for provision in chosen:
            item = draw(st.sampled_from(items[provision]))
            found[item] = minutes.on(draw, item, provision)
        return found

    meant = data.draw(decisions())
    seen = preview(desk, filled(out, {item: cells for item, (_, cells) in meant.items()}))
    expected = [completed(situation, meant[item][0]) for item in rows if item in meant]
    assert list(seen.bodies) == expected, seen.sentences
    assert seen.applicable
