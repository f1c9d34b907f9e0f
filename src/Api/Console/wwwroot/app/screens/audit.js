import { html, nothing } from "../../vendor/lit-html.js";
import { dayAfter, time } from "../format.js";
import { nameOf } from "../names.js";
import { field, textOf } from "../parts/form.js";
import { Pages } from "../parts/pages.js";
import { long, table } from "../parts/table.js";
import { go, linkTo } from "../router.js";

const filters = ["from", "to", "actor", "action", "targetKind", "targetId"];

/** The list of the API for a kind of target. @type {Record<string, any>} */
const lists = { user: "users", key: "keys", organisation: "organisations", team: "teams", project: "projects" };

/** @type {import("../screens.js").Screen} */
export const screen = {
  path: "/audit",
  title: "Audit log",
  purpose: "Every change of an administrator: who, what, when, before and after. Rows are chained by hashes, which the screen Verify checks.",
  needs: ["admin"],
  async open(context) {
    const { route, signal, run } = context;
    const query = Object.fromEntries(filters.map((name) => [name, route.query[name]]));
    const pages = await new Pages("api/v1/admin/audit", query, signal).load();
    return () => html`
      <form class="filter" aria-label="Filter" @submit=${submit}>
        ${field({ name: "from", label: "From (UTC day)", type: "date", value: query.from?.slice(0, 10) })}
        ${field({ name: "to", label: "To (UTC day, included)", type: "date", value: query.to && dayAfter(query.to.slice(0, 10), -1) })}
        ${field({ name: "action", label: "Action", value: query.action, placeholder: "key.create" })}
        ${field({ name: "actor", label: "Actor (user id, or system)", value: query.actor })}
        ${field({ name: "targetKind", label: "Kind of target", value: query.targetKind, placeholder: "key" })}
        ${field({ name: "targetId", label: "Target id", value: query.targetId })}
        <div class="actions"><button class="primary">Filter</button><a class="button" href=${linkTo("/audit")}>Clear</a></div>
      </form>
      ${table({
        caption: "Changes", note: "Newest first. Times are UTC.", rows: pages.items, empty: "No change matches. Change the filter.",
        columns: [
          { title: "Row", cell: (row) => row.sequence, isNumber: true, isHead: true },
          { title: "Time (UTC)", cell: (row) => time(row.at).slice(0, 19) },
          { title: "Actor", cell: (row) => html`${long(row.actor === "system" ? "system" : nameOf("users", row.actor, true))}<br><small>via ${row.via}</small>` },
          { title: "Action", cell: (row) => row.action },
          { title: "Target", cell: (row) => html`${row.targetKind} ${long(nameOf(lists[row.targetKind], row.targetId, true))}` },
          { title: "Before and after", cell: change },
        ],
      })}
      ${pages.buttons(run)}`;
  },
};

/** @param {SubmitEvent} event */
function submit(event) {
  event.preventDefault();
  const values = new FormData(/** @type {HTMLFormElement} */ (event.target));
  const [from, to] = [textOf(values, "from"), textOf(values, "to")];
  go("/audit", { ...Object.fromEntries(filters.map((name) => [name, textOf(values, name)])), from: from && `${from}T00:00:00Z`, to: to && `${dayAfter(to, 1)}T00:00:00Z` });
}

/** @param {any} row */
function change(row) {
  const names = [...new Set([...Object.keys(row.before ?? {}), ...Object.keys(row.after ?? {})])];
  const text = (/** @type {any} */ value) => (value === undefined || value === null ? "–" : typeof value === "object" ? JSON.stringify(value) : String(value));
  return html`<details><summary>${names.length} ${names.length === 1 ? "member" : "members"}<span class="hidden"> of row ${row.sequence}</span></summary>
    <dl class="change">${names.map((name) => html`<div><dt>${name}</dt><dd>${row.before && text(row.before[name]) !== text(row.after?.[name]) ? html`<del>${text(row.before[name])}</del> → ` : nothing}${text(row.after?.[name])}</dd></div>`)}</dl>
    <p class="note">Request <code>${row.requestId ?? "none"}</code><br>Hash <code>${row.hash.slice(0, 16)}…</code></p></details>`;
}
