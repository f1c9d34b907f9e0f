// Who is signed in, and what that allows.
import { call } from "./api.js";

/** @typedef {{ user: {id: string, name: string}|null, scopes?: string[], expiresAt?: string, signInMethods: string[], signInError?: string|null, timeZone?: string, version?: string }} Session */

const path = "console/session";

/** @returns {Promise<Session>} */
export const readSession = () => call("GET", path);

/** @param {string} key */
export const signIn = (key) => call("POST", path, { body: { key }, isSignIn: true });

export const signOut = () => call("DELETE", path, { isSignIn: true });

/** The address at which the browser goes to the identity provider. */
export const oidcAddress = "signin";

/** @typedef {"admin"|"team"|"usage"|"generate"} Right */

/**
 * Rights that follow from scopes: an administrator may what an administrator of a team may, and generating includes reading one's usage.
 * @param {string[]} scopes
 * @returns {Set<Right>}
 */
export function rightsOf(scopes) {
  /** @type {Set<Right>} */
  const rights = new Set();
  if (scopes.includes("ai:admin")) rights.add("admin").add("team");
  if (scopes.includes("ai:admin:team")) rights.add("team");
  if (scopes.includes("ai:generate")) rights.add("generate").add("usage");
  if (scopes.includes("ai:usage")) rights.add("usage");
  return rights;
}
