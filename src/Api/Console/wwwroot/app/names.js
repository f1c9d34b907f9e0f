// Names of users, keys and scopes for their ids, read once and kept while the page is open.
import { read } from "./api.js";

/** @typedef {"organisations"|"teams"|"projects"|"users"|"keys"} Kind */

/** The list of the API for a kind of scope of records. @type {Record<string, Kind>} */
export const kinds = { organisation: "organisations", team: "teams", project: "projects", user: "users", key: "keys" };

/** @type {Map<string, string|null>} null: it is being read, or it has no name */
const known = new Map();
/** @type {() => void} */
let changed = () => {};

/** Sets what happens when a name has come. @param {() => void} action */
export function onNames(action) {
  changed = action;
}

/** Forgets all names, for the next user of the page. */
export const forgetNames = () => known.clear();

/** Keeps the names of items that a screen has read. @param {{ id: string, name: string }[]} items */
export function learn(items) {
  for (const { id, name } of items) known.set(id, name);
}

/**
 * The name of something, or its id until the name has come.
 * @param {Kind|undefined} kind undefined: it has no name
 * @param {string} id
 * @param {boolean} mayAsk whether the signed-in user may read names
 */
export function nameOf(kind, id, mayAsk) {
  const name = known.get(id);
  if (name) return name;
  if (name === undefined && kind && mayAsk) void ask(kind, id);
  return id;
}

/** @param {Kind} kind @param {string} id */
async function ask(kind, id) {
  known.set(id, null);
  try {
    known.set(id, (await read(`api/v1/admin/${kind}/${id}`)).name);
    changed();
  } catch {
    // A deleted scope has no name any more. Its id stays on the screen.
  }
}
