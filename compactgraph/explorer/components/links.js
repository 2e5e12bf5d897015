// What the explorer adds to Streamlit's page: links followed in place, reading that begins at the heading.
//
// Follows links of the explorer in place. Without this script they load the page: nothing is lost.
// The browser's own history does the work: Streamlit answers a step in it as it answers Back.

function within(event) {
  if (event.defaultPrevented || event.button !== 0) return null;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return null;
  const link = event.composedPath().find((part) => part instanceof Element && part.matches("a[href]"));
  if (!link || link.getAttribute("target") || link.hasAttribute("download")) return null;
  const shadowed = link.getRootNode() instanceof ShadowRoot;
  if (!link.closest(".cg") && !shadowed) return null;
  const href = link.getAttribute("href") ?? link.getAttributeNS("http://www.w3.org/1999/xlink", "href");
  const url = new URL(href, document.baseURI);
  if (url.origin !== location.origin) return null;
  return url;
}

function jump(url) {
  const target = document.getElementById(decodeURIComponent(url.hash.slice(1)));
  if (!target) return;
  target.setAttribute("tabindex", "-1");
  target.scrollIntoView();
  target.focus({ preventScroll: true });
}

// Copies the text before the button, and says so on it for a moment. Without the right to the clipboard (it is
// given on this machine and over HTTPS) the text is marked, for the reader to copy.
async function copy(button) {
  const text = button.previousElementSibling;
  const words = button.textContent;
  try {
    await navigator.clipboard.writeText(text.textContent);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(text);
    button.textContent = "Marked: press Ctrl+C";
  }
  setTimeout(() => (button.textContent = words), 2500);
}

function onClick(event) {
  const button = event.target.closest?.("button.copy");
  if (button) copy(button);
  const url = within(event);
  if (!url) return;
  event.preventDefault();
  if (url.hash && url.pathname === location.pathname && url.search === location.search) {
    history.replaceState(history.state, "", url);
    jump(url);
    return;
  }
  document.documentElement.dataset.left = heading()?.textContent ?? "";
  history.pushState({}, "", url);
  dispatchEvent(new PopStateEvent("popstate", { state: {} }));
}

// Streamlit takes a bare R for “draw the page anew”. A key by itself does nothing here (WCAG 2.1.4): who speaks
// to the computer, or hits a key by mistake, stays where they are.
function ignoreBareLetters(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || !/^[a-z]$/i.test(event.key)) return;
  const at = event.composedPath()[0];
  if (at.isContentEditable || at.matches?.("input, textarea, select, [role=listbox], [role=combobox]")) return;
  event.stopImmediatePropagation();
}

// Puts what every link has into the address too, without a step in the history: so a copied address has it.
function complete(always) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(always)) {
    if (!url.searchParams.has(name)) url.searchParams.set(name, value);
  }
  if (url.href !== location.href) history.replaceState(history.state, "", url);
}

function heading() {
  return document.getElementById("heading");
}

// Puts the focus on the heading, and again where Streamlit draws it anew in the moments after, unless the
// reader has gone on to something else.
function beginAtHeading(until = performance.now() + 1500, first = true) {
  const title = heading();
  if (!first && ![document.body, title].includes(document.activeElement)) return;
  if (title && title !== document.activeElement) {
    title.setAttribute("tabindex", "-1");
    title.focus();
  }
  if (performance.now() < until) setTimeout(() => beginAtHeading(until, false), 100);
}

export default function (component) {
  // Streamlit may load this module again: what it knows stands in the document. `page` is where the
  // reader is; `left` the heading on which they followed a link, until what it leads to is there.
  const known = document.documentElement.dataset;
  const next = `/${component.data.page}`;
  if (known.page === undefined) {
    document.documentElement.lang = "en-GB";
    document.addEventListener("click", onClick);
    for (const kind of ["keydown", "keyup", "keypress"]) addEventListener(kind, ignoreBareLetters, { capture: true });
  }
  complete(component.data.always);
  if (location.hash && (known.left !== undefined || known.page === undefined)) jump(location);
  else if (known.page !== undefined && known.page !== next) beginAtHeading();
  else if (known.left !== undefined && known.left !== heading()?.textContent) beginAtHeading();
  delete known.left;
  known.page = next;
}
