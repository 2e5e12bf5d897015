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

function onClick(event) {
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

function heading() {
  return document.getElementById("heading");
}

function beginAtHeading() {
  const title = heading();
  if (!title) return;
  title.setAttribute("tabindex", "-1");
  title.focus();
}

export default function (component) {
  // Streamlit may load this module again: what it knows stands in the document. `page` is where the
  // reader is; `left` the heading on which they followed a link, until what it leads to is there.
  const known = document.documentElement.dataset;
  const next = `/${component.data.page}`;
  if (known.page === undefined) {
    document.documentElement.lang = "en-GB";
    document.addEventListener("click", onClick);
  }
  if (known.left !== undefined && location.hash) jump(location);
  else if (known.page !== undefined && known.page !== next) beginAtHeading();
  else if (known.left !== undefined && known.left !== heading()?.textContent) beginAtHeading();
  delete known.left;
  known.page = next;
}
