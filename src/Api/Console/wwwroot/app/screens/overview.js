import { html } from "../../vendor/lit-html.js";
import { address, read } from "../api.js";
import { count, dayAfter, span, time, today, usd } from "../format.js";
import { kinds, nameOf } from "../names.js";
import "../parts/chart.js";
import { figure, figures, tabs } from "../parts/figure.js";
import { long, table } from "../parts/table.js";
import { linkTo } from "../router.js";

const periods = { 1: "Today", 7: "7 days", 30: "30 days", 90: "90 days" };

/** Groupings, and the filter of the requests screen that selects one group. @type {Record<string, { title: string, filter: string, isForAdministrators?: boolean }>} */
const groupings = {
  model: { title: "Model", filter: "model" },
  provider: { title: "Provider", filter: "provider" },
  organisation: { title: "Organisation", filter: "organisationId", isForAdministrators: true },
  team: { title: "Team", filter: "teamId" },
  project: { title: "Project", filter: "projectId" },
  user: { title: "User", filter: "userId" },
  key: { title: "Key", filter: "keyId" },
  endUser: { title: "End user", filter: "endUser" },
  tag: { title: "Tag", filter: "tag" },
};

/** @type {Record<string, { title: string, meaning: string, of: (sum: any) => number|null, format: (value: any) => string }>} */
const metrics = {
  spend: { title: "Spend", meaning: "Charged cost in US dollars. Requests in progress are not in it yet.", of: (sum) => sum.costUsd, format: usd },
  requests: { title: "Requests", meaning: "Requests in progress or charged. Released ones, which never cost anything, do not count.", of: (sum) => sum.requests, format: count },
  tokens: { title: "Tokens", meaning: "Input and output tokens that were charged.", of: (sum) => sum.totalTokens, format: count },
  errors: { title: "Errors", meaning: "Requests that failed or whose outcome is unknown, also those that cost nothing.", of: (sum) => sum.errors, format: count },
  latency: { title: "Latency", meaning: "Mean time from arrival to end of the requests that ended without an error. Of several days: weighted by their requests.", of: (sum) => sum.meanLatencyMs, format: span },
};

/** @type {import("../screens.js").Screen} */
export const screen = {
  path: "/overview",
  title: "Overview",
  purpose: "What was spent and used, by UTC day and by whom. Each figure opens the requests that it sums up.",
  needs: ["team"],
  async open(context) {
    const { route, signal, rights } = context;
    const days = Number(route.query.days) in periods ? Number(route.query.days) : 7;
    const by = route.query.by in groupings ? route.query.by : "model";
    const metric = route.query.metric in metrics ? route.query.metric : "spend";
    const period = { from: `${dayAfter(today(), 1 - days)}T00:00:00Z`, to: `${dayAfter(today(), 1)}T00:00:00Z` };
    const [byDay, byGroup] = await Promise.all(["day", by].map((groupBy) => read("api/v1/admin/usage", { groupBy, ...period }, signal)));
    const readAt = new Date().toISOString();
    const chosen = { days, by, metric, period, rights };
    return () => view(chosen, filled(byDay.items, days), byGroup.items, readAt);
  },
};

/** One sum for each day, also for those without requests. @param {any[]} sums @param {number} days */
function filled(sums, days) {
  const byDay = new Map(sums.map((sum) => [sum.group, sum]));
  return Array.from({ length: days }, (_, at) => {
    const group = dayAfter(today(), at + 1 - days);
    return byDay.get(group) ?? { group, requests: 0, promptTokens: 0, completionTokens: 0, totalTokens: 0, costUsd: 0, heldUsd: 0, errors: 0, meanLatencyMs: null };
  });
}

/** @typedef {{ days: number, by: string, metric: string, period: { from: string, to: string }, rights: Set<string> }} Chosen */

/** @param {Chosen} chosen @param {any[]} byDay @param {any[]} byGroup @param {string} readAt */
function view(chosen, byDay, byGroup, readAt) {
  const { days, by, metric, period } = chosen;
  const to = (/** @type {Record<string, unknown>} */ change) => linkTo("/overview", { days, by, metric, ...change });
  const rows = linkTo("/requests", period);
  const errorRows = linkTo("/requests", { ...period, failed: "true" });
  const answeredRows = linkTo("/requests", { ...period, failed: "false" });
  const heldRows = linkTo("/requests", { ...period, status: "held" });
  const total = (/** @type {string} */ member) => byDay.reduce((sum, each) => sum + (each[member] ?? 0), 0);
  const answered = byDay.filter((each) => each.meanLatencyMs !== null);
  const mean = answered.length === 0 ? null : answered.reduce((sum, each) => sum + each.meanLatencyMs * each.requests, 0) / answered.reduce((sum, each) => sum + each.requests, 0);
  const errors = byDay.some((each) => each.errors === null) ? null : total("errors");
  const { title, of, format, meaning } = metrics[metric];
  const dimensions = Object.entries(groupings).filter(([, each]) => !each.isForAdministrators || chosen.rights.has("admin"));
  return html`
    <div class="bars">
      ${tabs("Period", Object.entries(periods).map(([id, text]) => [id, text, to({ days: id })]), String(days))}
      <p class="note">UTC days from ${period.from.slice(0, 10)} to ${today()}, today's until ${time(readAt)}.</p>
    </div>
    ${figures([
      figure({ label: "Spend", value: usd(total("costUsd")), meaning: metrics.spend.meaning, href: rows }),
      figure({ label: "Held", value: usd(total("heldUsd")), meaning: "The most that requests in progress can still cost.", href: heldRows }),
      figure({ label: "Requests", value: count(total("requests")), meaning: metrics.requests.meaning, href: rows }),
      figure({ label: "Tokens", value: count(total("totalTokens")), meaning: metrics.tokens.meaning, href: rows }),
      figure({ label: "Errors", value: count(errors), meaning: metrics.errors.meaning, href: errorRows }),
      figure({ label: "Latency", value: mean === null ? "–" : span(mean), meaning: metrics.latency.meaning, href: answeredRows }),
    ])}
    ${tabs("Figure of the charts", Object.entries(metrics).map(([id, each]) => [id, each.title, to({ metric: id })]), metric)}
    <section>
      <h2>${title} by day</h2>
      <p class="note">${meaning} Days are UTC days.</p>
      <div class="charted">
        <bar-chart .bars=${{ label: `${title} by day`, labels: byDay.map((sum) => sum.group.slice(5)), values: byDay.map((sum) => of(sum) ?? 0), format }}></bar-chart>
        ${sums("Day (UTC)", `Figures by day`, [...byDay].reverse(), (sum) => html`<a href=${linkTo("/requests", { from: `${sum.group}T00:00:00Z`, to: `${dayAfter(sum.group, 1)}T00:00:00Z` })}>${sum.group}</a>`)}
      </div>
    </section>
    <section>
      <h2>${title} by ${groupings[by].title.toLowerCase()}</h2>
      ${tabs("Group by", dimensions.map(([id, each]) => [id, each.title, to({ by: id })]), by)}
      <div class="charted">
        <bar-chart class="sideways" .bars=${{ label: `${title} by ${groupings[by].title.toLowerCase()}`, isSideways: true, labels: byGroup.slice(0, 10).map((sum) => groupName(by, sum.group)), values: byGroup.slice(0, 10).map((sum) => of(sum) ?? 0), format }}></bar-chart>
        ${sums(groupings[by].title, byGroup.length > 100 ? "The 100 groups with the largest cost" : `Figures by ${groupings[by].title.toLowerCase()}`, byGroup.slice(0, 100), (sum) =>
          sum.group === "" ? "none" : html`<a href=${linkTo("/requests", { ...period, [groupings[by].filter]: sum.group })}>${long(groupName(by, sum.group))}</a>`)}
      </div>
    </section>
    <p class="downloads">Download: ${["day", by].map((groupBy) => html`<a download href=${address("api/v1/admin/usage", { groupBy, ...period, format: "csv" })}>${groupBy === "day" ? "days" : `${groupings[by].title.toLowerCase()}s`} as CSV</a> `)}</p>`;
}

/** @param {string} by @param {string} group */
const groupName = (by, group) => (group === "" ? "none" : kinds[by] ? nameOf(kinds[by], group, true) : group);

/** @param {string} title @param {string} caption @param {any[]} rows @param {(sum: any) => unknown} head */
const sums = (title, caption, rows, head) => table({
  caption,
  rows,
  empty: "No requests in this period.",
  columns: [
    { title, cell: head, isHead: true },
    { title: "Spend", cell: (sum) => usd(sum.costUsd), isNumber: true },
    { title: "Requests", cell: (sum) => count(sum.requests), isNumber: true },
    { title: "Tokens", cell: (sum) => count(sum.totalTokens), isNumber: true },
    { title: "Errors", cell: (sum) => count(sum.errors), isNumber: true },
    { title: "Latency", cell: (sum) => (sum.meanLatencyMs === null ? "–" : span(sum.meanLatencyMs)), isNumber: true },
  ],
});
