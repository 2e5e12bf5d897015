// The query editor: YASQE as it comes, set up to ask this endpoint alone and to be left with the Tab key.

import { Yasqe } from "@zazuko/yasqe";
import { registerCompletions } from "./completions.js";

/**
 * Draws the editor in `parent`.
 *
 * `endpoint` and `description` are absolute addresses; `run` is called for Ctrl+Enter, `edited` after a
 * change by hand. Returns the editor.
 */
export function drawEditor(parent, { endpoint, description, prefixes, text, describedBy, run, edited }) {
  registerCompletions(description, prefixes);
  const editor = new Yasqe(parent, {
    value: text,
    requestConfig: { endpoint, method: "POST" },
    persistenceId: null,
    consumeShareLink: null,
    createShareableLink: null,
    showQueryButton: false,
    resizeable: false,
    editorHeight: "auto",
    // A screen reader finds the whole query in it; CodeMirror's hidden text area has but the selection.
    inputStyle: "contenteditable",
    screenReaderLabel: "SPARQL query",
    viewportMargin: Infinity,
    extraKeys: { Tab: false, "Shift-Tab": false, Esc: false, "Ctrl-S": false, "Ctrl-Enter": run, "Cmd-Enter": run },
  });
  const field = editor.getInputField();
  field.setAttribute("role", "textbox");
  field.setAttribute("aria-multiline", "true");
  field.setAttribute("aria-describedby", describedBy);
  editor.on("autocompletionShown", (_, widget) => widget.hints.setAttribute("aria-label", "Suggestions"));
  editor.on("change", (_, change) => {
    if (change.origin !== "setValue") edited();
  });
  return editor;
}

/** Puts the cursor where an error line says that the query is wrong; says whether it names a place. */
export function showPlace(editor, line) {
  const found = /line (\d+)(?:,| and)?\s+column (\d+)/i.exec(line) ?? /\b(\d+):(\d+)\b/.exec(line);
  if (!found) return false;
  const [row, column] = [Number(found[1]) - 1, Number(found[2]) - 1];
  editor.getDoc().setCursor({ line: row, ch: Math.max(column, 0) });
  editor.focus();
  editor.addLineClass(row, "background", "wrong-line");
  return true;
}

/** Takes the mark of :func:`showPlace` away. */
export function clearPlace(editor) {
  editor.getDoc().eachLine((line) => {
    editor.removeLineClass(line, "background", "wrong-line");
  });
}
