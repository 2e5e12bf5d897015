// What the editor completes: the project's prefixes, and the classes and properties that the graph uses,
// the most used first, as the endpoint's own description counts them.

import { Yasqe } from "@zazuko/yasqe";
import { prefixed } from "./names.js";
import { readTriples } from "./triples.js";

const VOID = "http://rdfs.org/ns/void#";
const MOST = 100;

/** Registers the completers in place of those that would ask services elsewhere. */
export function registerCompletions(description, prefixes) {
  const used = usedTerms(description);
  Yasqe.forkAutocompleter(
    "prefixes",
    { name: "own-prefixes", persistenceId: null, get: () => declarations(prefixes) },
    false,
  );
  for (const [kind, inherited] of [["classes", "class"], ["properties", "property"]]) {
    const { preProcessToken, postProcessSuggestion, isValidCompletionPosition } = Yasqe.Autocompleters[inherited];
    Yasqe.forkAutocompleter(
      inherited,
      {
        name: `own-${kind}`,
        get: async (_, token) => fitting((await used())[kind], token?.autocompletionString ?? ""),
        preProcessToken: (yasqe, token) => atCursor(yasqe, preProcessToken(yasqe, token)),
        postProcessSuggestion: (yasqe, token, iri) =>
          suggestion(yasqe, token, iri, prefixes) ?? postProcessSuggestion(yasqe, token, iri),
        isValidCompletionPosition: (yasqe) =>
          isValidCompletionPosition(yasqe) || (kind === "properties" && beforeProperty(yasqe)),
      },
      false,
    );
  }
  Yasqe.defaults.autocompleters = ["variables", "own-prefixes", "own-classes", "own-properties"];
}

function declarations(prefixes) {
  return Object.entries(prefixes).map(([prefix, namespace]) => `${prefix}: <${namespace}>`);
}

/** Has a suggestion stand after the space that is before the cursor, not in its place. */
function atCursor(yasqe, token) {
  if (token.string.trim() === "") {
    const { line, ch } = yasqe.getDoc().getCursor();
    token.from = { line, ch };
  }
  return token;
}

/** The short name of a term, where nothing typed asks for another: the editor declares its prefix. */
function suggestion(yasqe, token, iri, prefixes) {
  if (token.tokenPrefixUri || token.string.startsWith("<")) return null;
  return prefixed(iri, { ...prefixes, ...yasqe.getPrefixesFromQuery() });
}

/** Whether a property can stand at the cursor, where nothing of one is typed yet. */
function beforeProperty(yasqe) {
  const token = yasqe.getTokenAt(yasqe.getDoc().getCursor());
  return token.string.trim() === "" && token.state.possibleCurrent.includes("a");
}

/** The terms that begin with what is typed, as a whole or in their own name. */
function fitting(terms, typed) {
  const begun = typed.toLowerCase();
  const named = (iri) => iri.slice(Math.max(iri.lastIndexOf("#"), iri.lastIndexOf("/")) + 1).toLowerCase();
  const whole = terms.filter((iri) => iri.startsWith(typed));
  const found = whole.length ? whole : terms.filter((iri) => named(iri).startsWith(begun));
  // What is already typed in full needs no suggestion.
  return found.length === 1 && found[0] === typed ? [] : found.slice(0, MOST);
}

/** Returns what gives the terms that the graph uses; the description is fetched once, when first needed. */
function usedTerms(description) {
  let asked = null;
  return () => {
    asked ??= fetch(description, { headers: { Accept: "application/n-triples" } })
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(answer.statusText))))
      .then(partitions)
      .catch(() => {
        asked = null;
        return { classes: [], properties: [] };
      });
    return asked;
  };
}

function partitions(text) {
  const named = { class: new Map(), property: new Map() };
  const counted = new Map();
  for (const [subject, predicate, object] of readTriples(text) ?? []) {
    const kind = predicate.value.startsWith(VOID) ? predicate.value.slice(VOID.length) : "";
    if (kind in named) named[kind].set(subject.value, object.value);
    if (kind === "entities" || kind === "triples") {
      counted.set(subject.value, Math.max(counted.get(subject.value) ?? 0, Number(object.value)));
    }
  }
  return { classes: byUse(named.class, counted), properties: byUse(named.property, counted) };
}

function byUse(named, counted) {
  const uses = new Map();
  for (const [partition, iri] of named) {
    uses.set(iri, Math.max(uses.get(iri) ?? 0, counted.get(partition) ?? 0));
  }
  return [...uses.keys()].sort((one, other) => uses.get(other) - uses.get(one) || (one < other ? -1 : 1));
}
