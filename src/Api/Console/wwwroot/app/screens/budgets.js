import { html, nothing } from "../../vendor/lit-html.js";
import { address, call, read } from "../api.js";
import { amount, count, dayAfter, distance, time, today, words } from "../format.js";
import { kinds, learn, nameOf } from "../names.js";
import { ask, confirm } from "../parts/dialog.js";
import { checkbox, choice, field, instantOf, numberOf, textOf } from "../parts/form.js";
import { firstOf } from "../parts/pages.js";
import { badge, long, table, usedBar } from "../parts/table.js";
import { go, linkTo } from "../router.js";

/** @typedef {import("../screens.js").Context} Context */

/** @type {Record<string, string>} */
const listTitles = { organisations: "Organisation", teams: "Team", projects: "Project", users: "User", keys: "Key" };

/** @type {import("../screens.js").Screen} */
export const screen = {
  path: "/budgets",
  title: "Budgets and rates",
  purpose: "What each scope may use, what it has used, what requests in progress hold, and what is left.",
  needs: ["team", "usage"],
  async open(context) {
    const { route, rights, signal } = context;
    const [, kind, id] = route.parts;
    const isChosen = rights.has("team") && kind in listTitles && id;
    const [own, lists, refusals] = await Promise.all([
      isChosen || !rights.has("usage") ? null : read("api/v1/ai/quota", {}, signal),
      rights.has("team") ? listsFor(context) : null,
      rights.has("admin") ? read("api/v1/admin/refusals", {}, signal) : null,
    ]);
    const limits = isChosen ? await readLimits(kind, id, signal) : null;
    return () => html`
      ${lists ? picker(lists, kind, id) : nothing}
      ${limits ? scopeView(context, kind, id, limits) : nothing}
      ${own ? ownView(own) : nothing}
      ${refusals ? refused(refusals) : nothing}`;
  },
};

/** The scopes that can be chosen, by their list. @param {Context} context @returns {Promise<[string, any[]][]>} */
async function listsFor({ rights, signal }) {
  const names = Object.keys(listTitles).filter((name) => name !== "organisations" || rights.has("admin"));
  const lists = await Promise.all(names.map((name) => firstOf(`api/v1/admin/${name}`, signal)));
  lists.forEach(learn);
  return names.map((name, at) => [name, lists[at].filter((item) => !item.revokedAt)]);
}

/** @param {string} kind @param {string} id @param {AbortSignal} signal */
async function readLimits(kind, id, signal) {
  const [budgets, rates] = await Promise.all(["budgets", "rates"].map((part) => read(`api/v1/admin/${kind}/${id}/${part}`, {}, signal)));
  return { isDefault: budgets.isDefault, budgets: budgets.budgets, rates };
}

/** @param {[string, any[]][]} lists @param {string} kind @param {string} id */
const picker = (lists, kind, id) => html`
  <div class="toolbar">
    <label class="field"><span>Scope</span>
      <select @change=${(/** @type {any} */ event) => go(event.target.value)}>
        <option value="/budgets" ?selected=${!id}>My own limits</option>
        ${lists.map(([name, items]) => html`<optgroup label="${listTitles[name]}s">${items.map((item) => html`<option value="/budgets/${name}/${item.id}" ?selected=${kind === name && id === item.id}>${item.name}</option>`)}</optgroup>`)}
      </select>
    </label>
  </div>`;

/** @type {import("../parts/table.js").Column<any>[]} */
const budgetColumns = [
  { title: "Limit", cell: (budget) => html`${words(budget.limit)}${budget.model ? html`<br><small>models ${budget.model}</small>` : nothing}${budget.perEndUser ? html`<br><small>for each end user; the use is that of requests without one</small>` : nothing}`, isHead: true },
  { title: "Amount", cell: (budget) => amount(budget.metric, budget.amount), isNumber: true },
  { title: "Used", cell: (budget) => amount(budget.metric, budget.used), isNumber: true },
  { title: "Held", cell: (budget) => amount(budget.metric, budget.held), isNumber: true },
  { title: "Left", cell: (budget) => amount(budget.metric, budget.remaining), isNumber: true },
  { title: "Use", cell: (budget) => usedBar(budget.used, budget.held, budget.used + budget.held + budget.remaining) },
  { title: "Resets (UTC)", cell: (budget) => (budget.resetsAt ? html`${time(budget.resetsAt).slice(0, 19)}<br><small>${distance(budget.resetsAt)}</small>` : "never") },
  { title: "Mode", cell: (budget) => html`${badge(budget.mode === "hard" ? "plain" : "warn", budget.mode)}${budget.validTo ? html`<br><small>until ${time(budget.validTo)}</small>` : nothing}` },
];

const budgetNote = "Used is charged. Held is the most that requests in progress can still cost. Left is the rest. A hard limit refuses, a soft one only alerts.";

/** @param {Context} context @param {string} kind @param {string} id @param {any} limits */
function scopeView(context, kind, id, limits) {
  const name = nameOf(/** @type {any} */ (kind), id, true);
  const path = `api/v1/admin/${kind}/${id}`;
  const reload = (/** @type {string} */ said) => context.run(async () => {
    Object.assign(limits, await readLimits(kind, id, context.signal));
    context.say(said);
  });
  const put = (/** @type {any[]} */ budgets) => call("PUT", `${path}/budgets`, { body: { budgets } });
  return html`
    <h2>${listTitles[kind]} ${long(name)}</h2>
    ${limits.isDefault ? html`<p class="note">This user has no budgets of its own. These are the configured defaults of all users.</p>` : nothing}
    ${table({
      caption: "Budgets", note: budgetNote, rows: limits.budgets, empty: "No budget of its own. The budgets of the scopes above still apply.",
      columns: [...budgetColumns, {
        title: "Actions",
        cell: (budget) => html`<button type="button" class="danger" aria-label="Remove ${words(budget.limit)}" @click=${async () => {
          const rest = limits.budgets.filter((/** @type {any} */ each) => each !== budget).map(requestOf);
          if (await confirm({ title: `Remove the limit ${words(budget.limit)}?`, text: "Its amount limits nothing from the next request on. What was charged stays.", action: "Remove the limit", change: () => put(rest) })) await reload("The limit is removed.");
        }}>Remove</button>`,
      }],
    })}
    <div class="actions">
      <button type="button" class="primary" @click=${async () => {
        if (await ask({ title: `Add a budget to ${name}`, action: "Add the budget", fields: budgetFields, send: (values) => put([...limits.budgets.map(requestOf), newBudget(values)]) })) await reload("The budget is added. It starts with what its window has used already.");
      }}>Add a budget</button>
      ${kind === "users" && !limits.isDefault ? html`<button type="button" @click=${async () => {
        if (await confirm({ title: "Use the default limits?", text: "The budgets of this user are deleted, and the configured defaults of users apply again.", action: "Use the defaults", change: () => call("DELETE", `${path}/budgets`) })) await reload("The default limits apply.");
      }}>Use the default limits</button>` : nothing}
      <a class="button" href=${linkTo("/requests", { [`${kind.slice(0, -1)}Id`]: id })}>Requests</a>
      ${kind === "teams" ? statements(path) : nothing}
    </div>
    ${table({ caption: "Rates", note: "Exact over all gateways. Left is what is free at this moment; a whole minute's worth may be used at once.", rows: rateRows(limits.rates), empty: "No rate of its own.", columns: rateColumns })}
    <div class="actions"><button type="button" @click=${async () => {
      const rates = limits.rates;
      const changed = await ask({
        title: `Rates of ${name}`, action: "Save the rates",
        fields: html`
          ${field({ name: "requests", label: "Requests a minute", type: "number", min: "1", value: rates.requestsPerMinute?.amount, hint: "Empty: no rate." })}
          ${field({ name: "tokens", label: "Tokens a minute", type: "number", min: "1", value: rates.tokensPerMinute?.amount, hint: "Prompt and output tokens. Empty: no rate." })}`,
        send: (values) => call("PUT", `${path}/rates`, { body: { requestsPerMinute: numberOf(values, "requests") ?? null, tokensPerMinute: numberOf(values, "tokens") ?? null } }),
      });
      if (changed) await reload("The rates are changed.");
    }}>Change the rates</button></div>`;
}

/** The monthly statements of a team: this month's, which is preliminary, and the last one's. @param {string} path */
const statements = (path) => [today(), dayAfter(`${today().slice(0, 7)}-01`, -1)].map((each) => each.slice(0, 7)).map((month) => html`
  <a class="button" download href=${address(`${path}/statement`, { month, format: "csv" })}>Statement ${month} (UTC) as CSV</a>`);

const budgetFields = html`
  ${choice({ name: "metric", label: "Limits", value: "spend", options: [["spend", "spend, in dollars"], ["requests", "requests"], ["tokens", "tokens, in and out"], ["concurrent", "requests at the same time"]] })}
  ${field({ name: "amount", label: "Amount", type: "number", min: "0", step: "any", isRequired: true, hint: "Dollars, requests or tokens." })}
  ${choice({ name: "window", label: "In each", value: "month", hint: "Days are those of the scope's time zone, of users and keys UTC. Not for requests at the same time.", options: ["day", "week", "month", "quarter", "year", "total"].map((id) => [id, id === "total" ? "all time" : id]) })}
  ${field({ name: "model", label: "Models", hint: "A name, or a prefix that ends with *. Empty: all." })}
  ${field({ name: "alertPercents", label: "Alerts at percent", value: "80, 100", hint: "Whole numbers separated by commas. Empty: none." })}
  ${field({ name: "validTo", label: "Only before (UTC day)", type: "date", hint: "For a temporary limit. Empty: for good." })}
  ${checkbox({ name: "soft", label: "Soft", hint: "refuses nothing, and only raises alerts" })}
  ${checkbox({ name: "perEndUser", label: "For each end user", hint: "every value of the request's user has the amount for itself" })}`;

/** @param {FormData} values */
function newBudget(values) {
  const metric = textOf(values, "metric");
  return {
    metric,
    amount: textOf(values, "amount"),
    window: metric === "concurrent" ? undefined : textOf(values, "window"),
    model: textOf(values, "model"),
    mode: values.has("soft") ? "soft" : "hard",
    perEndUser: values.has("perEndUser"),
    validTo: instantOf(values, "validTo"),
    alertPercents: (textOf(values, "alertPercents") ?? "").split(/[\s,]+/).filter(Boolean).map(Number),
  };
}

/** A budget as the API takes it back. @param {any} budget */
const requestOf = ({ metric, window, days, from, amount: limit, mode, model, perEndUser, validFrom, validTo, rollOverCap, alertPercents }) =>
  ({ metric, window, days, from, amount: limit, mode, model, perEndUser, validFrom, validTo, rollOverCap, alertPercents });

/** @type {import("../parts/table.js").Column<any>[]} */
const rateColumns = [
  { title: "Rate", cell: (rate) => rate.title, isHead: true },
  { title: "Amount", cell: (rate) => count(rate.amount), isNumber: true },
  { title: "Left", cell: (rate) => count(rate.remaining), isNumber: true },
  { title: "Use", cell: (rate) => usedBar(rate.amount - rate.remaining, 0, rate.amount) },
  { title: "All free (UTC)", cell: (rate) => time(rate.resetsAt).slice(0, 19) },
];

/** @param {any} rates */
const rateRows = (rates) => [["Requests a minute", rates.requestsPerMinute], ["Tokens a minute", rates.tokensPerMinute]]
  .filter(([, rate]) => rate).map(([title, rate]) => ({ title, ...rate }));

/** @param {any} own */
function ownView(own) {
  const limits = [["Requests a UTC day", own.dailyRequests, "requests"], ["Requests a UTC month", own.monthlyRequests, "requests"], ["Spend a UTC month", own.monthlySpendUsd, "spend"]]
    .map(([title, limit, metric]) => ({ title, ...limit, metric }));
  return html`
    <h2>My own limits</h2>
    ${table({
      caption: "Limits of my user", note: budgetNote, rows: limits, empty: "",
      columns: [
        { title: "Limit", cell: (limit) => limit.title, isHead: true },
        { title: "Amount", cell: (limit) => (limit.limit === null ? "unlimited" : amount(limit.metric, limit.limit)), isNumber: true },
        { title: "Used", cell: (limit) => amount(limit.metric, limit.used), isNumber: true },
        { title: "Held", cell: (limit) => amount(limit.metric, limit.held), isNumber: true },
        { title: "Left", cell: (limit) => (limit.remaining === null ? "unlimited" : amount(limit.metric, limit.remaining)), isNumber: true },
        { title: "Use", cell: (limit) => (limit.limit === null ? "–" : usedBar(limit.used, limit.held, limit.limit)) },
        { title: "Resets (UTC)", cell: (limit) => html`${time(limit.resetsAt).slice(0, 19)}<br><small>${distance(limit.resetsAt)}</small>` },
      ],
    })}
    ${own.budgets.length === 0 ? nothing : table({ caption: "Other budgets that apply to me", note: budgetNote, rows: own.budgets, empty: "", columns: [{ title: "Scope", cell: scopeCell }, ...budgetColumns] })}
    ${own.rates.length === 0 ? nothing : table({ caption: "Rates that apply to me", rows: own.rates.map((/** @type {any} */ rate) => ({ ...rate, title: words(rate.limit) })), empty: "", columns: [{ title: "Scope", cell: scopeCell }, ...rateColumns] })}`;
}

/** @param {any} row */
const scopeCell = (row) => html`${row.scope.kind} ${long(row.scope.name ?? row.scope.id)}`;

/** @param {any} refusals */
const refused = (refusals) => table({
  caption: "Who was refused",
  note: `By this gateway process since ${time(refusals.since)}, for a day at most. Times are UTC.`,
  rows: refusals.items,
  empty: "Nothing was refused.",
  columns: [
    { title: "Scope", cell: (row) => html`${row.scopeKind ?? "the limits that each user has"} ${row.scopeId ? long(nameOf(kinds[row.scopeKind], row.scopeId, true)) : nothing}`, isHead: true },
    { title: "Limit", cell: (row) => words(row.limit) },
    { title: "Refusals", cell: (row) => count(row.count), isNumber: true },
    { title: "Last (UTC)", cell: (row) => time(row.lastAt).slice(0, 19) },
    { title: "User", cell: (row) => (row.userId ? long(nameOf("users", row.userId, true)) : "–") },
    { title: "Key", cell: (row) => (row.apiKeyId ? long(nameOf("keys", row.apiKeyId, true)) : "–") },
  ],
});
