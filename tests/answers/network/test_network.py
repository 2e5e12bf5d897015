"""The network of Bristol's review: paths that explain, and what binds."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from pyoxigraph import Store

from compactgraph.answers.network.network import (
    Network,
    explained_path,
    resolve,
    review_network,
    write_graphml,
)
from compactgraph.answers.network.selection import neighbourhood
from compactgraph.answers.network.ties import Node
from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.errors import QueryError, UnknownNameError

MOVE = "Remove, as could be better included in the new VCSE Strategy."
CONTEXT = "All commissioning is in the context of the UK’s Public Contract Regulations 2015 (PCR2015)."
TERMS = "Business-as-usual (contractual terms; decommissioning policy)."
EMPHASIS = (
    "Keep, with emphasis on contractual terms, decommissioning policy, best value statutory guidance."
)
UNCLEAR = "Remove, as no longer clear what it means."
USUAL = "Remove, as this is implicit in business-as-usual."
NOTE = "Audit Commission’s report ‘Hearts and Minds: commissioning from the voluntary sector’ (2007)"


@pytest.fixture(scope="module")
def network(bristol: Store, ontology_folder: Path) -> Network:
    return review_network(ReviewGraph(bristol, ontology_folder, "bristol"))


def path_between(network: Network, start: str, end: str) -> list[tuple[str, ...]]:
    steps = explained_path(network, resolve(network, start), resolve(network, end))
    assert steps is not None
    return [(str(s.start), s.label, str(s.end), s.of, s.words) for s in steps]


def test_no_path_is_told_apart_from_a_path_of_no_steps() -> None:
    one = Node("http://example.org/1.1", "commitment", "1.1", "1.1")
    other = Node("http://example.org/plan", "reference", "plan", "a plan")
    untied = Network({one.iri: one, other.iri: other}, (), {})
    assert explained_path(untied, one, other) is None
    assert explained_path(untied, one, one) == []


def test_network_has_all_provisions_and_what_they_are_tied_to(network: Network) -> None:
    kinds: dict[str, int] = {}
    for node in network.nodes.values():
        kinds[node.kind] = kinds.get(node.kind, 0) + 1

    assert kinds == {
        "section": 12,
        "theme": 5,
        "value": 8,
        "commitment": 54,
        "reference": 30,
        "party": 3,
        "reason": 5,
    }


def test_a_commitment_carries_what_is_known_of_it(network: Network) -> None:
    node = resolve(network, "1.11")

    assert (node.kind, node.identifier, node.outcome, node.party, node.theme) == (
        "commitment",
        "1.11",
        "moved",
        "public-sector",
        "1",
    )


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (
            "1.11",
            "vcse-strategy",
            [("1.11", "moves to (recommended)", "vcse-strategy", "1.11-r1", MOVE)],
        ),
        (
            "vcse-strategy",
            "1.11",
            [("vcse-strategy", "receives (recommended)", "1.11", "1.11-r1", MOVE)],
        ),
        (
            "1.6",
            "pcr-2015",
            [
                ("1.6", "stands under", "theme-1", "", ""),
                ("theme-1", "holds", "1.1", "", ""),
                ("1.1", "has commentary that mentions", "pcr-2015", "1.1-c1", CONTEXT),
            ],
        ),
        (
            "3.8",
            "3.3",
            [("3.8", "bears on", "3.3", "", "a mitigation of potentially shorted consultation periods")],
        ),
        ("3.11", "1.19", [("3.11", "is worded nearly like (93.3 of 100)", "1.19", "", "")]),
        (
            "5.1",
            "5.5",
            [
                ("5.1", "has commentary that mentions", "contractual-terms", "5.1-c1", TERMS),
                (
                    "contractual-terms",
                    "is mentioned in a recommendation on",
                    "5.5",
                    "5.5-r1",
                    EMPHASIS,
                ),
            ],
        ),
        (
            "2.1",
            "3.7",
            [
                ("2.1", "leaves for the reason (recommended)", "meaning-unclear", "2.1-r1", UNCLEAR),
                (
                    "meaning-unclear",
                    "is the reason for leaving of (recommended)",
                    "3.7",
                    "3.7-r1",
                    UNCLEAR,
                ),
            ],
        ),
        (
            "2.3",
            "1.20",
            [
                ("2.3", "is absorbed into (recommended)", "business-as-usual", "2.3-r1", USUAL),
                ("business-as-usual", "absorbs (recommended)", "1.20", "1.20-r1", USUAL),
            ],
        ),
        (
            "1.1",
            "hearts-and-minds",
            [("1.1", "has a footnote that mentions", "hearts-and-minds", "note-2", NOTE)],
        ),
        ("1.4-r2", "theme-1", [("1.4", "stands under", "theme-1", "", "")]),
        ("1.6", "1.6", []),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_path_explains_how_two_things_are_tied(
    network: Network, start: str, end: str, expected: list[tuple[str, ...]]
) -> None:
    assert path_between(network, start, end) == expected


def test_path_is_the_same_length_back(network: Network) -> None:
    there = path_between(network, "value-6", "pcr-2015")
    back = path_between(network, "pcr-2015", "value-6")

    assert len(there) == len(back) == 7


def test_terminology_is_tied_to_the_section_whose_term_it_explains(network: Network) -> None:
    section = resolve(network, "section:national-compact")
    ties = [(str(t.start), t.label()) for t in network.ties_of(section) if t.end == section]

    assert ties == [("terminology", "explains a term of")]


BINDING = [
    ("new-compact", 45),
    ("business-as-usual", 23),
    ("vcse-strategy", 10),
    ("compact-2012", 7),
    ("contractual-terms", 4),
    ("decommissioning-policy", 4),
    ("national-compact", 4),
    ("bristol-city-council", 3),
    ("compact-partners-group", 3),
    ("pcr-2015", 3),
    ("compact-voice", 2),
    ("audit-commission", 1),
    ("bcc-social-value-policy", 1),
    ("best-value-statutory-guidance", 1),
    ("big-society", 1),
    ("bristol-20-20-plan", 1),
    ("bristol-partnership", 1),
    ("ccg-stp", 1),
    ("compact-complaints-procedure", 1),
    ("consultation-finder", 1),
    ("hearts-and-minds", 1),
    ("mayors-statement", 1),
    ("ncvo", 1),
    ("next-link", 1),
    ("office-for-civil-society", 1),
    ("public-services-programme", 1),
    ("social-value-act-2012", 1),
    ("social-value-advisory-group", 1),
    ("voice-and-influence-consultation", 1),
    ("voscur", 1),
]


def bound_by_reference(network: Network) -> dict[str, list[Node]]:
    """Return the provisions that are tied to each reference, in the order of the document."""
    found: dict[str, set[Node]] = {}
    for tie in network.ties:
        if tie.end.kind == "reference" and tie.start.is_provision:
            found.setdefault(tie.end.identifier, set()).add(tie.start)
    return {name: sorted(nodes, key=lambda node: node.order) for name, nodes in found.items()}


def test_how_many_provisions_each_reference_binds(network: Network) -> None:
    found = [(name, len(provisions)) for name, provisions in bound_by_reference(network).items()]

    assert sorted(found, key=lambda pair: (-pair[1], pair[0])) == BINDING


@pytest.mark.parametrize(
    ("reference", "provisions"),
    [
        ("pcr-2015", "1.1 1.7 1.8"),
        (
            "vcse-strategy",
            "terminology our-commitments partners-group values value-1 value-2 value-3 value-5 1.11 4.4",
        ),
        ("contractual-terms", "5.1 5.2 5.4 5.5"),
        (
            "business-as-usual",
            "themes 1.2 1.3 1.4 1.17 1.18 1.19 1.20 2.3 2.6 3.1 3.6 3.9 3.11 3.12 3.13 4.3 "
            "5.1 5.2 5.4 5.6 5.7 5.8",
        ),
        ("national-compact", "national-compact terminology our-commitments themes"),
        ("bristol-city-council", "2.4 3.6 complaints"),
    ],
)
def test_a_reference_binds_the_provisions_that_the_document_ties_to_it(
    network: Network, reference: str, provisions: str
) -> None:
    assert [str(node) for node in bound_by_reference(network)[reference]] == provisions.split()


def test_neighbourhood_of_one_tie(network: Network) -> None:
    around = neighbourhood(network, resolve(network, "1.11"))

    assert [str(node) for node in around.nodes] == [
        "1.11",
        "theme-1",
        "vcse-strategy",
        "public-sector",
        "better-placed-elsewhere",
    ]
    assert [(str(t.start), t.kind, str(t.end)) for t in around.ties] == [
        ("1.11", "stands under", "theme-1"),
        ("1.11", "moves", "vcse-strategy"),
        ("1.11", "recommendation mentions", "vcse-strategy"),
        ("1.11", "is made by", "public-sector"),
        ("1.11", "leaves because of", "better-placed-elsewhere"),
    ]


@pytest.mark.parametrize(
    ("name", "kind", "identifier"),
    [
        ("1.6", "commitment", "1.6"),
        ("1.4-r1", "commitment", "1.4"),
        ("1.7-c1", "commitment", "1.7"),
        ("note-5", "section", "complaints"),
        ("theme-1", "theme", "theme-1"),
        ("vcse-strategy", "reference", "vcse-strategy"),
        ("business-as-usual", "reference", "business-as-usual"),
        ("vcs", "party", "vcs"),
        ("meaning-unclear", "reason", "meaning-unclear"),
        ("reference:national-compact", "reference", "national-compact"),
        ("provision:national-compact", "section", "national-compact"),
    ],
)
def test_name_finds_its_node(network: Network, name: str, kind: str, identifier: str) -> None:
    node = resolve(network, name)

    assert (node.kind, node.identifier) == (kind, identifier)


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("vcse-stategy", "vcse-strategy"), ("1.99", "1.9"), ("party:vcse-strategy", "vcse-strategy")],
)
def test_unknown_name_is_answered_with_the_nearest(network: Network, name: str, nearest: str) -> None:
    with pytest.raises(UnknownNameError) as error:
        resolve(network, name)

    assert error.value.nearest[0] == nearest


def test_name_of_a_provision_and_a_reference_is_refused(network: Network) -> None:
    with pytest.raises(QueryError) as error:
        resolve(network, "national-compact")

    assert str(error.value) == (
        "'national-compact' names 2 things; write section:national-compact or reference:national-compact"
    )


def test_unknown_review_is_refused(bristol: Store, ontology_folder: Path) -> None:
    with pytest.raises(UnknownNameError, match="unknown review 'bristle'; nearest: bristol"):
        review_network(ReviewGraph(bristol, ontology_folder, "bristle"))


def test_graphml_has_typed_nodes_and_edges(network: Network, tmp_path: Path) -> None:
    path = tmp_path / "bristol.graphml"
    write_graphml([network], path)
    root = ElementTree.parse(path).getroot()
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    keys = {(k.get("for"), k.get("id"), k.get("attr.type")) for k in root.findall("g:key", space)}
    node = root.find(
        "g:graph/g:node[@id='https://w3id.org/compactgraph/id/bristol/provision/1.11']", space
    )
    edges = root.findall("g:graph/g:edge", space)

    assert keys == {
        *(("node", n, "string") for n in ("kind", "label", "identifier", "outcome", "party", "theme")),
        *(("edge", n, "string") for n in ("relation", "status", "evidence", "words")),
    }
    assert node is not None
    assert {data.get("key"): data.text for data in node} == {
        "kind": "commitment",
        "label": "1.11",
        "identifier": "1.11",
        "outcome": "moved",
        "party": "public-sector",
        "theme": "1",
    }
    assert len(edges) == len(network.ties)


def test_what_is_open_or_rejected_is_not_settled(
    network: Network, decided: Store, ontology_folder: Path
) -> None:
    def unsettled(seen: Network) -> list[str]:
        return [f"{t.start} {t.label()} {t.end}" for t in seen.ties if not t.is_settled]

    perhaps = [
        f"value-{number} is kept, perhaps in ({{}}) {place}"
        for number in (1, 2, 3)
        for place in ("new-compact", "vcse-strategy")
    ]
    assert unsettled(network) == [
        "partners-group raises a question about (recommended) social-value-advisory-group",
        "partners-group raises a question about (recommended) vcse-strategy",
        *(words.format("recommended") for words in perhaps),
    ]
    # Value 1 was settled for the strategy, value 2 for the new Compact.
    assert unsettled(review_network(ReviewGraph(decided, ontology_folder, "bristol"))) == [
        "partners-group raises a question about (rejected) social-value-advisory-group",
        "partners-group raises a question about (agreed) vcse-strategy",
        perhaps[0].format("rejected"),
        perhaps[3].format("rejected"),
        *(words.format("recommended") for words in perhaps[4:]),
        "1.3 is absorbed into (rejected) business-as-usual",
        "2.1 leaves for the reason (rejected) meaning-unclear",
        "2.5 leaves for the reason (rejected) meaning-unclear",
        "3.2 stays in (rejected) new-compact",
        "4.4 moves to (rejected) vcse-strategy",
        "4.4 leaves for the reason (rejected) better-placed-elsewhere",
    ]
