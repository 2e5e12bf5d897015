// Reads N-Triples: the endpoint's description, and the answer to CONSTRUCT or DESCRIBE.

const TERM = String.raw`(?:<([^>]*)>|_:(\S+)|"((?:[^"\\]|\\.)*)"(?:\^\^<([^>]*)>|@(\S+))?)`;
const LINE = new RegExp(String.raw`^\s*${TERM}\s+${TERM}\s+${TERM}\s*\.\s*$`);
const ESCAPED = /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g;
const CONTROLS = { t: "\t", n: "\n", r: "\r", b: "\b", f: "\f" };

/** Returns the triples as lists of three terms, each as SPARQL's JSON has it; null where a line is no triple. */
export function readTriples(text) {
  const triples = [];
  for (const line of text.split("\n")) {
    if (!line.trim() || line.startsWith("#")) continue;
    const found = LINE.exec(line);
    if (!found) return null;
    triples.push([term(found, 1), term(found, 6), term(found, 11)]);
  }
  return triples;
}

function term(found, place) {
  const [iri, blank, literal, datatype, language] = found.slice(place, place + 5);
  if (iri !== undefined) return { type: "uri", value: unescaped(iri) };
  if (blank !== undefined) return { type: "bnode", value: blank };
  return { type: "literal", value: unescaped(literal), datatype, "xml:lang": language };
}

function unescaped(text) {
  return text.replace(ESCAPED, (_, short, long, one) =>
    one ? (CONTROLS[one] ?? one) : String.fromCodePoint(parseInt(short ?? long, 16)),
  );
}
