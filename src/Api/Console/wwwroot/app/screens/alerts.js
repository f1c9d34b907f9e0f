import { html, nothing } from "../../vendor/lit-html.js";
import { call, read } from "../api.js";
import { count, time, words } from "../format.js";
import { kinds, nameOf } from "../names.js";
import { ask, confirm, openDialog, showSecret } from "../parts/dialog.js";
import { checkbox, choice, field } from "../parts/form.js";
import { Pages } from "../parts/pages.js";
import { badge, long, table } from "../parts/table.js";

const path = "api/v1/admin/webhooks";

/** @type {Record<string, string>} */
const events = { budget: "a budget reaches a threshold", provider: "a provider refuses the account", record: "requests end without a known outcome" };

/** @typedef {{ context: import("../screens.js").Context, hooks: any[] }} State */

/** @type {import("../screens.js").Screen} */
export const screen = {
  path: "/alerts",
  title: "Alerts and webhooks",
  purpose: "What the gateway told its operators in the last 30 days, and the addresses that get it.",
  needs: ["admin"],
  async open(context) {
    const [pages, hooks] = await Promise.all([new Pages("api/v1/admin/alerts", {}, context.signal).load(), read(path, {}, context.signal)]);
    const state = { context, hooks: hooks.items };
    return () => html`${alertTable(pages)}${pages.buttons(context.run)}${hookTable(state)}`;
  },
};

/** @param {Pages<any>} pages */
const alertTable = (pages) => table({
  caption: "Alerts", note: "Newest first. Times are UTC.", rows: pages.items, empty: "There was no alert. Give a budget alert percentages to be told before it is used up.",
  columns: [
    { title: "Time (UTC)", cell: (alert) => time(alert.at).slice(0, 19), isHead: true },
    { title: "Kind", cell: (alert) => badge(alert.type === "budget" ? "warn" : "bad", alert.type) },
    { title: "What happened", cell: happened },
  ],
});

/** @param {any} alert */
function happened(alert) {
  if (alert.type === "budget") {
    return html`${words(alert.limit)} of ${alert.scopeKind} ${long(nameOf(kinds[alert.scopeKind], alert.scopeId, true))} reached ${alert.percent} %:
      ${count(alert.used)} used and ${count(alert.held)} held of ${count(alert.amount)}${alert.resetsAt ? html`; resets ${time(alert.resetsAt)}` : nothing}`;
  }
  if (alert.type === "provider") return html`${long(alert.provider)}${alert.model ? html` with model ${long(alert.model)}` : nothing}: ${words(alert.problem)}`;
  return html`${count(alert.count)} requests ${words(alert.problem)}`;
}

/** @param {State} state */
const hookTable = (state) => html`
  <div class="toolbar"><button type="button" class="primary" @click=${() => create(state)}>Create a webhook</button></div>
  ${table({
    caption: "Webhooks", note: "Each gets signed POST requests. Times are UTC.", rows: state.hooks, empty: "There is no webhook. Alerts are only listed here.",
    columns: [
      { title: "Address", cell: (hook) => long(hook.url), isHead: true },
      { title: "State", cell: (hook) => (hook.disabled ? badge("bad", hook.disabledBecause === "gone" ? "disabled: its receiver answered 410" : "disabled") : badge("good", "enabled")) },
      { title: "Events", cell: (hook) => hook.events.join(", ") },
      { title: "Format", cell: (hook) => hook.format },
      { title: "Secret since (UTC)", cell: (hook) => time(hook.secretSince).slice(0, 10) },
      { title: "Actions", cell: (hook) => actions(state, hook) },
    ],
  })}`;

/** @param {State} state @param {any} hook */
function actions(state, hook) {
  const { context } = state;
  const button = (/** @type {string} */ text, /** @type {() => void} */ action, isDanger = false) => html`<button type="button" class=${isDanger ? "danger" : ""} aria-label="${text} ${hook.url}" @click=${action}>${text}</button>`;
  return html`<span class="row-actions">
    ${button("Test", () => context.run(async () => {
      await call("POST", `${path}/${hook.id}/test`);
      context.say("A test event is on its way. See its deliveries.");
    }))}
    ${button("Deliveries", () => deliveries(context, hook))}
    ${button("Edit", () => edit(state, hook))}
    ${button("Rotate", async () => {
      const made = await ask({ title: "Make a new secret?", action: "Make a new secret", fields: html`<p>Later deliveries are signed with the new secret alone.</p>`, send: () => call("POST", `${path}/${hook.id}/rotate`) });
      if (made) await told(state, made, "The webhook has a new secret.");
    })}
    ${button("Delete", async () => {
      const done = await confirm({ title: "Delete this webhook?", text: html`${hook.url} gets no more events. Deliveries that are not sent yet are dropped.`, action: "Delete the webhook", change: () => call("DELETE", `${path}/${hook.id}`) });
      if (done) await reload(state, "The webhook is deleted.");
    }, true)}
  </span>`;
}

/** @param {any} hook */
const fields = (hook) => html`
  ${field({ name: "url", label: "Address", type: "url", value: hook.url, isRequired: true, isFocused: true, most: 2000 })}
  ${choice({ name: "format", label: "Format", value: hook.format, options: [["generic", "generic JSON"], ["slack", "Slack"], ["teams", "Microsoft Teams"]] })}
  <fieldset class="choices"><legend>Events</legend>${Object.entries(events).map(([name, meaning]) => checkbox({ name: "events", value: name, label: name, hint: meaning, isChecked: hook.events?.includes(name) ?? true }))}</fieldset>`;

/** @param {FormData} values */
const membersOf = (values) => ({ url: values.get("url"), format: values.get("format"), events: values.getAll("events") });

/** @param {State} state */
async function create(state) {
  const made = await ask({ title: "Create a webhook", action: "Create the webhook", fields: fields({}), send: (values) => call("POST", path, { body: membersOf(values) }) });
  if (made) await told(state, made, "The webhook is created.");
}

/** @param {State} state @param {any} hook */
async function edit(state, hook) {
  const send = (/** @type {FormData} */ values) => call("PATCH", `${path}/${hook.id}`, { body: { ...membersOf(values), disabled: values.has("disabled") } });
  const changed = await ask({ title: "Edit the webhook", action: "Save", fields: html`${fields(hook)}${checkbox({ name: "disabled", label: "Disabled", isChecked: hook.disabled, hint: "it gets no events" })}`, send });
  if (changed) await reload(state, "The webhook is changed.");
}

/** @param {import("../screens.js").Context} context @param {any} hook */
const deliveries = (context, hook) => context.run(async () => {
  const { items } = await read(`${path}/${hook.id}/deliveries`, { limit: 20 }, context.signal);
  await openDialog("The last deliveries", (dialog) => html`
    <p>${hook.url}</p>
    ${table({
      caption: "Deliveries", note: "Newest first, 20 at most. Times are UTC.", rows: items, empty: "Nothing was sent to it yet.",
      columns: [
        { title: "Made (UTC)", cell: (delivery) => time(delivery.createdAt).slice(0, 19), isHead: true },
        { title: "Event", cell: (delivery) => delivery.event },
        { title: "Status", cell: (delivery) => badge(delivery.status === "delivered" ? "good" : delivery.status === "failed" ? "bad" : "plain", delivery.status) },
        { title: "Attempts", cell: (delivery) => delivery.attempts, isNumber: true },
        { title: "Last answer", cell: (delivery) => delivery.lastStatus ?? (delivery.lastFault ? words(delivery.lastFault) : "–") },
      ],
    })}
    <div class="actions"><button type="button" autofocus @click=${() => dialog.close()}>Close</button></div>`);
});

/** @param {State} state @param {any} made @param {string} said */
async function told(state, made, said) {
  await showSecret({ title: "The secret of the webhook", name: "Secret that signs deliveries", secret: made.secret, text: "Store this secret at the receiver now. It cannot be shown again." });
  await reload(state, said);
}

/** @param {State} state @param {string} said */
const reload = (state, said) => state.context.run(async () => {
  state.hooks = (await read(path, {}, state.context.signal)).items;
  state.context.say(said);
});
