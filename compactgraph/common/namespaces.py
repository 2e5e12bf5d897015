"""Every namespace and prefix of the project, spelled once."""

from __future__ import annotations

ROOT = "https://w3id.org/compactgraph/"
CG = ROOT + "ontology#"
VOCAB = ROOT + "vocab/"
ID = ROOT + "id/"
GENID = ROOT + ".well-known/genid/"
SHARED_REFERENCE = ID + "reference/"

DCTERMS = "http://purl.org/dc/terms/"
OA = "http://www.w3.org/ns/oa#"
OWL = "http://www.w3.org/2002/07/owl#"
PROV = "http://www.w3.org/ns/prov#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SH = "http://www.w3.org/ns/shacl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"

PREFIXES: dict[str, str] = {
    "cg": CG,
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": DCTERMS,
    "decision": VOCAB + "decision/",
    "disposition": VOCAB + "disposition/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "oa": OA,
    "org": "http://www.w3.org/ns/org#",
    "outcome": VOCAB + "outcome/",
    "owl": OWL,
    "party": VOCAB + "party/",
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "reason": VOCAB + "reason/",
    "ref": SHARED_REFERENCE,
    "relation": VOCAB + "relation/",
    "role": VOCAB + "role/",
    "rule": VOCAB + "rule/",
    "schema": "https://schema.org/",
    "sh": SH,
    "skos": SKOS,
    "status": VOCAB + "status/",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": XSD,
}

SCHEMA = PREFIXES["schema"]
VOID = PREFIXES["void"]
FORMATS = "http://www.w3.org/ns/formats/"
SD = "http://www.w3.org/ns/sparql-service-description#"
VOID_EXT = "http://ldf.fi/void-ext#"

DESCRIPTION_PREFIXES = {**PREFIXES, "formats": FORMATS, "sd": SD, "void-ext": VOID_EXT}
"""The prefixes of what an endpoint says of itself, beside those of the graph."""

ONTOLOGY_GRAPH = ROOT + "graph/ontology"
REFERENCES_GRAPH = ROOT + "graph/references"
BUILDS_GRAPH = ROOT + "graph/builds"
REGISTER_GRAPH = ROOT + "graph/register"
