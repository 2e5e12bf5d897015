// Names and addresses of what an answer speaks of: short where a prefix fits, and below this endpoint
// where it describes the resource itself.

const DESCRIBED = /^(?:(?:id|vocab|graph)\/|ontology(?:$|#))/;
const LOCAL = /^[\w][\w.-]*$/;

/** Returns an IRI's name by the prefixes given, the longest namespace first; null if none fits. */
export function prefixed(iri, prefixes) {
  const longestFirst = Object.entries(prefixes).sort((one, other) => other[1].length - one[1].length);
  for (const [prefix, start] of longestFirst) {
    const rest = iri.startsWith(start) ? iri.slice(start.length) : "";
    if (LOCAL.test(rest)) return `${prefix}:${rest}`;
  }
  return null;
}

/** Returns `{short, address}` for IRIs; `root` is the endpoint's root, `namespace` that of its resources. */
export function naming(root, namespace, prefixes) {
  const described = (iri) => {
    const path = iri.startsWith(namespace) ? iri.slice(namespace.length) : "";
    return DESCRIBED.test(path) ? path : null;
  };
  return {
    short: (iri) => prefixed(iri, prefixes) ?? described(iri) ?? iri,
    address(iri) {
      const path = described(iri);
      return path === null ? iri : new URL(path, root).href;
    },
  };
}
