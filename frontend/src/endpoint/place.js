// The query in the page's address, so that it can be sent on, reloaded, and come back to with Back.

const LINK_LIMIT = 6_000;

/** Returns the query that the page opens with, or null where the address has none. */
export function given() {
  return history.state?.query ?? new URLSearchParams(location.search).get("query");
}

/** Makes an entry for a query that was chosen or edited: a new one where the last was run or written by hand. */
export function keep(root, query, { own = false } = {}) {
  const last = history.state;
  if (last?.query === query) return;
  const leaves = last?.ran || (last?.own && !own);
  enter(root, { query, own, ran: false }, leaves ? "pushState" : "replaceState");
}

/** Says that the query of the entry was run. */
export function ran(root, query) {
  enter(root, { query, own: history.state?.own ?? false, ran: true }, "replaceState");
}

function enter(root, state, how) {
  const address = new URL(root);
  address.searchParams.set("query", state.query);
  // A longer one stays with the page's entry alone; a reload keeps it.
  const link = address.href.length <= LINK_LIMIT ? address.href : root;
  history[how](state, "", link);
}
