import { html, nothing } from "../../vendor/lit-html.js";
import { read } from "../api.js";
import { time, words } from "../format.js";
import { field, textOf } from "../parts/form.js";
import { badge, long, table } from "../parts/table.js";
import { go, linkTo } from "../router.js";

/** @type {import("../screens.js").Screen} */
export const screen = {
  path: "/routes",
  title: "Routes",
  purpose: "Which providers may answer a model name. Groups are tried in order; within a group the weight says how often a target is first.",
  needs: ["admin"],
  async open(context) {
    const { model } = context.route.query;
    const { items } = await read("api/v1/admin/routes", { model }, context.signal);
    const readAt = new Date().toISOString();
    return () => html`
      <form class="filter" aria-label="Where does a model go?" @submit=${(/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        go("/routes", { model: textOf(new FormData(/** @type {HTMLFormElement} */ (event.target)), "model") });
      }}>
        ${field({ name: "model", label: "Model name", value: model })}
        <div class="actions"><button class="primary">Show</button><a class="button" href=${linkTo("/routes")}>All routes</a></div>
      </form>
      <p class="note">As this gateway process saw it at ${time(readAt)}.</p>
      ${items.length === 0 ? html`<p>No route is configured. A plain model name goes to every provider that prices it. Type one above to see where.</p>` : items.map(route)}`;
  },
};

/** @param {any} it */
const route = (it) => table({
  caption: it.name,
  note: [it.configured ? "Configured." : "Not configured: each provider that prices the model is a group.", ...it.fallbackOn.map((/** @type {string} */ reason) => `Falls back on ${words(reason)}.`)].join(" "),
  rows: it.groups.flatMap((/** @type {any} */ group, /** @type {number} */ at) => group.targets.map((/** @type {any} */ target) => ({ ...target, group: at + 1 }))),
  empty: "It has no targets.",
  columns: [
    { title: "Group", cell: (target) => target.group, isHead: true },
    { title: "Provider", cell: (target) => long(target.provider) },
    { title: "Model", cell: (target) => long(target.model) },
    { title: "Weight", cell: (target) => target.weight, isNumber: true },
    { title: "Now", cell: (target) => (target.eligible ? badge("good", "eligible") : html`${badge("warn", words(target.reason ?? "not eligible"))}${target.until ? html` <small>until ${time(target.until)}</small>` : nothing}`) },
  ],
});
