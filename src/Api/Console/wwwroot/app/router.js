// Addresses of screens: #/path?query. The part before # never changes, so any server serves any screen.

/** @typedef {{ path: string, parts: string[], query: Record<string, string> }} Route */

/** @returns {Route} */
export function currentRoute() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  return { path: `/${path}`, parts: path.split("/").filter(Boolean).map(decodeURIComponent), query: Object.fromEntries(new URLSearchParams(query)) };
}

/**
 * The address of a screen. Members that are null, undefined or "" are left out of the query.
 * @param {string} path such as "/requests"
 * @param {Record<string, unknown>} [query]
 */
export function linkTo(path, query = {}) {
  const kept = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return kept.length === 0 ? `#${path}` : `#${path}?${new URLSearchParams(kept.map(([name, value]) => [name, String(value)]))}`;
}

/** @param {string} path @param {Record<string, unknown>} [query] */
export function go(path, query) {
  location.hash = linkTo(path, query);
}
