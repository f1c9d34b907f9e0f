import { html, nothing } from "../../vendor/lit-html.js";
import { address, read } from "../api.js";
import { count, dayAfter, span, time, usd } from "../format.js";
import { learn, nameOf } from "../names.js";
import { figure, figures } from "../parts/figure.js";
import { choice, field, textOf } from "../parts/form.js";
import { firstOf, Pages } from "../parts/pages.js";
import { badge, long, table } from "../parts/table.js";
import { go, linkTo } from "../router.js";
import { receipt } from "./receipt.js";

/** The filters of administrators, and of everyone's own requests. */
const filters = {
  all: ["from", "to", "organisationId", "teamId", "projectId", "userId", "keyId", "endUser", "model", "provider", "tag", "status", "failed"],
  own: ["from", "to", "model", "status", "failed"],
};

/** @type {[string, string][]} */
const statuses = ["all", "settled", "held", "released", "unknown", "expired"].map((name) => [name === "all" ? "" : name, name]);

/** @type {[string, string][]} */
const outcomes = [["", "all"], ["true", "with an error"], ["false", "without an error"]];

/** @type {Record<string, "good"|"warn"|"bad"|"plain">} */
export const statusKinds = { settled: "good", held: "plain", released: "plain", unknown: "warn", expired: "bad" };

/** @type {import("../screens.js").Screen} */
export const screen = {
  path: "/requests",
  title: "Requests",
  purpose: "Every request with its status, tokens and cost, newest first. Open one to see its receipt.",
  needs: ["team", "usage"],
  async open(context) {
    const { route, rights, signal } = context;
    const isAll = rights.has("team");
    if (route.parts.length > 1) return receipt(context, route.parts[1], isAll);
    const names = isAll ? filters.all : filters.own;
    const query = Object.fromEntries(names.filter((name) => route.query[name]).map((name) => [name, route.query[name]]));
    const pages = new Pages(isAll ? "api/v1/admin/usage/records" : "api/v1/ai/usage", query, signal);
    const [, sums, teams, users] = await Promise.all([
      pages.load(),
      isAll && query.from ? read("api/v1/admin/usage", { ...query, groupBy: "day" }, signal).catch(() => null) : null,
      isAll ? firstOf("api/v1/admin/teams", signal) : [],
      isAll ? firstOf("api/v1/admin/users", signal) : [],
    ]);
    learn([...teams, ...users]);
    return () => html`
      ${filterForm(query, isAll, teams, users)}
      ${sums ? totals(sums.items) : nothing}
      ${table({ caption: "Requests", note: "Times are UTC.", rows: pages.items, columns: columns(isAll), empty: "No request matches. Change the filter, or send one in the playground." })}
      ${pages.buttons(context.run)}
      ${isAll ? html`<p class="downloads"><a download href=${address("api/v1/admin/usage/records", { ...query, format: "csv" })}>These requests as CSV</a></p>` : nothing}`;
  },
};

/** @param {any[]} days */
const totals = (days) => figures([
  figure({ label: "Spend", value: usd(days.reduce((sum, each) => sum + each.costUsd, 0)), meaning: "The charged cost of all requests that match." }),
  figure({ label: "Requests", value: count(days.reduce((sum, each) => sum + each.requests, 0)), meaning: "All requests that match, without the released ones." }),
  figure({ label: "Tokens", value: count(days.reduce((sum, each) => sum + each.totalTokens, 0)), meaning: "Their input and output tokens that were charged." }),
]);

/** @param {Record<string, string>} query @param {boolean} isAll @param {any[]} teams @param {any[]} users */
function filterForm(query, isAll, teams, users) {
  const scoped = ["organisationId", "projectId", "keyId", "tag"].filter((name) => query[name]);
  return html`
    <form class="filter" aria-label="Filter" @submit=${(/** @type {SubmitEvent} */ event) => submit(event, query, scoped)}>
      ${field({ name: "from", label: "From (UTC day)", type: "date", value: query.from?.slice(0, 10) })}
      ${field({ name: "to", label: "To (UTC day, included)", type: "date", value: query.to && dayAfter(query.to.slice(0, 10), -1) })}
      ${field({ name: "model", label: "Model", value: query.model })}
      ${choice({ name: "status", label: "Status", value: query.status, options: statuses })}
      ${choice({ name: "failed", label: "Ended", value: query.failed, options: outcomes })}
      ${isAll ? html`
        ${field({ name: "provider", label: "Provider", value: query.provider })}
        ${choice({ name: "teamId", label: "Team", value: query.teamId, options: optionsOf(teams, query.teamId) })}
        ${choice({ name: "userId", label: "User", value: query.userId, options: optionsOf(users, query.userId) })}
        ${field({ name: "endUser", label: "End user", value: query.endUser })}
        ${field({ name: "tag", label: "Tag of the key", value: query.tag })}` : nothing}
      <div class="actions"><button class="primary">Filter</button><a class="button" href=${linkTo("/requests")}>Clear</a></div>
      ${scoped.filter((name) => name !== "tag").map((name) => html`<p class="note">Only ${name.replace("Id", "")} ${nameOf(/** @type {any} */ ({ organisationId: "organisations", projectId: "projects", keyId: "keys" })[name], query[name], true)}.</p>`)}
    </form>`;
}

/** @param {any[]} items @param {string|undefined} chosen @returns {[string, string][]} */
const optionsOf = (items, chosen) => [
  ["", "all"],
  ...items.map((item) => /** @type {[string, string]} */ ([item.id, item.name])),
  ...(chosen && !items.some((item) => item.id === chosen) ? [/** @type {[string, string]} */ ([chosen, chosen])] : []),
];

/** @param {SubmitEvent} event @param {Record<string, string>} query @param {string[]} scoped */
function submit(event, query, scoped) {
  event.preventDefault();
  const values = new FormData(/** @type {HTMLFormElement} */ (event.target));
  const [from, to] = [textOf(values, "from"), textOf(values, "to")];
  go("/requests", {
    ...Object.fromEntries(scoped.map((name) => [name, query[name]])),
    ...Object.fromEntries(["model", "status", "failed", "provider", "teamId", "userId", "endUser", "tag"].map((name) => [name, textOf(values, name)])),
    from: from && `${from}T00:00:00Z`,
    to: to && `${dayAfter(to, 1)}T00:00:00Z`,
  });
}

/** @param {boolean} isAll @returns {import("../parts/table.js").Column<any>[]} */
const columns = (isAll) => [
  { title: "Time (UTC)", cell: (row) => html`<a href=${linkTo(`/requests/${row.id}`)}>${time(row.createdAt).slice(0, 19)}</a>`, isHead: true },
  { title: "Status", cell: (row) => html`${badge(statusKinds[row.status] ?? "plain", row.status)}${row.errorCode ? html` <small>${row.errorCode}</small>` : nothing}` },
  { title: "Model and provider", cell: (row) => html`${long(row.model)} <small>${long(row.provider)}</small>` },
  ...(isAll ? [
    { title: "User and end user", cell: (/** @type {any} */ row) => html`${long(nameOf("users", row.userId, true))} ${row.user ? html`<small>${long(row.user)}</small>` : nothing}` },
  ] : []),
  { title: "Tokens in", cell: (row) => count(row.promptTokens), isNumber: true },
  { title: "Tokens out", cell: (row) => count(row.completionTokens), isNumber: true },
  { title: "Cost", cell: (row) => (row.status === "held" ? html`${usd(row.heldUsd)} <small>held</small>` : usd(row.costUsd)), isNumber: true },
  { title: "Latency", cell: (row) => (row.latencyMs === null ? "–" : span(row.latencyMs)), isNumber: true },
];
