"""The shapes: what they find on Bristol and on the examples, and that the fast way finds all of it.

Each shape has a folder of its name in ``ontology/examples/``: ``conforming.ttl``, in which it finds
nothing, ``failing.ttl``, and ``expected.json``, which holds exactly what it finds there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Quad, RdfFormat, Store, Triple, serialize
from pyshacl import validate
from rdflib import RDF, SH, Graph, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Node

from compactgraph.common.namespaces import ONTOLOGY_GRAPH
from compactgraph.deciding.desk import Desk
from compactgraph.errors import EntryError, shorten
from compactgraph.graph.findings import Finding, Severity
from compactgraph.graph.validation import shape_files, validate_quads
from compactgraph.reading.vocabulary import load_ontology, parse_turtle
from compactgraph.register.entry import Body, Kind

ONTOLOGY = Path(__file__).resolve().parents[2] / "ontology"
SHAPES = "https://w3id.org/compactgraph/shapes#"
EXAMPLES = sorted(path.name for path in (ONTOLOGY / "examples").iterdir())

Found = tuple[str, str, str, str | None, str]


def read_shapes() -> Graph:
    graph = Graph()
    for path in shape_files(ONTOLOGY):
        graph.parse(path, format="turtle")
    return graph


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return read_shapes()


@pytest.fixture(scope="module")
def bristol_quads(bristol: Store) -> list[Quad]:
    return list(bristol)


def named_shapes(graph: Graph) -> list[str]:
    kinds = (SH.NodeShape, SH.PropertyShape)
    return sorted(str(s).removeprefix(SHAPES) for kind in kinds for s in graph.subjects(RDF.type, kind))


NAMES = named_shapes(read_shapes())
FILE_OF = {
    shape: path.stem for path in shape_files(ONTOLOGY) for shape in named_shapes(Graph().parse(path))
}


@cache
def known() -> list[Quad]:
    return load_ontology(ONTOLOGY)


@cache
def known_graph() -> Graph:
    return as_graph(known())


def as_graph(quads: Iterable[Quad]) -> Graph:
    triples = [Triple(q.subject, q.predicate, q.object) for q in quads]
    return Graph().parse(data=serialize(triples, format=RdfFormat.N_TRIPLES), format="nt")


def example(shape: str, file: str) -> list[Quad]:
    return parse_turtle(ONTOLOGY / "examples" / shape / file, ONTOLOGY_GRAPH)


@cache
def found_by(shape: str, file: str) -> list[Finding]:
    """Return what ``shape`` finds in a file of its example."""
    findings = validate_quads(ONTOLOGY, [*known(), *example(shape, file)], only=(FILE_OF[shape],))
    return [finding for finding in findings if finding.shape == shape]


def as_found(findings: list[Finding]) -> set[Found]:
    return {(f.severity.value, f.shape, f.focus, f.value, f.message) for f in findings}


def found_on_rdflib(shapes: Graph, data: Graph, shape: str | None = None) -> set[Found]:
    """Return what pySHACL finds on rdflib's own memory, the reference, named as findings are."""

    def name(node: Node | None) -> str:
        names = (str(identifier) for identifier in data.objects(node, DCTERMS.identifier))
        return min(names, default=str(node))

    _, report, _ = validate(
        data,
        shacl_graph=shapes,
        inplace=True,
        advanced=False,
        do_owl_imports=False,
        use_shapes=None if shape is None else [SHAPES + shape],
    )
    assert isinstance(report, Graph)
    return {
        (
            str(report.value(result, SH.resultSeverity)).rpartition("#")[2],
            str(report.value(result, SH.sourceShape)).removeprefix(SHAPES),
            name(report.value(result, SH.focusNode)),
            None if value is None else shorten(name(value)),
            str(report.value(result, SH.resultMessage)),
        )
        for result in report.subjects(SH.resultSeverity, None)
        for value in [report.value(result, SH.value)]
    }


# Bristol


def test_bristol_conforms_with_one_warning(bristol_quads: list[Quad]) -> None:
    assert validate_quads(ONTOLOGY, bristol_quads) == [
        Finding(
            severity=Severity.WARNING,
            shape="removal-states-a-reason",
            focus="bristol",
            message="national-compact-r1 removes something and does not say why; "
            "ask those who recommend it.",
            value="national-compact-r1",
            line=14,
        )
    ]


def test_bristol_has_the_same_findings_on_rdflib(shapes: Graph, bristol_quads: list[Quad]) -> None:
    assert found_on_rdflib(shapes, as_graph(bristol_quads)) == as_found(
        validate_quads(ONTOLOGY, bristol_quads)
    )


def test_bristol_conforms_after_decisions_with_the_same_warning(decided: Store) -> None:
    findings = validate_quads(ONTOLOGY, decided)

    assert [(finding.shape, finding.value) for finding in findings] == [
        ("removal-states-a-reason", "national-compact-r1")
    ]


def test_bristol_has_the_same_findings_on_rdflib_after_decisions(shapes: Graph, decided: Store) -> None:
    assert found_on_rdflib(shapes, as_graph(decided)) == as_found(validate_quads(ONTOLOGY, decided))


# The examples


def test_each_shape_has_its_example_and_each_example_its_shape() -> None:
    assert EXAMPLES == NAMES


@pytest.mark.parametrize("shape", EXAMPLES)
def test_a_conforming_example_has_no_finding_of_its_shape(shape: str) -> None:
    assert found_by(shape, "conforming.ttl") == []


@pytest.mark.parametrize("shape", EXAMPLES)
def test_a_failing_example_has_exactly_the_expected_findings(shape: str) -> None:
    expected = json.loads((ONTOLOGY / "examples" / shape / "expected.json").read_text("utf-8"))

    assert [finding.to_json() for finding in found_by(shape, "failing.ttl")] == expected
    assert expected != []


@pytest.mark.parametrize("file", ["conforming.ttl", "failing.ttl"])
@pytest.mark.parametrize("shape", EXAMPLES)
def test_an_example_has_the_same_findings_on_rdflib(shape: str, file: str, shapes: Graph) -> None:
    data = as_graph(example(shape, file))
    data += known_graph()

    assert found_on_rdflib(shapes, data, shape) == as_found(found_by(shape, file))


# The shapes themselves


@pytest.mark.parametrize("shape", NAMES)
@pytest.mark.parametrize("property_", ["name", "description"])
def test_a_shape_says_in_english_what_it_requires(shape: str, property_: str, shapes: Graph) -> None:
    (words,) = shapes.objects(URIRef(SHAPES + shape), SH[property_])

    assert getattr(words, "language", None) == "en"
    assert str(words).strip() != ""


@pytest.mark.parametrize("shape", NAMES)
def test_a_shape_has_a_severity_and_one_message_in_english(shape: str, shapes: Graph) -> None:
    node = URIRef(SHAPES + shape)
    holders = [node, *shapes.objects(node, SH.sparql)]
    messages = [m for holder in holders for m in shapes.objects(holder, SH.message)]

    (severity,) = shapes.objects(node, SH.severity)
    assert severity in (SH.Violation, SH.Warning)
    assert [getattr(message, "language", None) for message in messages] == ["en"]


@pytest.mark.parametrize("shape", NAMES)
def test_a_message_names_only_what_its_query_selects(shape: str, shapes: Graph) -> None:
    for constraint in shapes.objects(URIRef(SHAPES + shape), SH.sparql):
        selected = str(shapes.value(constraint, SH.select)).partition("WHERE")[0]
        named = re.findall(r"\{\?(\w+)\}", str(shapes.value(constraint, SH.message)))
        assert set(named) <= set(re.findall(r"[?$](\w+)", selected))


def test_a_shape_stands_in_the_file_of_one_class_only() -> None:
    stated = [name for path in shape_files(ONTOLOGY) for name in named_shapes(Graph().parse(path))]

    assert sorted(stated) == sorted(set(stated)) == NAMES


# What people type, as the desk checks it before it writes


def typed(**values: Any) -> Body:
    given = {"by": ("Ann Lee",), "date": "2026-10-05", "item": "1.11-r1/moves/vcse-strategy", **values}
    return Body(Kind.AGREE, **given)


DRAFTED = [Body(Kind.BEGIN_DRAFT, ("Bo",), "2026-10-26")]


def written(**values: Any) -> Body:
    given = {"item": "1.1", "role": "commitment", "text": "We meet.", **values}
    return Body(Kind.WRITE_DRAFT, ("Bo",), "2026-10-26", **given)


@pytest.fixture(scope="module")
def desk(bristol_folder: Path) -> Desk:
    return Desk(bristol_folder, ONTOLOGY, "bristol")


@pytest.mark.parametrize(
    "bodies",
    [
        [typed(by=("C:\\temp \\1 \\g<0> \\",))],
        [typed(why="See C:\\Compact\\notes.\nAnd <b>this</b>:\t“{?identifier}” & 'that'.")],
        [typed(on_behalf_of="The \\Board\\ of {$this}")],
        [typed(by=("李安", "علي", "Ann O’Neill-Søn"))],
        [typed(by=("A" * 200,), why="w" * 4000)],
        [*DRAFTED, written(text="\\1 We meet.\n\\g<0>")],
        [*DRAFTED, written(text="w" * 20_000)],
    ],
)
def test_what_people_may_type(bodies: list[Body], desk: Desk) -> None:
    made = desk.check(bodies, [], "os:C:\\users\\ann")

    assert [entry.body.why for entry in made] == [body.why for body in bodies]


HIDDEN = "has a line break or a hidden character; type it again by hand."


@pytest.mark.parametrize(
    ("bodies", "message"),
    [
        ([typed(by=("Ann\nLee",))], f"The name of a person or a body {HIDDEN}"),
        ([typed(by=("Ann Lee\n",))], f"The name of a person or a body {HIDDEN}"),
        ([typed(by=("Ann Lee", "\u202eeeL"))], f"The name of a person or a body {HIDDEN}"),
        ([typed(on_behalf_of="Council\x1b[2J")], f"The name of a person or a body {HIDDEN}"),
        (
            [typed(by=("A" * 201,))],
            "The name of a person or a body must have 1 to 200 characters; shorten it, and give each "
            "person a separate name.",
        ),
        ([typed(by=("  \xa0",))], "The name of a person or a body is only spaces; type the name."),
        (
            [typed(why="w" * 4001)],
            "The reason has more than 4,000 characters; shorten it, and refer to the minutes for the "
            "rest.",
        ),
        (
            [typed(why="\\ \u2066w")],
            "The reason has a hidden character; type it by hand, or paste it without its formatting.",
        ),
        ([typed(why="\n ")], "The reason is only spaces; say why, or leave it out."),
        (
            [typed(place="Section 4")],
            "A place is named for something that is not marked as applied; leave the place out, or mark "
            "it as applied.",
        ),
        (
            [*DRAFTED, written(text="w" * 20_001)],
            "A draft's provision needs its words once, in 1 to 20,000 characters; split a "
            "longer text into several provisions.",
        ),
        (
            [*DRAFTED, written(text="We\x00meet.")],
            "The words of the draft's provision have a hidden character; type them by hand, or paste "
            "them without their formatting.",
        ),
        ([Body(Kind.BEGIN_DRAFT, ("Bo\n",), "2026-10-26")], f"The name of a person or a body {HIDDEN}"),
        (
            [
                *DRAFTED,
                written(),
                Body(Kind.WITHDRAW_DRAFT, ("Bo\n",), "2026-10-26", item="1.1", replaces=(2,)),
            ],
            f"The name of a person or a body {HIDDEN}",
        ),
    ],
)
def test_what_people_may_not_type(bodies: list[Body], message: str, desk: Desk) -> None:
    with pytest.raises(EntryError) as caught:
        desk.check(bodies, [], "os:ann")

    assert str(caught.value) == message


@pytest.mark.parametrize("recorder", ["", "os:ann\n", "os:" + "a" * 198, "\u3000"])
def test_an_account_that_cannot_record(recorder: str, desk: Desk) -> None:
    with pytest.raises(EntryError, match="account that records"):
        desk.check([typed()], [], recorder)
