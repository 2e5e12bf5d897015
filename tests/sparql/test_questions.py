"""The saved questions answer exactly what the documents say, and parameters are only terms."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, serialize

from compactgraph.deciding.desk import Desk
from compactgraph.errors import FolderError, QueryError, UnknownNameError
from compactgraph.paths import register_file
from compactgraph.register.entry import Body, Kind
from compactgraph.sparql.questions import ask, bind, find_question, saved_questions
from compactgraph.sparql.rows import Answer, Cell
from compactgraph.store.oxigraph import open_store

TESTS = Path(__file__).resolve().parents[1]
NAMES = sorted(path.stem for path in (TESTS.parent / "ontology" / "queries").glob("*.rq"))
CASES = TESTS / "cases" / "questions"
AFTER_DECISIONS = CASES / "after-decisions"
BRISTOL = "https://w3id.org/compactgraph/id/bristol"
SMALL = "https://w3id.org/compactgraph/id/small-review"


@dataclass(frozen=True)
class Case:
    """A question's parameters and its exact answer on Bristol."""

    parameters: dict[str, str]
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]


def read_case(name: str, folder: Path = CASES) -> Case:
    case = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    rows = [tuple(row) for row in case["rows"]]
    return Case(case["parameters"], tuple(case["columns"]), rows)


def read_case_after_decisions(name: str) -> Case:
    """Return the answer after those decisions, the same where it has no case."""
    decided = (AFTER_DECISIONS / f"{name}.json").exists()
    return read_case(name, AFTER_DECISIONS if decided else CASES)


def answer_of(
    store: Store,
    ontology: Path,
    name: str,
    values: Mapping[str, str] | None = None,
    review: str | None = "bristol",
) -> Answer:
    return ask(store, find_question(ontology, name), values or {}, review)


# Each question on Bristol


def test_every_question_has_a_case_and_every_case_a_question() -> None:
    assert sorted(path.stem for path in CASES.glob("*.json")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_answer_on_bristol(name: str, bristol: Store, ontology_folder: Path) -> None:
    case = read_case(name)
    answer = answer_of(bristol, ontology_folder, name, case.parameters)
    assert answer.columns == case.columns
    assert answer.rows == case.rows


@pytest.mark.parametrize("name", NAMES)
def test_answer_is_the_same_beside_another_review(
    name: str, two_reviews: Store, ontology_folder: Path
) -> None:
    case = read_case(name)
    assert answer_of(two_reviews, ontology_folder, name, case.parameters).rows == case.rows


@pytest.mark.parametrize("name", NAMES)
def test_without_a_review_each_row_says_whose_it_is(
    name: str, bristol: Store, ontology_folder: Path
) -> None:
    case = read_case(name)
    answer = answer_of(bristol, ontology_folder, name, case.parameters, review=None)
    assert answer.columns == ("review", *case.columns)
    assert answer.rows == [(BRISTOL, *row) for row in case.rows]


@pytest.mark.parametrize("name", NAMES)
def test_cells_are_what_people_read(name: str) -> None:
    cells = [cell for row in read_case(name).rows for cell in row if isinstance(cell, str)]
    assert [cell for cell in cells if cell.startswith(("https://w3id.org/", "_:"))] == []


@pytest.fixture(scope="module")
def bristol_in_rdflib(bristol: Store) -> rdflib.Graph:
    return in_rdflib(bristol)


@pytest.fixture(scope="module")
def decided_in_rdflib(decided: Store) -> rdflib.Graph:
    return in_rdflib(decided)


def in_rdflib(store: Store) -> rdflib.Graph:
    triples = {quad.triple for quad in store}
    graph = rdflib.Graph()
    graph.parse(data=serialize(triples, format=RdfFormat.N_TRIPLES), format="nt")
    return graph


def plain(term: rdflib.term.Identifier | None) -> object:
    value = term.toPython() if isinstance(term, rdflib.Literal) else term
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("name", NAMES)
def test_another_engine_answers_alike(
    name: str, bristol: Store, bristol_in_rdflib: rdflib.Graph, ontology_folder: Path
) -> None:
    case = read_case(name)
    assert rows_in_rdflib(name, case, bristol, bristol_in_rdflib, ontology_folder) == case.rows


@pytest.mark.parametrize("name", NAMES)
def test_another_engine_answers_alike_after_decisions(
    name: str, decided: Store, decided_in_rdflib: rdflib.Graph, ontology_folder: Path
) -> None:
    case = read_case_after_decisions(name)
    assert rows_in_rdflib(name, case, decided, decided_in_rdflib, ontology_folder) == case.rows


def rows_in_rdflib(
    name: str, case: Case, store: Store, graph: rdflib.Graph, ontology: Path
) -> list[tuple[object, ...]]:
    question = find_question(ontology, name)
    kinds = {parameter.name: parameter.kind for parameter in question.parameters}
    bindings: dict[str, rdflib.term.Identifier] = {}
    for parameter, value in {**case.parameters, "review": "bristol"}.items():
        term = bind(store, kinds[parameter], value)
        node = isinstance(term, NamedNode)
        bindings[parameter] = rdflib.URIRef(term.value) if node else rdflib.Literal(term.value)
    found = graph.query(question.sparql, initBindings=bindings).bindings
    columns = [rdflib.Variable(column) for column in case.columns]
    return [tuple(plain(row.get(column)) for column in columns) for row in found]


# Each question on Bristol after decisions


def test_every_answer_after_decisions_is_another_than_before() -> None:
    names = {path.stem for path in AFTER_DECISIONS.glob("*.json")}
    assert names <= set(NAMES)
    assert [name for name in names if read_case_after_decisions(name).rows == read_case(name).rows] == []


@pytest.mark.parametrize("name", NAMES)
def test_answer_after_decisions(name: str, decided: Store, ontology_folder: Path) -> None:
    case = read_case_after_decisions(name)
    answer = answer_of(decided, ontology_folder, name, case.parameters)
    assert answer.columns == case.columns
    assert answer.rows == case.rows


@pytest.mark.parametrize("name", NAMES)
def test_without_a_review_each_row_after_decisions_says_whose_it_is(
    name: str, decided: Store, ontology_folder: Path
) -> None:
    case = read_case_after_decisions(name)
    answer = answer_of(decided, ontology_folder, name, case.parameters, review=None)
    assert answer.columns == ("review", *case.columns)
    assert answer.rows == [(BRISTOL, *row) for row in case.rows]


@pytest.mark.parametrize("name", NAMES)
def test_cells_after_decisions_are_what_people_read(name: str) -> None:
    rows = read_case_after_decisions(name).rows
    cells = [cell for row in rows for cell in row if isinstance(cell, str)]
    assert [cell for cell in cells if cell.startswith(("https://w3id.org/", "_:"))] == []


def test_what_is_agreed_and_not_applied_for_all_destinations(
    decided: Store, ontology_folder: Path
) -> None:
    answer = answer_of(decided, ontology_folder, "agreed-not-applied")
    assert answer.columns == (
        *("provision", "item", "relation", "goes_to", "recommendation", "decision", "text"),
    )
    assert [row[:6] for row in answer.rows] == [
        ("partners-group", "d12/refers/vcse-strategy", "refers", "vcse-strategy", None, "d12"),
        ("value-1", "value-1-r1/either/vcse-strategy", "either", "vcse-strategy", "value-1-r1", None),
        ("value-2", "value-2-r1/either/new-compact", "either", "new-compact", "value-2-r1", None),
        ("value-5", "value-5-r1/moves/vcse-strategy", "moves", "vcse-strategy", "value-5-r1", None),
        (
            *("1.2", "1.2-r1/absorbed/business-as-usual", "absorbed", "business-as-usual", "1.2-r1"),
            None,
        ),
        ("1.3", "d18/stays/new-compact", "stays", "new-compact", "1.3-r1", "d18"),
        ("1.9", "d10/stays/new-compact", "stays", "new-compact", None, "d10"),
        ("2.5", "d6/moves/vcse-strategy", "moves", "vcse-strategy", "2.5-r1", "d6"),
        ("3.2", "d7/stays/new-compact", "stays", "new-compact", "3.2-r1", "d7"),
        ("5.6", "d11/absorbed/business-as-usual", "absorbed", "business-as-usual", None, "d11"),
    ]


@pytest.mark.parametrize(
    ("provision", "rows"),
    [
        (
            "1.11",
            [
                ("d1", "2026-10-05", "agree", "Ann Lee", "compact-partners-group", None, "in force"),
                ("d1", "2026-10-05", "agree", "Bo Okafor", "compact-partners-group", None, "in force"),
                ("d13", "2026-10-19", "apply", "Chris O’Neill", None, None, "in force"),
            ],
        ),
        (
            "1.3",
            [
                ("d16", "2026-10-19", "agree", "Ann Lee", None, None, "replaced by d18"),
                ("d18", "2026-10-20", "amend", "Ann Lee", None, "d16", "in force"),
            ],
        ),
        (
            "2.5",
            [
                (
                    *("d6", "2026-10-12", "amend", "Bo Okafor", "Cabinet of the City Council", None),
                    "in force",
                )
            ],
        ),
        ("1.6", [("d15", "2026-10-19", "note", "Ann Lee", None, None, "in force")]),
        ("1.1", []),
    ],
)
def test_the_history_of_a_provision(
    provision: str, rows: list[tuple[Cell, ...]], decided: Store, ontology_folder: Path
) -> None:
    answer = answer_of(decided, ontology_folder, "history", {"item": provision})
    wanted = ("decision", "date", "kind", "by", "on_behalf_of", "replaces", "standing")
    places = [answer.columns.index(column) for column in wanted]
    assert [tuple(row[place] for place in places) for row in answer.rows] == rows


def test_what_rests_on_words_that_have_changed(reworded: Store, ontology_folder: Path) -> None:
    answer = answer_of(reworded, ontology_folder, "suspects")
    assert answer.columns == ("kind", "suspect", "changed", "words", "before")
    assert [row[:3] for row in answer.rows] == [
        ("decision", "decision/1", "1.11"),
        ("decision", "decision/13", "1.11"),
        ("draft", "draft/2/1.5", "1.10"),
        ("reading", "reading/3.8-r1/bears-on/3.3", "3.8-r1"),
    ]
    assert [str(row[3])[:60] for row in answer.rows] == [
        "Support the VCS in ways other than funding for example, comm",
        "Support the VCS in ways other than funding for example, comm",
        "Balance the needs for accountability and value for money wit",
        "Keep, above all as this is a mitigation of potentially short",
    ]
    *kept, read_by_hand = answer.rows
    assert [str(row[4]) for row in kept] == [
        str(row[3]).replace(new, old)
        for row, (new, old) in zip(
            kept,
            [
                *[("community assets", "community asset transfer")] * 2,
                ("fitting and", "proportionate and"),
            ],
            strict=True,
        )
    ]
    assert read_by_hand[4] is None  # Nobody decided on 3.8, so that its words are not kept.


def test_what_is_agreed_to_go_nowhere_is_to_be_applied(
    decided_folder: Path, ontology_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "store"
    shutil.copytree(decided_folder, folder)
    shutil.copyfile(register_file(decided_folder), register_file(folder))
    body = Body(Kind.AGREE, ("Ann Lee",), "2026-11-04", item="3.5-r1/dropped")
    Desk(folder, ontology_folder, "bristol").record([body], "os:ann")
    store = open_store(folder)

    rows = answer_of(store, ontology_folder, "agreed-not-applied").rows
    assert [row[:4] for row in rows if row[0] == "3.5"] == [("3.5", "3.5-r1/dropped", "dropped", None)]
    for destination in ("vcse-strategy", "new-compact", "business-as-usual"):
        given = {"destination": destination}
        rows = answer_of(store, ontology_folder, "agreed-not-applied", given).rows
        assert {row[3] for row in rows} == {destination}


# What Bristol has none of, and what one case a question does not show


def test_a_theme_whose_commitments_all_go(two_reviews: Store, ontology_folder: Path) -> None:
    answer = answer_of(two_reviews, ontology_folder, "hollow-themes", review="small-review")
    assert answer.columns == ("theme", "title", "outcome", "commitments")
    assert answer.rows == [(1, "Funding well", "retained", 2)]


def test_a_hollow_theme_among_several_reviews(two_reviews: Store, ontology_folder: Path) -> None:
    answer = answer_of(two_reviews, ontology_folder, "hollow-themes", review=None)
    assert answer.rows == [(SMALL, 1, "Funding well", "retained", 2)]


def test_parties_whose_commitments_all_go(two_reviews: Store, ontology_folder: Path) -> None:
    name = "hollow-themes-by-party"
    answer = answer_of(two_reviews, ontology_folder, name, review="small-review")
    assert answer.rows == [(1, "Funding well", "shared", 1), (1, "Funding well", "vcs", 1)]


def test_a_tie_by_clause_number(two_reviews: Store, ontology_folder: Path) -> None:
    answer = answer_of(two_reviews, ontology_folder, "ties", review="small-review")
    assert answer.rows == [("1.2", "2.1", "See also 2.1", 11, "clause-number", None)]


def test_a_shared_reference_is_mentioned_in_several_reviews(
    two_reviews: Store, ontology_folder: Path
) -> None:
    values = {"reference": "business-as-usual"}
    answer = answer_of(two_reviews, ontology_folder, "mention-counts", values, review=None)
    assert answer.rows == [
        (BRISTOL, "commentary", 7),
        (BRISTOL, "recommendation", 17),
        (SMALL, "recommendation", 1),
    ]


@pytest.mark.parametrize(
    ("reference", "rows"),
    [
        (
            "compact-voice",
            [
                ("national-compact-c1", "commentary", "Compact Voice", 14),
                ("note-5", "footnote", "compact-voice", 99),
            ],
        ),
        (
            "bristol-20-20-plan",
            [
                ("value-5", "wording", "Bristol 20:20 Plan", 22),
                ("note-1", "footnote", "Bristol’s 20:20 Plan", 22),
            ],
        ),
        (
            "decommissioning-policy",
            [
                ("5.1-c1", "commentary", "decommissioning policy", 86),
                ("5.2-c1", "commentary", "decommissioning policy", 87),
                ("5.4-c1", "commentary", "decommissioning policy", 90),
                ("5.5-r1", "recommendation", "decommissioning policy", 91),
            ],
        ),
        ("ccg-stp", [("4.6-r1", "recommendation", "CCG's STP", 82)]),
        (
            "new-compact",
            [
                ("subtitle-r2", "recommendation", "new Compact", 11),
                ("our-commitments-r2", "recommendation", "new Compact", 18),
                ("partners-group-r1", "recommendation", "new Compact", 19),
                ("values-c1", "commentary", "new Compact", 20),
                ("themes-r1", "recommendation", "new Compact", 23),
                ("compact-and-you-r1", "recommendation", "new Compact", 97),
            ],
        ),
    ],
)
def test_mentions_by_kind_of_text(
    reference: str, rows: list[tuple[Cell, ...]], bristol: Store, ontology_folder: Path
) -> None:
    answer = answer_of(bristol, ontology_folder, "mentions", {"reference": reference})
    assert answer.rows == rows


@pytest.mark.parametrize(
    ("destination", "rows"),
    [
        ("ccg-stp", [("4.6", "refers")]),
        ("social-value-advisory-group", [("partners-group", "question")]),
        ("voice-and-influence-consultation", [("2.4", "refers")]),
        ("national-compact", [("national-compact", "refers")]),
        ("voscur", []),
    ],
)
def test_what_goes_to_a_destination(
    destination: str, rows: list[tuple[Cell, ...]], bristol: Store, ontology_folder: Path
) -> None:
    answer = answer_of(bristol, ontology_folder, "goes-to", {"destination": destination})
    assert [row[:2] for row in answer.rows] == rows


@pytest.mark.parametrize(("party", "number"), [("shared", 14), ("public-sector", 11), ("vcs", 1)])
def test_how_many_commitments_of_a_party_survive(
    party: str, number: int, bristol: Store, ontology_folder: Path
) -> None:
    assert len(answer_of(bristol, ontology_folder, "survivors", {"party": party}).rows) == number


@pytest.mark.parametrize(
    ("outcome", "number"),
    [
        ("absorbed", 17),
        ("dropped", 7),
        ("either", 3),
        ("moved", 3),
        ("referred", 3),
        ("retained", 9),
        ("revised", 30),
        ("undecided", 7),
    ],
)
def test_how_many_provisions_have_an_outcome(
    outcome: str, number: int, bristol: Store, ontology_folder: Path
) -> None:
    assert len(answer_of(bristol, ontology_folder, "outcome", {"outcome": outcome}).rows) == number


def test_an_optional_parameter_that_is_not_given_is_no_column(
    decided: Store, ontology_folder: Path
) -> None:
    given = answer_of(decided, ontology_folder, "agreed-not-applied", {"destination": "vcse-strategy"})
    assert answer_of(decided, ontology_folder, "agreed-not-applied").columns == given.columns


@pytest.mark.parametrize(
    ("name", "column", "total"),
    [
        ("outcome-totals", "provisions", 79),
        ("party-outcomes", "commitments", 54),
        ("theme-outcomes", "commitments", 54),
        ("theme-parties", "commitments", 54),
        ("origins", "movements", 92),
        ("removal-reasons", "recommendations", 30),
    ],
)
def test_counts_reconcile(
    name: str, column: str, total: int, bristol: Store, ontology_folder: Path
) -> None:
    answer = answer_of(bristol, ontology_folder, name)
    place = answer.columns.index(column)
    assert sum(int(str(row[place])) for row in answer.rows) == total


# Headers


@pytest.mark.parametrize("name", NAMES)
def test_header(name: str, ontology_folder: Path) -> None:
    question = find_question(ontology_folder, name)
    assert question.question.endswith("?")
    assert question.asks in {"policy officer", "analyst", "governance lead"}
    assert question.row
    assert all(parameter.meaning for parameter in question.parameters)


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_is_projected(name: str, ontology_folder: Path) -> None:
    question = find_question(ontology_folder, name)
    projection = question.sparql.split("SELECT", 1)[1].split("WHERE", 1)[0]
    projected = re.findall(r"\?(\w+)", projection)
    assert projected[0] == "review"
    assert {parameter.name for parameter in question.parameters} <= set(projected)


@pytest.mark.parametrize("name", NAMES)
def test_every_question_is_in_order(name: str, ontology_folder: Path) -> None:
    assert "ORDER BY ?review" in find_question(ontology_folder, name).sparql


@pytest.mark.parametrize(
    ("header", "mend"),
    [
        ("# asks: analyst\n# row: a thing", "'# question: …'"),
        ("# question: What?\n# row: a thing", "'# asks: …'"),
        ("# question: What?\n# asks: analyst", "'# row: …'"),
        ("# question: What?\n# question: Who?\n# asks: analyst\n# row: a thing", "'# question: …'"),
        (
            "# question: What?\n# asks: analyst\n# row: a thing\n# parameter: theme",
            "'parameter: theme' is malformed",
        ),
        (
            "# question: What?\n# asks: analyst\n# row: a thing\n# parameter: theme (colour) it",
            "'parameter: theme (colour) it' is malformed",
        ),
    ],
)
def test_incomplete_header(header: str, mend: str, tmp_path: Path) -> None:
    folder = tmp_path / "queries"
    folder.mkdir()
    query = f"{header}\nSELECT ?review WHERE {{ ?review a ?class }} ORDER BY ?review\n"
    (folder / "broken.rq").write_text(query, encoding="utf-8")
    with pytest.raises(FolderError, match=re.escape(mend)):
        saved_questions(tmp_path)


def test_optional_parameter(tmp_path: Path, bristol: Store) -> None:
    folder = tmp_path / "queries"
    folder.mkdir()
    (folder / "parties.rq").write_text(
        "# question: Who makes commitments?\n# asks: analyst\n# row: a party\n"
        "# parameter: party (party, optional) only this party\n"
        "SELECT DISTINCT ?review ?party WHERE { ?p cg:review ?review ; cg:party ?party }"
        " ORDER BY ?review ?party\n",
        encoding="utf-8",
    )
    assert len(answer_of(bristol, tmp_path, "parties").rows) == 3
    assert answer_of(bristol, tmp_path, "parties", {"party": "vcs"}) == Answer((), [()])


# Names that nobody knows


def test_unknown_question(ontology_folder: Path) -> None:
    with pytest.raises(UnknownNameError) as caught:
        find_question(ontology_folder, "undecide")
    assert caught.value.nearest[0] == "undecided"


def test_missing_parameter(bristol: Store, ontology_folder: Path) -> None:
    with pytest.raises(QueryError, match="goes-to needs destination: the document"):
        answer_of(bristol, ontology_folder, "goes-to")


def test_unknown_parameter(bristol: Store, ontology_folder: Path) -> None:
    with pytest.raises(UnknownNameError) as caught:
        answer_of(bristol, ontology_folder, "goes-to", {"destinations": "vcse-strategy"})
    assert caught.value.nearest == ["destination"]


@pytest.mark.parametrize(
    ("name", "values", "nearest"),
    [
        ("goes-to", {"destination": "vcse-stratgy"}, "vcse-strategy"),
        ("mentions", {"reference": "pcr2015"}, "pcr-2015"),
        ("evidence", {"provision": "them-1"}, "theme-1"),
        ("theme", {"theme": "9"}, "theme-5"),
        ("outcome", {"outcome": "droped"}, "dropped"),
        ("survivors", {"party": "public"}, "public-sector"),
    ],
)
def test_unknown_value(
    name: str, values: dict[str, str], nearest: str, bristol: Store, ontology_folder: Path
) -> None:
    with pytest.raises(UnknownNameError) as caught:
        answer_of(bristol, ontology_folder, name, values)
    assert nearest in caught.value.nearest


def test_unknown_review(bristol: Store, ontology_folder: Path) -> None:
    with pytest.raises(UnknownNameError) as caught:
        answer_of(bristol, ontology_folder, "undecided", review="bristl")
    assert caught.value.nearest == ["bristol"]


def test_a_provision_of_several_reviews_needs_its_review(
    two_reviews: Store, ontology_folder: Path
) -> None:
    with pytest.raises(QueryError, match=r"1\.1 is in several reviews \(bristol, small-review\)"):
        answer_of(two_reviews, ontology_folder, "evidence", {"provision": "1.1"}, review=None)


def test_a_provision_of_another_review_is_unknown(two_reviews: Store, ontology_folder: Path) -> None:
    with pytest.raises(UnknownNameError):
        answer_of(two_reviews, ontology_folder, "evidence", {"provision": "5.8"}, review="small-review")


@pytest.mark.parametrize(
    ("value", "term"), [("3", Literal(3)), ("-2", Literal(-2)), ("0.5", Literal(0.5))]
)
def test_number(value: str, term: Literal, bristol: Store) -> None:
    assert bind(bristol, "number", value) == term


def test_no_number(bristol: Store) -> None:
    with pytest.raises(QueryError, match="'seven' is no number"):
        bind(bristol, "number", "seven")


# A parameter is only a term

INJECTIONS = [
    'x" } #',
    '")) } UNION { ?review ?words ?identifier } #',
    "} # {",
    "<https://w3id.org/compactgraph/id/bristol>",
    "?text",
    "\\",
    "\u202e\n\t",
]


@pytest.mark.parametrize("value", INJECTIONS)
def test_words_are_only_words(value: str, bristol: Store, ontology_folder: Path) -> None:
    assert answer_of(bristol, ontology_folder, "words", {"words": value}).rows == []


@pytest.mark.parametrize("value", INJECTIONS)
def test_a_name_is_only_a_name(value: str, bristol: Store, ontology_folder: Path) -> None:
    with pytest.raises(UnknownNameError):
        answer_of(bristol, ontology_folder, "goes-to", {"destination": value})


@pytest.mark.parametrize(
    ("words", "identifiers"),
    [
        ("add 'sector diversity'", ["value-3-r1"]),
        ("(PCR2015)", ["1.1-c1"]),
        ("HEARTS AND MINDS", ["note-2"]),
        ("The Compact states that, “An effective", ["national-compact"]),
        ("12 weeks", ["3.3", "3.3-c1"]),
    ],
)
def test_words_with_quotes_and_brackets(
    words: str, identifiers: list[str], bristol: Store, ontology_folder: Path
) -> None:
    answer = answer_of(bristol, ontology_folder, "words", {"words": words})
    assert [row[0] for row in answer.rows] == identifiers
