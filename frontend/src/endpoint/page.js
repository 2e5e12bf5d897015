// The endpoint's page: choose a saved question or write a query, run it, read the answer.

import { debounced, element } from "../shared.js";
import { drawAnswer, readAnswer, summary } from "./answer.js";
import { clearPlace, drawEditor, showPlace } from "./editor.js";
import { naming } from "./names.js";
import * as place from "./place.js";

const part = (id) => document.getElementById(id);
const given = JSON.parse(part("given").textContent);
const root = new URL(given.root, location.href.split(/[?#]/)[0]).href;
const endpoint = new URL("sparql", root).href;
const names = naming(root, given.namespace, given.prefixes);
const questions = new Map(given.questions.map((question) => [question.name, question]));
const PAUSE = 600;

const starter = `PREFIX cg: <${given.prefixes.cg}>
PREFIX dcterms: <${given.prefixes.dcterms}>

SELECT ?provision ?text
WHERE {
  ?p a cg:Commitment ;
    dcterms:identifier ?provision ;
    cg:text ?text .
}
ORDER BY ?provision
LIMIT 10
`;

let running = null;
// The editor measures itself as it is drawn.
part("asking").hidden = false;
const kept = debounced(() => place.keep(root, editor.getValue(), { own: true }), PAUSE);
const editor = drawEditor(part("editor"), {
  endpoint,
  description: new URL(".well-known/void?format=ntriples", root).href,
  prefixes: given.prefixes,
  text: place.given() ?? starter,
  describedBy: "editor-keys",
  run,
  edited() {
    clearPlace(editor);
    kept();
  },
});

part("address").textContent = endpoint;
part("choose").addEventListener("change", choose);
part("run").addEventListener("click", run);
part("stop").addEventListener("click", () => editor.abortQuery());
window.addEventListener("popstate", () => open(place.given() ?? starter));
describe(questionOf(editor.getValue()));

function questionOf(sparql) {
  return given.questions.find((question) => question.sparql === sparql);
}

function choose() {
  const question = questions.get(part("choose").value);
  kept.flush();
  if (question) {
    place.keep(root, question.sparql);
    open(question.sparql);
  } else {
    describe(undefined);
  }
}

function open(sparql) {
  kept.cancel();
  editor.setValue(sparql);
  clearPlace(editor);
  part("answer").hidden = true;
  part("answer").replaceChildren();
  part("error").replaceChildren();
  part("status").textContent = "";
  describe(questionOf(sparql));
}

/** Shows what the chosen saved question asks, who asks it, and what stands in it as an example. */
function describe(question) {
  part("choose").value = question?.name ?? "";
  part("question").hidden = !question;
  if (!question) return;
  const facts = [
    ["Asked by", question.asks],
    ["A row is", question.row],
    ...question.parameters
      .filter((parameter) => parameter.example)
      .map((parameter) => [`?${parameter.name}`, `${parameter.example} (${parameter.meaning})`]),
  ];
  part("question").replaceChildren(
    element("h3", {}, question.question),
    element("dl", { class: "facts" }, ...facts.flatMap(([term, text]) => [element("dt", {}, term), element("dd", {}, text)])),
    ...(facts.length > 2 ? [element("p", { class: "faint" }, "To ask it of another, change the line VALUES in the query.")] : []),
  );
}

function run() {
  if (running !== null) return;
  kept.cancel();
  clearPlace(editor);
  const sparql = editor.getValue();
  if (!sparql.trim()) return showError("There is no query yet; write one, or choose a saved question.");
  place.keep(root, sparql, { own: true });
  place.ran(root, sparql);
  running = sparql;
  busy(true);
  part("error").replaceChildren();
  part("status").textContent = "Running …";
  editor.query().then(
    (response) => finish(() => show(sparql, response)),
    (error) => finish(() => showFailure(error)),
  );
}

function finish(show) {
  running = null;
  busy(false);
  show();
}

function busy(is) {
  if (!is && document.activeElement === part("stop")) part("run").focus();
  part("stop").hidden = !is;
  part("run").setAttribute("aria-disabled", String(is));
}

function show(sparql, response) {
  const answer = readAnswer(response);
  drawAnswer(part("answer"), answer, { sparql, endpoint, names });
  part("status").textContent = summary(answer);
}

function showFailure(error) {
  if (error.name === "AbortError") {
    part("status").textContent = "Stopped.";
    return;
  }
  showError(error instanceof TypeError ? "The endpoint does not answer; see whether it still runs." : error.message);
}

function showError(line) {
  part("answer").hidden = true;
  part("answer").replaceChildren();
  part("status").textContent = "";
  part("error").replaceChildren(element("p", { class: "notice" }, element("strong", {}, "The query was not answered."), line));
  showPlace(editor, line);
}
