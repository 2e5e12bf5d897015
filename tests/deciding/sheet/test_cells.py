"""What the cells of a row mean: each word, day, name and number, and what is not understood."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.deciding.desk import Desk
from compactgraph.deciding.sheet.cells import Defaults, Filled, understood
from compactgraph.deciding.sheet.columns import Heading, Vocabulary
from compactgraph.files.form import Content, Held, address
from compactgraph.register.entry import Body, Kind
from tests.support.filling import Cells, Formula

DAY = date(2026, 11, 20)
TODAY = date(2026, 11, 24)
ASSETS = "1.11-r1/moves/vcse-strategy"


@pytest.fixture(scope="module")
def vocabulary(bristol_folder: Path, ontology_folder: Path) -> Vocabulary:
    desk = Desk(bristol_folder, ontology_folder, "bristol")
    return Vocabulary.of(ReviewGraph(desk.dataset(desk.situation()), desk.ontology, desk.review))


def held(value: object, column: int) -> Held:
    """Return a cell of row 7 that holds a value."""
    contents: list[tuple[type, Content]] = [
        (Formula, Content.FORMULA),
        (bool, Content.BOOLEAN),
        (date, Content.DAY),
        (int, Content.NUMBER),
        (float, Content.NUMBER),
        (str, Content.TEXT),
    ]
    content = next(content for type_, content in contents if isinstance(value, type_))
    return Held(7, column, content, None if isinstance(value, Formula) else value)  # type: ignore[arg-type]


@pytest.fixture
def read(vocabulary: Vocabulary) -> Callable[..., tuple[Body | None, list[str]]]:
    """Read the cells of a row of 1.11, with a day and a name unless it says otherwise."""

    def read_row(cells: Cells, defaults: Defaults | None = None) -> tuple[Body | None, list[str]]:
        places = {name: place for place, name in enumerate(Heading, 1)}
        row = Filled(
            {name: held(value, places[name]) for name, value in cells.items()},
            {name: address(7, place) for name, place in places.items()},
        )
        given = defaults or Defaults(("Ann Lee",), "", "2026-11-20")
        body, problems = understood(row, ASSETS, "1.11", vocabulary, given, TODAY)
        return body, [str(problem) for problem in problems]

    return read_row


Read = Callable[..., tuple[Body | None, list[str]]]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Agree", Kind.AGREE),
        ("  agree\u00a0", Kind.AGREE),
        ("AGREED.", Kind.AGREE),
        ("Reject", Kind.REJECT),
        ("\u200brejected", Kind.REJECT),
        ("Mark  as\napplied", Kind.APPLY),
        ("apply", Kind.APPLY),
    ],
)
def test_a_decision_is_understood_whatever_its_case_and_spaces(
    read: Read, word: str, kind: Kind
) -> None:
    body, problems = read({"Decision": word})
    assert problems == []
    assert body == Body(kind, ("Ann Lee",), "2026-11-20", item=ASSETS)


@pytest.mark.parametrize(
    ("word", "problem"),
    [
        ("agre", "I7: unknown decision 'agre'; nearest: Agree"),
        ("Agree to it", "I7: unknown decision 'Agree to it'; nearest: Agree"),
        (
            "yes",
            "I7: unknown decision 'yes'; known: Agree, Amend, Mark as applied, Note, Reject, Settle",
        ),
        (
            "confirm",
            "I7: unknown decision 'confirm'; known: Agree, Amend, Mark as applied, Note, Reject, Settle",
        ),
        (Formula("A1"), "I7: is a formula, and formulas are not worked out; write what it says as text"),
        (True, "I7: is a value true or false; write it as text"),
        (1, "I7: unknown decision '1'; known: Agree, Amend, Mark as applied, Note, Reject, Settle"),
        (DAY, "I7: is the date 2026-11-20; write it as text"),
    ],
)
def test_another_word_is_not_understood(read: Read, word: object, problem: str) -> None:
    assert read({"Decision": word}) == (None, [problem])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-05", "2026-11-05"),
        ("24/11/2026", "2026-11-24"),
        ("24.11.2026", "2026-11-24"),
        ("24-11-2026", "2026-11-24"),
        ("11/11/2026", "2026-11-11"),
        ("5 November 2026", "2026-11-05"),
        ("5th of Nov. 2026", "2026-11-05"),
        (" 05\u00a0nov 2026 ", "2026-11-05"),
        ("1 Sept 2026", "2026-09-01"),
        (date(2026, 11, 5), "2026-11-05"),
        (TODAY, "2026-11-24"),
    ],
)
def test_a_day_is_a_date_or_a_text_in_the_british_order(read: Read, text: object, day: str) -> None:
    body, problems = read({"Decision": "Agree", "Date": text})
    assert problems == []
    assert body is not None
    assert body.date == day


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("05/11/2026", "'05/11/2026' can be 5 November or 11 May; write the month in letters"),
        ("11/24/2026", "'11/24/2026' is not a date; write it as 24 November 2026"),
        ("24/11/26", "'24/11/26' is not a date; write it as 24 November 2026"),
        ("31/11/2026", "'31/11/2026' is not a date; write it as 24 November 2026"),
        ("24/11-2026", "'24/11-2026' is not a date; write it as 24 November 2026"),
        ("5 Nivember 2026", "'5 Nivember 2026' is not a date; write it as 24 November 2026"),
        ("at the last meeting", "'at the last meeting' is not a date; write it as 24 November 2026"),
        ("25/11/2026", "2026-11-25 is in the future; give the day on which it was decided"),
        (date(2026, 11, 25), "2026-11-25 is in the future; give the day on which it was decided"),
        (date(1900, 1, 5), "1900-01-05 is too long ago; give the day on which it was decided"),
        (46350, "is the number 46350 and not a date; write it as a date"),
        (
            Formula("TODAY()"),
            "is a formula, and formulas are not worked out; write what it says as text",
        ),
    ],
)
def test_another_day_is_not_understood(read: Read, text: object, problem: str) -> None:
    assert read({"Decision": "Agree", "Date": text}) == (None, [f"P7: {problem}"])


def test_names_are_separated_by_semicolons_or_lines_and_may_hold_commas(read: Read) -> None:
    names = "Lee, Ann ; Bo\u00a0Okafor;\nChris  O’Neill;; Bo Okafor"
    body, _ = read({"Decision": "Agree", "Decided by": names})
    assert body is not None
    assert body.by == ("Lee, Ann", "Bo Okafor", "Chris O’Neill")


def test_a_body_is_known_by_its_name_and_another_stays_as_it_is_written(read: Read) -> None:
    bodies = [
        "Bristol City Council",
        "bristol compact partners’ GROUP",
        "Cabinet of the City Council",
        "voscur",
    ]
    found = [read({"Decision": "Agree", "On behalf of": body})[0] for body in bodies]
    assert [body.on_behalf_of for body in found if body] == [
        "bristol-city-council",
        "compact-partners-group",
        "Cabinet of the City Council",
        "voscur",
    ]


def test_what_a_row_leaves_empty_is_taken_from_the_defaults(read: Read) -> None:
    defaults = Defaults(("Ann Lee", "Bo Okafor"), "voscur", "2026-11-01")
    body, _ = read({"Decision": "Agree"}, defaults)
    assert body == Body(
        Kind.AGREE, ("Ann Lee", "Bo Okafor"), "2026-11-01", item=ASSETS, on_behalf_of="voscur"
    )


def test_what_is_missing_without_a_default_is_told(read: Read) -> None:
    assert read({"Decision": "Agree"}, Defaults())[1] == [
        "N7: the name of who decided is missing",
        "P7: the day of the decision is missing",
    ]
    assert read({"Decision": "Agree", "Decided by": ";"}, Defaults(date="2026-11-20"))[1] == [
        "N7: the name of who decided is missing"
    ]


def test_the_lines_of_a_reason_stay_and_spaces_that_are_not_seen_go(read: Read) -> None:
    body, _ = read({"Decision": "Agree", "Why": " =1+1 \u00a0is  \ufeff so\r\n\r\n_x000D_\n- and more "})
    assert body is not None
    assert body.why == "=1+1 is so\n- and more"


def test_several_dispositions_and_reasons_are_separated_by_semicolons(read: Read) -> None:
    body, problems = read(
        {
            "Decision": "Amend",
            "What instead": "Remove; point to another document; REMOVE",
            "Reason": "obsolete\nMeaning unclear",
            "Destination instead": "VCSE strategy",
        }
    )
    assert problems == []
    assert body is not None
    assert body.dispositions == ("remove", "refer")
    assert body.reasons == ("obsolete", "meaning-unclear")
    assert body.to == "vcse-strategy"


def test_to_settle_is_a_decision_on_the_provision(read: Read) -> None:
    body, _ = read({"Decision": "Settle", "What instead": "Keep, with revision"})
    assert body is not None
    assert (body.item, body.dispositions) == ("1.11", ("keep-with-revision",))


@pytest.mark.parametrize(
    ("cells", "problems"),
    [
        ({"Why": "so"}, ["I7: something is filled in, and no decision is chosen"]),
        (
            {"Decision": "Agree", "What instead": "Keep", "Destination instead": "Voscur"},
            [
                "J7: belongs to a decision to amend or to settle, and not to agree",
                "K7: belongs to a decision to amend or to settle, and not to agree",
            ],
        ),
        ({"Decision": "Amend"}, ["J7: say what is decided: to amend needs it"]),
        ({"Decision": "Settle"}, ["J7: say what is decided: to settle needs it"]),
        (
            {"Decision": "Amend", "What instead": "Keep", "Reason": "Obsolete"},
            ["L7: says why something is removed; write other grounds into “Why”"],
        ),
        (
            {"Decision": "Amend", "What instead": "refer"},
            ["K7: say which document is to be pointed to"],
        ),
        (
            {"Decision": "Agree", "Place in the receiving document": "4.2"},
            ["M7: belongs to a decision to mark as applied, and not to agree"],
        ),
        ({"Decision": "Note"}, ["Q7: a note needs its words"]),
        (
            {"Decision": "Amend", "What instead": "Keeep; Consider"},
            ["J7: unknown decision on what instead 'Keeep'; nearest: Keep"],
        ),
        (
            {"Decision": "Amend", "What instead": "Remove", "Destination instead": "VCS Strategy"},
            ["K7: unknown reference 'VCS Strategy'; nearest: VCSE Strategy, Contractual terms"],
        ),
        (
            {"Decision": "Agree", "Supersedes": "d7; the last"},
            ["R7: 'the' is not a decision; write its number, as d7"],
        ),
        (
            {"Decision": "Mark as applied", "Place in the receiving document": 4.1},
            ["M7: is the number 4.1, which may have lost a figure; write it as text"],
        ),
        (
            {"Decision": "Agree", "Decided by": Formula("A1"), "Why": DAY},
            [
                "N7: is a formula, and formulas are not worked out; write what it says as text",
                "Q7: is the date 2026-11-20; write it as text",
            ],
        ),
    ],
)
def test_what_does_not_go_together_is_told_with_its_cell(
    read: Read, cells: Cells, problems: list[str]
) -> None:
    assert read(cells) == (None, problems)


@pytest.mark.parametrize("given", ["d7; d19", "7,19", "D7 d19", "d7\nd19;d7"])
def test_decisions_to_supersede_are_given_by_their_numbers(read: Read, given: str) -> None:
    body, _ = read({"Decision": "Agree", "Supersedes": given})
    assert body is not None
    assert body.replaces == (7, 19)


def test_a_whole_number_is_a_text_like_any_other(read: Read) -> None:
    body, _ = read({"Decision": "apply", "Place in the receiving document": 4, "Supersedes": 7.0})
    assert body is not None
    assert (body.place, body.replaces) == ("4", (7,))
