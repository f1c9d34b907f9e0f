import { html, nothing } from "../../vendor/lit-html.js";
import { read } from "../api.js";
import { time, words } from "../format.js";
import { badge, long, table } from "../parts/table.js";

/** @type {import("../screens.js").Screen} */
export const screen = {
  path: "/routes",
  title: "Routes",
  purpose: "Which providers may answer a model name. Groups are tried in order; within a group the weight says how often a target is first.",
  needs: ["admin"],
  async open(context) {
    const { items } = await read("api/v1/admin/routes", {}, context.signal);
    return () => html`
      <p class="note">As this gateway process sees it at ${time(new Date().toISOString())}.</p>
      ${items.length === 0 ? html`<p>No route is configured. A plain model name goes to every provider that prices it.</p>` : items.map(route)}`;
  },
};

/** @param {any} it */
const route = (it) => table({
  caption: it.name,
  rows: it.groups.flatMap((/** @type {any} */ group, /** @type {number} */ at) => group.targets.map((/** @type {any} */ target) => ({ ...target, group: at + 1 }))),
  empty: "It has no targets.",
  columns: [
    { title: "Group", cell: (target) => target.group, isNumber: true, isHead: true },
    { title: "Provider", cell: (target) => long(target.provider) },
    { title: "Model", cell: (target) => long(target.model) },
    { title: "Weight", cell: (target) => target.weight, isNumber: true },
    { title: "Now", cell: (target) => (target.eligible ? badge("good", "eligible") : html`${badge("warn", words(target.reason ?? "not eligible"))}${target.until ? html` <small>until ${time(target.until)}</small>` : nothing}`) },
  ],
});
