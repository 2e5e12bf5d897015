"""The ontology: every term defined, true of Bristol, aligned with reasons, consistent under OWL 2 RL."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from pathlib import Path

import pytest
from owlrl import OWLRL_Semantics  # type: ignore[import-untyped]
from pyoxigraph import Literal as OxLiteral
from pyoxigraph import NamedNode, RdfFormat, Store, Triple, serialize
from rdflib import DCTERMS, OWL, PROV, RDF, RDFS, SKOS, VANN, XSD, Graph, Literal, URIRef
from rdflib.term import Node

from compactgraph.common.namespaces import CG, ONTOLOGY_GRAPH, VOCAB
from compactgraph.reading.vocabulary import parse_turtle

PROJECT = Path(__file__).resolve().parents[2]
ONTOLOGY = PROJECT / "ontology"
ONTOLOGY_IRI = URIRef("https://w3id.org/compactgraph/ontology")
EXAMPLE = "https://w3id.org/compactgraph/id/example/"

CLASSES = [
    *("Document", "Agreement", "Review", "Commentary", "Recommendation", "Movement", "Reference"),
    *("Provision", "Section", "Theme", "Value", "Commitment"),
    *("Decision", "VoidDecision", "RememberedWords", "Draft", "DraftProvision"),
]
PROPERTIES = [
    *("text", "theme", "party", "hasCommentary", "hasRecommendation", "disposition", "reason"),
    *("mentions", "outcome", "hasMovement", "from", "to", "relation", "status", "basis"),
    *("hasDestination", "staysIn", "movesTo", "mayGoTo", "absorbedBy", "refersTo", "asksAbout"),
    *("recommendedOutcome", "decides", "decidesOf", "decisionKind", "madeOn", "originatesIn"),
]
SHORTCUTS = {
    relation: CG + name
    for relation, name in (
        *(("stays", "staysIn"), ("moves", "movesTo"), ("either", "mayGoTo")),
        *(("absorbed", "absorbedBy"), ("refers", "refersTo"), ("question", "asksAbout")),
    )
}
"""By relation, the property that ties a provision to its destination."""
KINDS = ["Section", "Theme", "Value", "Commitment"]


def read(*files: Path) -> Graph:
    graph = Graph()
    for file in files:
        graph.parse(file, format="turtle")
    return graph


STATED = read(ONTOLOGY / "compactgraph.ttl")
ALIGNMENTS = read(ONTOLOGY / "alignments.ttl")


def cg(name: str) -> URIRef:
    return URIRef(CG + name)


def local_names(graph: Graph) -> list[str]:
    names = {str(s).removeprefix(CG) for s in graph.subjects() if str(s).startswith(CG)}
    return sorted(names)


DEFINED = local_names(STATED)
TYPED_PROPERTIES = sorted(
    name
    for name in DEFINED
    if (cg(name), RDFS.domain, None) in STATED or (cg(name), RDFS.range, None) in STATED
)


def names_in(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])cg:(\w+)", text))


@pytest.fixture(scope="module")
def bristol_graph(reworded: Store) -> Graph:
    """Return Bristol with decisions, drafts and changed words, so that each property is there."""
    return as_graph(reworded)


def as_graph(store: Store, without: Collection[str] = ()) -> Graph:
    triples = [
        Triple(quad.subject, quad.predicate, quad.object)
        for quad in store
        if quad.predicate.value not in without
    ]
    return Graph().parse(data=serialize(triples, format=RdfFormat.N_TRIPLES), format="nt")


# The terms


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_of_the_contract_is_defined(name: str) -> None:
    assert (cg(name), RDF.type, OWL.Class) in STATED


@pytest.mark.parametrize("name", PROPERTIES)
def test_a_property_of_the_contract_is_defined(name: str) -> None:
    kinds = set(STATED.objects(cg(name), RDF.type))

    assert kinds & {OWL.ObjectProperty, OWL.DatatypeProperty}


@pytest.mark.parametrize("pattern", ["*.ttl", "vocab/*", "shapes/*", "examples/*/*.ttl"])
def test_turtle_uses_only_defined_terms(pattern: str) -> None:
    files = sorted(ONTOLOGY.glob(pattern))
    used = {name for file in files for name in names_in(file.read_text("utf-8"))}

    assert used - set(DEFINED) == set()
    assert used != set()


@pytest.mark.parametrize("folder", ["rules", "queries", "views"])
def test_sparql_uses_only_defined_terms(folder: str) -> None:
    files = sorted((ONTOLOGY / folder).glob("*.rq"))
    used = {name for file in files for name in names_in(file.read_text("utf-8"))}

    assert used - set(DEFINED) == set()
    assert used != set()


@pytest.mark.parametrize("name", ["bristol", "decided", "reworded"])
def test_bristol_uses_only_defined_terms(name: str, request: pytest.FixtureRequest) -> None:
    store: Store = request.getfixturevalue(name)
    nodes = {node for quad in store for node in (quad.subject, quad.predicate, quad.object)}
    used = {
        node.value.removeprefix(CG)
        for node in nodes
        if isinstance(node, NamedNode) and node.value.startswith(CG)
    }

    assert used - set(DEFINED) == set()


@pytest.mark.parametrize("name", DEFINED)
@pytest.mark.parametrize("property_", [RDFS.label, SKOS.definition])
def test_a_term_has_one_label_and_one_definition_in_english(name: str, property_: URIRef) -> None:
    (words,) = STATED.objects(cg(name), property_)

    assert isinstance(words, Literal)
    assert words.language == "en"
    assert str(words).strip() != ""


@pytest.mark.parametrize("name", DEFINED)
def test_a_term_says_where_it_is_defined(name: str) -> None:
    assert list(STATED.objects(cg(name), RDFS.isDefinedBy)) == [ONTOLOGY_IRI]


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_of_provision_has_its_notation(name: str) -> None:
    assert list(STATED.objects(cg(name), SKOS.notation)) == [Literal(name.lower())]
    assert (cg(name), RDFS.subClassOf, cg("Provision")) in STATED


ON_SERVICES = {"buildNote", "registerEntries", "registerRecord", "registerVote"}
"""What stands on services alone, in graphs that are none of the store's."""


@pytest.mark.parametrize("name", TYPED_PROPERTIES)
def test_domain_and_range_are_true_of_bristol(name: str, bristol_graph: Graph) -> None:
    def is_a(node: Node, class_: Node) -> bool:
        if isinstance(node, Literal):
            language = RDF.langString if node.language else None
            return (language or node.datatype or XSD.string) == class_
        types = bristol_graph.objects(node, RDF.type)
        return any(class_ in bristol_graph.transitive_objects(t, RDFS.subClassOf) for t in types)

    domains = list(STATED.objects(cg(name), RDFS.domain))
    ranges = list(STATED.objects(cg(name), RDFS.range))
    pairs = list(bristol_graph.subject_objects(cg(name)))

    assert [s for s, _ in pairs for domain in domains if not is_a(s, domain)] == []
    assert [o for _, o in pairs for range_ in ranges if not is_a(o, range_)] == []
    assert bool(pairs) == (name not in ON_SERVICES)


def test_the_json_ld_context_has_a_word_for_each_property_of_bristol(reworded: Store) -> None:
    context = json.loads((ONTOLOGY / "context.jsonld").read_text("utf-8"))["@context"]
    named = {entry if isinstance(entry, str) else entry["@id"] for entry in context.values()}
    used = {quad.predicate.value for quad in reworded if quad.predicate.value.startswith(CG)}

    assert {f"cg:{property_.removeprefix(CG)}" for property_ in used} - named == set()


def test_the_ontology_is_read_alike_each_time() -> None:
    path = ONTOLOGY / "compactgraph.ttl"

    assert set(parse_turtle(path, ONTOLOGY_GRAPH)) == set(parse_turtle(path, ONTOLOGY_GRAPH))


# What the ontology says of itself


@pytest.mark.parametrize(
    ("property_", "value"),
    [
        (RDF.type, OWL.Ontology),
        (DCTERMS.title, Literal("The Compact graph ontology", lang="en")),
        (DCTERMS.creator, Literal("The maintainers of compactgraph")),
        (DCTERMS.license, URIRef("https://creativecommons.org/licenses/by/4.0/")),
        (DCTERMS.created, Literal("2026-11-22", datatype=XSD.date)),
        (DCTERMS.modified, Literal("2026-11-22", datatype=XSD.date)),
        (OWL.versionIRI, URIRef("https://w3id.org/compactgraph/ontology/0.1.0")),
        (OWL.versionInfo, Literal("0.1.0")),
        (VANN.preferredNamespacePrefix, Literal("cg")),
        (VANN.preferredNamespaceUri, Literal(CG)),
    ],
)
def test_the_ontology_describes_itself(property_: URIRef, value: Node) -> None:
    assert list(STATED.objects(ONTOLOGY_IRI, property_)) == [value]


def test_the_ontology_has_a_description_in_english() -> None:
    (description,) = STATED.objects(ONTOLOGY_IRI, DCTERMS.description)

    assert isinstance(description, Literal)
    assert description.language == "en"


# The alignments

MAPPINGS = (SKOS.exactMatch, SKOS.closeMatch, SKOS.relatedMatch, SKOS.broadMatch, SKOS.narrowMatch)


def test_what_is_aligned_is_defined() -> None:
    assert set(local_names(ALIGNMENTS)) - set(DEFINED) == set()


def test_each_vocabulary_is_aligned_with() -> None:
    aligned = {str(o) for s, o in ALIGNMENTS.subject_objects() if str(s).startswith(CG)}
    namespaces = {re.sub(r"[^/#]+$", "", iri) for iri in aligned if iri.startswith("http")}

    assert namespaces == {
        "http://data.europa.eu/eli/ontology#",
        "http://purl.org/dc/terms/",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "http://www.w3.org/2004/02/skos/core#",
        "http://www.w3.org/ns/oa#",
        "http://www.w3.org/ns/org#",
        "http://www.w3.org/ns/prov#",
        "http://xmlns.com/foaf/0.1/",
        "https://schema.org/",
    }


@pytest.mark.parametrize(
    "name", sorted({str(s).removeprefix(CG) for s, p, _ in ALIGNMENTS if p in MAPPINGS})
)
def test_an_inexact_alignment_says_where_the_two_part(name: str) -> None:
    (comment,) = ALIGNMENTS.objects(cg(name), RDFS.comment)

    assert isinstance(comment, Literal)
    assert comment.language == "en"


# The reasoner: OWL 2 RL on the ontology, the alignments, the vocabularies and all of Bristol


def reason(graph: Graph) -> list[str]:
    """Add to ``graph`` what follows from it, and return the inconsistencies found."""
    semantics = OWLRL_Semantics(graph, axioms=False, daxioms=False, rdfs=False)
    semantics.closure()
    messages: list[str] = semantics.error_messages
    return messages


@pytest.fixture(scope="module")
def reasoned(reworded: Store) -> tuple[Graph, list[str]]:
    graph = as_graph(reworded, without=[CG + "hasDestination", *SHORTCUTS.values()])
    return graph, reason(graph)


def test_ontology_and_bristol_are_consistent(reasoned: tuple[Graph, list[str]]) -> None:
    graph, inconsistencies = reasoned

    assert inconsistencies == []
    assert list(graph.subjects(RDF.type, OWL.Nothing)) == []


def test_nothing_is_an_activity_and_an_entity(reasoned: tuple[Graph, list[str]]) -> None:
    graph, _ = reasoned
    activities = {
        *graph.subjects(RDF.type, PROV.Activity),
        *graph.subjects(PROV.wasAssociatedWith),
        *graph.subjects(PROV.generated),
    }
    entities = {
        *graph.subjects(RDF.type, PROV.Entity),
        *graph.subjects(PROV.wasAttributedTo),
        *graph.subjects(PROV.wasDerivedFrom),
    }

    assert activities & entities == set()
    assert activities != set()


def test_the_property_chain_entails_exactly_the_shortcuts_of_the_store(
    reasoned: tuple[Graph, list[str]], bristol_graph: Graph
) -> None:
    graph, _ = reasoned
    entailed = set(graph.subject_objects(cg("hasDestination")))

    assert entailed == set(bristol_graph.subject_objects(cg("hasDestination")))
    assert len(entailed) == 78


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Section", "Theme"),
        ("Section", "Value"),
        ("Section", "Commitment"),
        ("Theme", "Value"),
        ("Theme", "Commitment"),
        ("Value", "Commitment"),
        ("Provision", "Commentary"),
        ("Provision", "Recommendation"),
        ("Commentary", "Recommendation"),
        ("DraftProvision", "Provision"),
    ],
)
def test_nothing_is_of_two_disjoint_classes(one: str, other: str) -> None:
    both = URIRef(EXAMPLE + "provision/1.1")
    graph = read(ONTOLOGY / "compactgraph.ttl", ONTOLOGY / "alignments.ttl")
    graph.add((both, RDF.type, cg(one)))
    assert reason(graph) == []

    graph.add((both, RDF.type, cg(other)))
    (inconsistency,) = reason(graph)

    assert str(both) in inconsistency


def test_a_movement_is_derived_from_the_recommendation_that_it_rests_on() -> None:
    graph = read(ONTOLOGY / "compactgraph.ttl", ONTOLOGY / "alignments.ttl")
    movement = URIRef(EXAMPLE + "movement/1.1-r1/dropped")
    recommendation = URIRef(EXAMPLE + "recommendation/1.1-r1")
    graph.add((movement, cg("basis"), recommendation))

    assert reason(graph) == []
    assert list(graph.objects(movement, PROV.wasDerivedFrom)) == [recommendation]


@pytest.mark.parametrize(
    ("relation", "provisions"),
    [("stays", 40), ("moves", 3), ("either", 3), ("absorbed", 17), ("refers", 5), ("question", 1)],
)
def test_each_relation_has_a_shortcut_that_says_no_more(
    bristol: Store, relation: str, provisions: int
) -> None:
    graph = as_graph(bristol)
    related = {
        (graph.value(movement, cg("from")), graph.value(movement, cg("to")))
        for movement in graph.subjects(cg("relation"), URIRef(VOCAB + f"relation/{relation}"))
        if (movement, cg("to"), None) in graph
    }
    tied = set(graph.subject_objects(URIRef(SHORTCUTS[relation])))

    assert tied == related
    assert len({provision for provision, _ in tied}) == provisions


def test_what_moves_alone_is_asked_for_by_one_property(bristol: Store) -> None:
    graph = as_graph(bristol)
    moved = {
        str(graph.value(provision, DCTERMS.identifier)) for provision in graph.subjects(cg("movesTo"))
    }

    assert moved == {"1.11", "4.4", "value-5"}


def test_each_number_is_written_in_its_canonical_form(bristol: Store) -> None:
    numbers = {
        (literal.value, literal.datatype.value.removeprefix(str(XSD)))
        for literal in (quad.object for quad in bristol)
        if isinstance(literal, OxLiteral) and literal.datatype.value.startswith(str(XSD))
    }
    kinds = ("integer", "decimal", "double", "boolean")
    written = {(value, kind) for value, kind in numbers if kind in kinds}

    assert written == {
        (str(Literal(value, datatype=XSD[kind], normalize=True)), kind) for value, kind in written
    }
    assert {value for value, kind in written if kind == "decimal"} == {"85", "90.7", "92.3", "93.3"}
    assert {kind for _, kind in written} == {"integer", "decimal"}
