// A SPARQL editor. Tab leaves it; what is typed goes to Python after a pause, on leaving and on running.

import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { Compartment, EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { SparqlLanguage } from "codemirror-lang-sparql";
import css from "./editor.css";
import { component, debounced, element, onFonts } from "./shared.js";

const PAUSE = 600;

const KEYWORDS = (
  "ASC ASK AVG BASE BIND BOUND COALESCE CONCAT CONSTRUCT CONTAINS COUNT DATATYPE DESC DESCRIBE DISTINCT EXISTS " +
  "FILTER FROM GRAPH GROUP_CONCAT HAVING IF IN ISBLANK ISIRI ISLITERAL LANG LANGMATCHES LCASE LIMIT MAX MIN MINUS " +
  "NAMED NOT OFFSET OPTIONAL PREFIX REDUCED REGEX REPLACE SAMPLE SELECT STR STRAFTER STRBEFORE STRENDS STRLEN " +
  "STRSTARTS SUBSTR SUM UCASE UNDEF UNION VALUES WHERE YEAR"
).split(" ").concat("GROUP BY", "ORDER BY", "NOT EXISTS");

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.bool, tags.operator, tags.self], class: "keyword" },
  { tag: [tags.namespace, tags.url, tags.typeName, tags.propertyName], class: "name" },
  { tag: [tags.string, tags.annotation], class: "string" },
  { tag: [tags.integer, tags.float, tags.number], class: "number" },
  { tag: [tags.variableName], class: "variable" },
  { tag: [tags.comment], class: "comment" },
]);

/** Completes keywords, the variables of the query, and prefixes: in PREFIX with the address. */
function completions(prefixes) {
  return (context) => {
    const before = context.matchBefore(/[?$]?[\w-]*/);
    if (!before || (before.from === before.to && !context.explicit)) return null;
    const inside = SparqlLanguage.parser.parse(context.state.doc.toString()).resolveInner(context.pos, -1).name;
    if (/Comment|String|IriRef/.test(inside)) return null;
    if (/^[?$]/.test(before.text)) {
      const others = context.state.doc.toString().matchAll(/[?$]\w+/g);
      const names = new Set([...others].map((found) => found[0]));
      names.delete(before.text);
      return { from: before.from, options: [...names].map((label) => ({ label, type: "variable" })) };
    }
    const line = context.state.doc.lineAt(context.pos);
    const declaring = /prefix\s+$/i.test(line.text.slice(0, before.from - line.from));
    const options = Object.entries(prefixes).map(([prefix, iri]) => ({
      label: `${prefix}:`,
      detail: iri,
      type: "namespace",
      apply: declaring ? `${prefix}: <${iri}>` : `${prefix}:`,
      boost: declaring ? 1 : 0,
    }));
    if (!declaring) options.push(...KEYWORDS.map((label) => ({ label, type: "keyword", apply: `${label} ` })));
    return { from: before.from, options, validFor: /^[\w-]*$/ };
  };
}

function create(root, parent) {
  let given = null;
  let turn = null;
  let sent = null;
  const label = element("span", { class: "label", id: "label", click: () => view.focus() });
  const hint = element("p", { class: "hint", id: "hint" });
  const frame = element("div", { class: "frame" });
  root.append(label, frame, hint);

  const text = () => view.state.doc.toString();
  const send = () => {
    const now = text();
    if (now === sent) return;
    sent = now;
    given.setStateValue("edited", { text: now, turn });
  };
  const soon = debounced(send, PAUSE);
  const run = () => {
    soon.cancel();
    send();
    given.setTriggerValue("run", { text: text(), turn });
    return true;
  };

  const naming = new Compartment();
  const completing = new Compartment();
  const view = new EditorView({
    parent: frame,
    root: parent instanceof ShadowRoot ? parent : document,
    state: EditorState.create({
      extensions: [
        Prec.highest(keymap.of([{ key: "Mod-Enter", run }])),
        lineNumbers(),
        highlightSpecialChars(),
        history(),
        drawSelection(),
        bracketMatching(),
        EditorState.tabSize.of(2),
        EditorView.lineWrapping,
        SparqlLanguage,
        syntaxHighlighting(colours),
        completing.of([]),
        naming.of([]),
        keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
        EditorView.updateListener.of((update) => update.docChanged && turn !== null && soon()),
        EditorView.domEventHandlers({ blur: () => soon.flush() }),
      ],
    }),
  });

  const deaf = onFonts(() => view.requestMeasure());
  return {
    update(next) {
      const { data } = (given = next);
      label.textContent = data.label;
      hint.textContent = data.hint;
      frame.style.height ||= `${data.height}px`;
      if (data.turn !== turn) {
        turn = null;
        view.dispatch({
          changes: { from: 0, to: view.state.doc.length, insert: data.text },
          selection: { anchor: 0 },
          effects: [
            naming.reconfigure(EditorView.contentAttributes.of({ "aria-label": data.label, "aria-describedby": "hint", tabindex: "0" })),
            completing.reconfigure(autocompletion({ override: [completions(data.prefixes)], icons: false })),
          ],
        });
        soon.cancel();
        sent = text();
        turn = data.turn;
      }
    },
    destroy() {
      deaf();
      soon.cancel();
      view.destroy();
    },
  };
}

export default component(css, create);
