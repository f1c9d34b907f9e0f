// The screens, in the order of the menu.
import { screen as alerts } from "./screens/alerts.js";
import { screen as audit } from "./screens/audit.js";
import { screen as budgets } from "./screens/budgets.js";
import { screen as keys } from "./screens/keys.js";
import { screen as overview } from "./screens/overview.js";
import { screen as playground } from "./screens/playground.js";
import { screen as prices } from "./screens/prices.js";
import { screen as providers } from "./screens/providers.js";
import { screen as requests } from "./screens/requests.js";
import { screen as routes } from "./screens/routes.js";
import { screen as scopes } from "./screens/scopes.js";
import { screen as verify } from "./screens/verify.js";

/**
 * @typedef {object} Context what a screen is opened with
 * @property {import("./router.js").Route} route
 * @property {import("./session.js").Session} session
 * @property {Set<import("./session.js").Right>} rights
 * @property {AbortSignal} signal ends with the screen
 * @property {() => void} update shows the screen again
 * @property {(action: () => Promise<unknown>) => Promise<void>} run runs an action, and shows its result or its failure
 * @property {(text: string) => void} say tells what was done, also to a screen reader
 *
 * @typedef {object} Screen
 * @property {string} path
 * @property {string} title
 * @property {string} purpose what it shows, in one sentence
 * @property {import("./session.js").Right[]} needs any of these rights
 * @property {(context: Context) => Promise<() => unknown>} open reads what the screen needs, and returns its view
 */

/** @type {[group: string, screens: Screen[]][]} */
export const groups = [
  ["Use", [overview, playground, requests]],
  ["Access", [keys, budgets, scopes]],
  ["Models", [providers, routes, prices]],
  ["Records", [alerts, audit, verify]],
];

/** @param {Set<import("./session.js").Right>} rights */
export const screensFor = (rights) =>
  groups.map(([group, screens]) => /** @type {[string, Screen[]]} */ ([group, screens.filter((screen) => screen.needs.some((right) => rights.has(right)))]))
    .filter(([, screens]) => screens.length > 0);
