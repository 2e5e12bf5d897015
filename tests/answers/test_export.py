"""The graph in each format, read back by two libraries and compared with the store."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
)
from rdflib.compare import isomorphic

from compactgraph.answers.export import FORMATS, ITEM_FORMATS, export_graph, item_graph, turtle
from compactgraph.answers.review_graph import ReviewGraph
from compactgraph.common.atomic_files import replace_file
from compactgraph.errors import ExportError, FolderError, UnknownNameError
from compactgraph.store.oxigraph import canonical_nquads

ROOT = "https://w3id.org/compactgraph/"
BRISTOL = ROOT + "id/bristol"
RDF_FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "nquads": RdfFormat.N_QUADS,
    "ntriples": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
}
OF_QUADS = ("trig", "nquads", "jsonld")
OF_TRIPLES = ("turtle", "ntriples", "rdfxml")
EX = "https://example.org/"

# Reading quads, rdflib uses what it has itself deprecated.
reads_with_rdflib = pytest.mark.filterwarnings(r"ignore:(Dataset|ConjunctiveGraph):DeprecationWarning")


def exported(
    store: Store, ontology: Path, format_: str, folder: Path, review: str | None = None
) -> Path:
    path = folder / f"graph.{format_}"
    export_graph(store, ontology, format_, path, review)
    return path


def store_of(*quads: Quad) -> Store:
    store = Store()
    store.extend(quads)
    return store


def read(path: Path, format_: str) -> list[Quad]:
    return list(parse(path=str(path), format=RDF_FORMATS[format_]))


def plain(quads: list[Quad]) -> set[Quad]:
    return {Quad(quad.subject, quad.predicate, quad.object) for quad in quads}


def dataset(path: Path, format_: str) -> rdflib.Dataset:
    read_into = rdflib.Dataset()
    read_into.parse(data=path.read_bytes(), format=format_)
    return read_into


# What is read back


@pytest.mark.parametrize("format_", OF_QUADS)
def test_quads_are_read_back_with_their_graphs(
    bristol: Store, ontology_folder: Path, format_: str, tmp_path: Path
) -> None:
    found = read(exported(bristol, ontology_folder, format_, tmp_path), format_)

    assert len(found) == len(bristol)
    assert set(found) == set(bristol)


@pytest.mark.parametrize("format_", OF_TRIPLES)
def test_triples_are_read_back_as_one_graph(
    bristol: Store, ontology_folder: Path, format_: str, tmp_path: Path
) -> None:
    found = read(exported(bristol, ontology_folder, format_, tmp_path), format_)

    assert len(found) == len(plain(list(bristol)))
    assert plain(found) == plain(list(bristol))


@reads_with_rdflib
@pytest.mark.parametrize(("format_", "name"), [("jsonld", "json-ld"), ("trig", "trig")])
def test_rdflib_reads_the_same_quads(
    bristol: Store, ontology_folder: Path, format_: str, name: str, tmp_path: Path
) -> None:
    expected = dataset(exported(bristol, ontology_folder, "nquads", tmp_path), "nquads")
    found = dataset(exported(bristol, ontology_folder, format_, tmp_path), name)

    assert len(set(found.quads())) == len(bristol)
    assert set(found.quads()) == set(expected.quads())


@pytest.mark.parametrize(("format_", "name"), [("turtle", "turtle"), ("rdfxml", "xml")])
def test_rdflib_reads_the_same_triples(
    bristol: Store, ontology_folder: Path, format_: str, name: str, tmp_path: Path
) -> None:
    lines = exported(bristol, ontology_folder, "ntriples", tmp_path).read_bytes()
    written = exported(bristol, ontology_folder, format_, tmp_path).read_bytes()
    expected = rdflib.Graph().parse(data=lines, format="nt")
    found = rdflib.Graph().parse(data=written, format=name)

    assert set(found) == set(expected)


def test_nquads_are_the_canonical_ones(bristol: Store, ontology_folder: Path, tmp_path: Path) -> None:
    path = exported(bristol, ontology_folder, "nquads", tmp_path)

    assert path.read_bytes() == b"".join(canonical_nquads(bristol))


@pytest.mark.parametrize("format_", FORMATS)
def test_two_exports_give_the_same_bytes(
    bristol: Store, ontology_folder: Path, format_: str, tmp_path: Path
) -> None:
    first = exported(bristol, ontology_folder, format_, tmp_path).read_bytes()

    assert exported(bristol, ontology_folder, format_, tmp_path).read_bytes() == first


def test_turtle_uses_the_prefixes_in_order() -> None:
    triple = Triple(
        NamedNode(f"{BRISTOL}/provision/1.11"),
        NamedNode(ROOT + "ontology#outcome"),
        NamedNode(ROOT + "vocab/outcome/moved"),
    )
    lines = turtle([triple, triple]).decode().splitlines()
    prefixes = [line for line in lines if line.startswith("@prefix ")]

    assert f"@prefix cg: <{ROOT}ontology#> ." in prefixes
    assert prefixes == sorted(prefixes)
    assert lines[len(prefixes) :] == [f"<{BRISTOL}/provision/1.11> cg:outcome outcome:moved ."]


# One review


def test_a_review_comes_with_the_shared_references_that_it_names(
    bristol: Store, ontology_folder: Path, tmp_path: Path
) -> None:
    found = read(exported(bristol, ontology_folder, "nquads", tmp_path, "bristol"), "nquads")
    graphs = {quad.graph_name.value for quad in found}
    shared = {q.subject.value for q in found if q.graph_name.value == ROOT + "graph/references"}

    assert graphs == {
        f"{BRISTOL}/graph/source",
        f"{BRISTOL}/graph/reading",
        f"{BRISTOL}/graph/references",
        f"{BRISTOL}/graph/standing",
        ROOT + "graph/references",
    }
    assert ROOT + "id/reference/pcr-2015" in shared
    assert len(found) == sum(quad.graph_name.value != ROOT + "graph/ontology" for quad in bristol)


def test_a_review_leaves_out_references_that_it_does_not_name(
    bristol: Store, ontology_folder: Path, tmp_path: Path
) -> None:
    store = store_of(*bristol)
    shared = NamedNode(ROOT + "graph/references")
    store.add(Quad(NamedNode(EX + "act"), NamedNode(EX + "title"), Literal("An act"), shared))

    found = read(exported(store, ontology_folder, "nquads", tmp_path, "bristol"), "nquads")

    assert EX + "act" not in {quad.subject.value for quad in found}


# JSON-LD


def test_jsonld_is_in_the_words_of_its_own_context(
    bristol: Store, ontology_folder: Path, tmp_path: Path
) -> None:
    written = json.loads(exported(bristol, ontology_folder, "jsonld", tmp_path).read_text("utf-8"))
    context = json.loads((ontology_folder / "context.jsonld").read_text("utf-8"))["@context"]
    graphs = {graph["@id"]: graph["@graph"] for graph in written["@graph"]}
    nodes = {node["@id"]: node for node in graphs["id:bristol/graph/source"]}

    assert written["@context"] == context
    assert nodes["id:bristol/provision/1.11"] == {
        "@id": "id:bristol/provision/1.11",
        "@type": ["cg:Commitment", "cg:Provision"],
        "fingerprint": "sha256:3b3fb6bbda83823c0a249a65f8ea890bb21d35dae52267dc02dbdd18d1971310",
        "identifier": "1.11",
        "isPartOf": "id:bristol/reference/compact-2012",
        "label": "1.11",
        "hasRecommendation": "id:bristol/recommendation/1.11-r1",
        "party": "vocab:party/public-sector",
        "piece": "id:bristol/passage/12554-12666",
        "position": 29,
        "review": "id:bristol",
        "text": (
            "Support the VCS in ways other than funding for example, community asset transfer and "
            "capacity building support)."
        ),
        "theme": "id:bristol/provision/theme-1",
    }


XSD = "http://www.w3.org/2001/XMLSchema#"
AWKWARD = [
    Literal("plain"),
    Literal("Cymraeg", language="cy"),
    Literal("colour", language="en-gb"),
    Literal("007", datatype=NamedNode(XSD + "integer")),
    Literal("12345678901234567890", datatype=NamedNode(XSD + "integer")),
    Literal("-3", datatype=NamedNode(XSD + "integer")),
    Literal("1.0", datatype=NamedNode(XSD + "decimal")),
    Literal("1.0E0", datatype=NamedNode(XSD + "double")),
    Literal("true", datatype=NamedNode(XSD + "boolean")),
    Literal("1", datatype=NamedNode(XSD + "boolean")),
    Literal("2012", datatype=NamedNode(XSD + "gYear")),
    Literal('line\nline\ttab "quoted" \\ <b> \u2028'),
    NamedNode(EX + "thing"),
    NamedNode(ROOT + "id/"),
    NamedNode(ROOT + "id//double"),
    NamedNode("urn:isbn:0"),
    NamedNode("http://www.w3.org/2004/02/skos/core#"),
]


@pytest.mark.parametrize(
    "predicate",
    [EX + "p", ROOT + "ontology#text", ROOT + "ontology#to", ROOT + "ontology#score", XSD + "p"],
)
@pytest.mark.parametrize("term", AWKWARD, ids=str)
def test_jsonld_keeps_every_value_under_every_kind_of_term(
    predicate: str, term: NamedNode | Literal, ontology_folder: Path, tmp_path: Path
) -> None:
    store = store_of(Quad(NamedNode(EX + "s"), NamedNode(predicate), term, NamedNode(EX + "g")))

    assert read(exported(store, ontology_folder, "jsonld", tmp_path), "jsonld") == list(store)


@reads_with_rdflib
def test_jsonld_keeps_blank_nodes_lists_and_the_default_graph(
    ontology_folder: Path, tmp_path: Path
) -> None:
    store = Store()
    store.load(
        b"@prefix e: <https://example.org/> . e:a e:list (1 [e:b e:c] e:d) . e:g { e:a a [], e:b }",
        RdfFormat.TRIG,
    )
    found = dataset(exported(store, ontology_folder, "jsonld", tmp_path), "json-ld")
    expected = dataset(exported(store, ontology_folder, "nquads", tmp_path), "nquads")

    assert isomorphic(found.default_graph, expected.default_graph)
    assert isomorphic(found.graph(EX + "g"), expected.graph(EX + "g"))


def test_jsonld_refuses_an_iri_that_a_prefix_would_change(ontology_folder: Path, tmp_path: Path) -> None:
    store = store_of(Quad(NamedNode("oa:x"), NamedNode(EX + "p"), Literal("x"), DefaultGraph()))

    with pytest.raises(ExportError, match="<oa:x> reads as a prefixed name in JSON-LD"):
        exported(store, ontology_folder, "jsonld", tmp_path)


def test_jsonld_needs_its_context(bristol: Store, tmp_path: Path) -> None:
    with pytest.raises(FolderError, match=r"context\.jsonld: is missing or no JSON-LD context"):
        exported(bristol, tmp_path, "jsonld", tmp_path)


# One provision


def item(store: Store, ontology: Path, identifier: str, format_: str) -> bytes:
    return item_graph(ReviewGraph(store, ontology, "bristol"), identifier, format_)


def subjects(quads: list[Quad]) -> list[str]:
    return sorted({str(quad.subject)[1:-1].removeprefix(ROOT + "id/") for quad in quads})


def test_item_has_its_texts_readings_and_movements_and_the_names_of_the_rest(
    bristol: Store, ontology_folder: Path
) -> None:
    written = item(bristol, ontology_folder, "1.11", "jsonld")
    quads = list(parse(written, format=RdfFormat.JSON_LD))
    passages = ["12554-12666", "12669-12675", "12669-12730", "12680-12707", "12680-12729", "12716-12729"]

    assert subjects(quads) == sorted(
        [
            "bristol",
            "bristol/document",
            "bristol/movement/1.11-r1/moves/vcse-strategy",
            *(f"bristol/passage/{name}" for name in passages),
            *(f"bristol/passage/{name}/selector" for name in passages),
            "bristol/provision/1.11",
            "bristol/provision/theme-1",
            "bristol/reading/1.11-r1/disposition/remove/12669",
            "bristol/reading/1.11-r1/mentions/vcse-strategy/12716",
            "bristol/reading/1.11-r1/reason/better-placed-elsewhere/12680",
            "bristol/reading/1.11-r1/relation/moves/vcse-strategy/12680",
            "bristol/recommendation/1.11-r1",
            "bristol/reference/compact-2012",
            "bristol/reference/vcse-strategy",
        ]
    )
    assert set(quads) <= set(bristol)
    assert {quad.graph_name.value for quad in quads} == {
        f"{BRISTOL}/graph/source",
        f"{BRISTOL}/graph/reading",
        f"{BRISTOL}/graph/references",
        f"{BRISTOL}/graph/standing",
    }
    assert {
        quad.predicate.value.rpartition("#")[2].rpartition("/")[2]
        for quad in quads
        if quad.subject == NamedNode(f"{BRISTOL}/reference/vcse-strategy")
    } == {"type", "identifier", "prefLabel"}


def test_item_has_the_decisions_on_it_with_the_words_that_they_were_made_on(
    decided: Store, ontology_folder: Path
) -> None:
    quads = list(parse(item(decided, ontology_folder, "1.11", "jsonld"), format=RdfFormat.JSON_LD))
    made = [name for name in subjects(quads) if name.startswith("bristol/decision/")]
    assert made == [
        f"bristol/decision/{number}{words}"
        for number in (1, 13)
        for words in ("", "/words/1.11", "/words/1.11-r1")
    ]
    labels = {
        quad.object.value
        for quad in quads
        if quad.predicate == NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
        and "/agent/" in str(quad.subject)
    }
    assert labels == {"Ann Lee", "Bo Okafor", "Chris O’Neill"}
    assert set(quads) <= set(decided)


@pytest.mark.parametrize("format_", OF_QUADS)
def test_what_was_decided_comes_back_from_a_file_as_it_was(
    decided: Store, ontology_folder: Path, tmp_path: Path, format_: str
) -> None:
    found = read(exported(decided, ontology_folder, format_, tmp_path), format_)
    assert list(canonical_nquads(found)) == list(canonical_nquads(decided))


@pytest.mark.parametrize(
    ("identifier", "found"),
    [
        ("1.1", ["commentary/1.1-c1", "footnote/note-2", "footnote/note-3", "recommendation/1.1-r1"]),
        ("value-5", ["footnote/note-1", "recommendation/value-5-r1"]),
        (
            "national-compact",
            [
                *(f"commentary/national-compact-c{n}" for n in (1, 2, 3)),
                "provision/terminology",
                "recommendation/national-compact-r1",
            ],
        ),
        (
            "complaints",
            [
                *(f"commentary/complaints-c{n}" for n in (1, 2, 3)),
                "footnote/note-5",
                "recommendation/complaints-r1",
            ],
        ),
        ("3.1", ["commentary/3.1-c1", "recommendation/3.1-r1"]),
    ],
)
def test_item_has_commentary_and_footnotes(
    bristol: Store, ontology_folder: Path, identifier: str, found: list[str]
) -> None:
    written = item(bristol, ontology_folder, identifier, "turtle")
    text = NamedNode(ROOT + "ontology#text")
    told = [q.subject.value for q in parse(written, format=RdfFormat.TURTLE) if q.predicate == text]

    assert sorted(told) == sorted(f"{BRISTOL}/{name}" for name in [*found, f"provision/{identifier}"])


@reads_with_rdflib
@pytest.mark.parametrize("identifier", ["1.11", "introduction", "terminology", "5.6", "theme-3"])
def test_rdflib_reads_the_same_item(bristol: Store, ontology_folder: Path, identifier: str) -> None:
    as_turtle = item(bristol, ontology_folder, identifier, "turtle")
    as_jsonld = item(bristol, ontology_folder, identifier, "jsonld")
    quads = list(parse(as_jsonld, format=RdfFormat.JSON_LD))
    triples = list(parse(as_turtle, format=RdfFormat.TURTLE))
    expected = rdflib.Dataset()
    expected.parse(data=b"".join(canonical_nquads(quads)), format="nquads")
    found = rdflib.Dataset()
    found.parse(data=as_jsonld, format="json-ld")
    flat = rdflib.Graph().parse(data=as_turtle, format="turtle")

    assert set(found.quads()) == set(expected.quads())
    assert len(set(found.quads())) == len(quads)
    assert set(flat) == {quad[:3] for quad in expected.quads()}
    assert plain(quads) == plain(triples)


@pytest.mark.parametrize("format_", ITEM_FORMATS)
def test_two_item_graphs_are_the_same_bytes(bristol: Store, ontology_folder: Path, format_: str) -> None:
    first = item(bristol, ontology_folder, "introduction", format_)

    assert item(store_of(*bristol), ontology_folder, "introduction", format_) == first


@pytest.mark.parametrize(
    ("identifier", "review", "format_", "message"),
    [
        ("1.99", "bristol", "turtle", "unknown provision '1.99'"),
        ("1.11", "bath", "turtle", "unknown review 'bath'"),
        ("1.11", "bristol", "rdfxml", "unknown format 'rdfxml'; known: jsonld, turtle"),
        ("no iri>", "bristol", "jsonld", "unknown provision 'no iri>'"),
    ],
)
def test_item_that_nobody_knows_is_refused(
    bristol: Store, ontology_folder: Path, identifier: str, review: str, format_: str, message: str
) -> None:
    with pytest.raises(UnknownNameError, match=message):
        item_graph(ReviewGraph(bristol, ontology_folder, review), identifier, format_)


# RDF/XML


@pytest.mark.parametrize(
    ("predicate", "value", "message"),
    [
        (EX + "1", "x", r"<https://example\.org/1> is no name in RDF/XML; export it as turtle"),
        (EX + "p", "a\x01b", "'a\ufffdb' has a character that XML cannot hold; export it as turtle"),
    ],
)
def test_rdfxml_refuses_what_xml_cannot_hold(
    predicate: str, value: str, message: str, ontology_folder: Path, tmp_path: Path
) -> None:
    store = store_of(Quad(BlankNode(), NamedNode(predicate), Literal(value), DefaultGraph()))

    with pytest.raises(ExportError, match=message):
        exported(store, ontology_folder, "rdfxml", tmp_path)


def test_rdfxml_keeps_carriage_returns(ontology_folder: Path, tmp_path: Path) -> None:
    store = store_of(Quad(NamedNode(EX + "s"), NamedNode(EX + "p"), Literal("a\r\nb")))

    assert read(exported(store, ontology_folder, "rdfxml", tmp_path), "rdfxml") == list(store)


# GraphML


@pytest.mark.parametrize("review", [None, "bristol"])
def test_graphml_of_a_store_with_one_review_is_that_reviews(
    bristol: Store, ontology_folder: Path, review: str | None, tmp_path: Path
) -> None:
    text = exported(bristol, ontology_folder, "graphml", tmp_path, review).read_text("utf-8")

    assert text.count("<node ") == 117
    assert f'<node id="{BRISTOL}/provision/1.11">' in text


# Refusals


def test_unknown_format_is_refused(bristol: Store, ontology_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="unknown format 'turtel'; nearest: turtle"):
        export_graph(bristol, ontology_folder, "turtel", tmp_path / "graph")


@pytest.mark.parametrize("format_", FORMATS)
def test_unknown_review_is_refused_and_nothing_written(
    bristol: Store, ontology_folder: Path, format_: str, tmp_path: Path
) -> None:
    with pytest.raises(UnknownNameError, match="unknown review 'bath'"):
        exported(bristol, ontology_folder, format_, tmp_path, "bath")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("format_", FORMATS)
def test_missing_folder_is_an_export_error(
    bristol: Store, ontology_folder: Path, format_: str, tmp_path: Path
) -> None:
    with pytest.raises(ExportError, match=r"cannot be written \(No such file or directory\)"):
        exported(bristol, ontology_folder, format_, tmp_path / "nowhere")


# Files that are written whole or not at all


def fail_half_way(path: Path) -> None:
    with replace_file(path) as beside:
        beside.write_bytes(b"half")
        raise OSError(28, "No space left on device")


def test_file_stays_as_it_was_where_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"before")

    with pytest.raises(ExportError, match=r"cannot be written \(No space left on device\)"):
        fail_half_way(path)
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_link_keeps_pointing_to_the_file_that_is_replaced(tmp_path: Path) -> None:
    path, link = tmp_path / "file", tmp_path / "link"
    path.write_bytes(b"before")
    link.symlink_to(path)

    with replace_file(link) as beside:
        beside.write_bytes(b"after")
    assert link.is_symlink()
    assert path.read_bytes() == b"after"


def test_something_other_than_a_file_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    with pytest.raises(ExportError, match="is not a file"), replace_file(pipe):
        pass
