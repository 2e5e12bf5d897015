// Shows an answer: a table with its caption, a truth, or the triples of a graph; and the ways to keep it.

import { element, webAddress } from "../shared.js";
import { readTriples } from "./triples.js";

const PORTION = 500;
const LINK_LIMIT = 6_000;
const NUMBERS = /#(integer|decimal|double|float|int|long|nonNegativeInteger|positiveInteger)$/;
const TABLES = { csv: "CSV", tsv: "TSV", json: "JSON", xml: "XML" };
const GRAPHS = { turtle: "Turtle", jsonld: "JSON-LD", ntriples: "N-Triples", rdfxml: "RDF/XML" };

/** Reads what the endpoint sent: `{kind, columns, rows}`, `{kind, truth}`, or `{kind, text}`. */
export function readAnswer({ content, headers }) {
  if ((headers.get("content-type") ?? "").includes("json")) {
    const { head, boolean, results } = JSON.parse(content);
    if (boolean !== undefined) return { kind: "truth", truth: boolean };
    const columns = head.vars ?? [];
    return { kind: "table", columns, rows: results.bindings.map((row) => columns.map((name) => row[name])) };
  }
  const rows = readTriples(content);
  if (rows === null) return { kind: "text", text: content };
  return { kind: "graph", columns: ["subject", "predicate", "object"], rows };
}

/** Says an answer in one line. */
export function summary(answer) {
  if (answer.kind === "truth") return answer.truth ? "The answer is yes." : "The answer is no.";
  if (answer.kind === "text") return "The answer is a graph.";
  const noun = answer.kind === "graph" ? "triple" : "row";
  const count = answer.rows.length;
  if (!count) return `No ${noun}s: nothing in the graph fits the query.`;
  return `${count.toLocaleString("en-GB")} ${noun}${count === 1 ? "" : "s"}.`;
}

/** Draws an answer into `parent`, in the place of the last one. */
export function drawAnswer(parent, answer, { sparql, endpoint, names }) {
  const parts = [element("h2", { id: "answer-title", tabindex: "-1" }, "Answer")];
  if (answer.kind === "truth") parts.push(element("p", { class: "truth" }, answer.truth ? "Yes" : "No"));
  else if (answer.kind === "text") parts.push(element("pre", { class: "copyable" }, answer.text));
  else if (answer.rows.length) parts.push(table(answer, names));
  else parts.push(element("p", {}, summary(answer)));
  const graph = answer.kind === "graph" || answer.kind === "text";
  let formats = graph ? GRAPHS : TABLES;
  if (answer.kind === "truth") formats = { json: TABLES.json, xml: TABLES.xml };
  parts.push(downloads(sparql, endpoint, formats));
  parent.replaceChildren(...parts);
  parent.hidden = false;
}

function table(answer, names) {
  const { columns, rows } = answer;
  const body = element("tbody", { role: "rowgroup" });
  const numeric = columns.map((_, place) => {
    const terms = rows.map((row) => row[place]).filter(Boolean);
    return terms.length > 0 && terms.every((term) => NUMBERS.test(term.datatype));
  });
  const heads = columns.map((name, place) =>
    element("th", { scope: "col", role: "columnheader", class: numeric[place] ? "number" : null }, name),
  );
  const caption = element("caption", {});
  const made = element(
    "table",
    { role: "table", class: "cards" },
    caption,
    element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...heads)),
    body,
  );
  const more = element("button", { type: "button", class: "plain", click: () => grow(true) });
  const frame = element("div", { class: "answer-table" }, element("div", { class: "scroll" }, made), more);

  function grow(byHand) {
    const from = body.rows.length;
    const next = rows.slice(from, from + PORTION).map((row) => line(row, columns, numeric, names));
    body.append(...next);
    const shown = body.rows.length;
    const [all, now] = [rows.length, shown].map((number) => number.toLocaleString("en-GB"));
    caption.textContent = shown < rows.length ? `${summary(answer)} The first ${now} are shown.` : summary(answer);
    more.textContent = `Show ${Math.min(PORTION, rows.length - shown)} more of ${all}`;
    more.hidden = shown === rows.length;
    if (byHand) {
      next[0].tabIndex = -1;
      next[0].focus();
    }
  }

  grow(false);
  return frame;
}

function line(row, columns, numeric, names) {
  const cells = row.map((term, place) =>
    element(
      "td",
      { role: "cell", "data-label": columns[place], class: numeric[place] ? "number" : null },
      ...(term ? cell(term, names) : []),
    ),
  );
  return element("tr", { role: "row" }, ...cells);
}

function cell(term, names) {
  if (term.type === "uri") {
    const href = names.address(term.value);
    const name = names.short(term.value);
    return webAddress(href) ? [element("a", { href, class: "cell" }, ...breakable(name))] : breakable(name);
  }
  if (term.type === "bnode") return [`_:${term.value}`];
  if (term.type === "triple") return [written(term, names)];
  const language = term["xml:lang"];
  const words = element("span", { class: "literal", lang: language ?? null }, term.value);
  return language ? [words, " ", element("span", { class: "tag" }, language)] : [words];
}

/** A long name breaks after its slashes. */
function breakable(name) {
  return name.split(/(?<=\/)(?=[^/])/).flatMap((piece, place) => (place ? [element("wbr"), piece] : [piece]));
}

function written(term, names) {
  if (term.type === "uri") return names.short(term.value);
  if (term.type === "bnode") return `_:${term.value}`;
  if (term.type !== "triple") return JSON.stringify(term.value);
  const { subject, predicate, object } = term.value;
  return `<<( ${[subject, predicate, object].map((part) => written(part, names)).join(" ")} )>>`;
}

/** The same answer to keep: as links, which can be copied, or as buttons where the query is too long for one. */
function downloads(sparql, endpoint, formats) {
  const entries = Object.entries(formats).map(([format, label]) => [format, `Download ${label}`]);
  const link = (format) => `${endpoint}?${new URLSearchParams({ query: sparql, format, download: "1" })}`;
  if (link("ntriples").length <= LINK_LIMIT) {
    const links = entries.map(([format, label]) =>
      element("li", {}, element("a", { class: "button", href: link(format), download: "" }, label)),
    );
    return element("ul", { class: "downloads", "aria-label": "Keep this answer" }, ...links);
  }
  const hidden = (name, value) => {
    const field = element("input", { type: "hidden", name });
    field.value = value;
    return field;
  };
  const buttons = entries.map(([format, label]) =>
    element("button", { type: "submit", class: "plain", name: "format", value: format }, label),
  );
  return element(
    "form",
    { class: "downloads", method: "post", action: endpoint, "aria-label": "Keep this answer" },
    hidden("query", sparql),
    hidden("download", "1"),
    ...buttons,
  );
}
