import { html, nothing } from "../../vendor/lit-html.js";
import { call, read } from "../api.js";
import { count, distance, time, words } from "../format.js";
import { ask, confirm } from "../parts/dialog.js";
import { facts } from "../parts/figure.js";
import { field, textOf } from "../parts/form.js";
import { badge, long, table } from "../parts/table.js";
import { linkTo } from "../router.js";

const path = "api/v1/admin/providers";

/** @type {Record<string, "good"|"warn"|"bad">} */
const kinds = { healthy: "good", degraded: "warn", unhealthy: "bad" };

/** @typedef {{ providers: any[], health: any, changes: any[] }} State */

/** @type {import("../screens.js").Screen} */
export const screen = {
  path: "/providers",
  title: "Providers",
  purpose: "The accounts that answer requests, in the order in which they are tried, as this gateway process sees them.",
  needs: ["admin"],
  async open(context) {
    const state = await load(context.signal);
    return () => html`
      <div class="actions"><button type="button" @click=${() => reload(context, state, "The state is read again.")}>Read again</button></div>
      ${state.providers.map((provider) => card(context, state, provider))}
      ${history(state.changes)}`;
  },
};

/** @param {AbortSignal} signal @returns {Promise<State>} */
async function load(signal) {
  const [providers, health, changes] = await Promise.all([
    read(path, {}, signal),
    // The health of a gateway without a provider is HTTP 503. The rest of the screen is still right.
    read("api/v1/ai/health", {}, signal).catch(() => ({ providers: [] })),
    read(`${path}/changes`, { limit: 50 }, signal),
  ]);
  return { providers: providers.items, health, changes: changes.items };
}

/** @param {import("../screens.js").Context} context @param {State} state @param {string} said */
const reload = (context, state, said) => context.run(async () => {
  Object.assign(state, await load(context.signal));
  context.say(said);
});

/** @param {import("../screens.js").Context} context @param {State} state @param {any} provider */
function card(context, state, provider) {
  const health = state.health.providers?.find((/** @type {any} */ part) => part.name === provider.name);
  const turn = async (/** @type {boolean} */ enabled, model = "") => {
    const change = () => call("PATCH", `${path}/${encodeURIComponent(provider.name)}`, { body: { enabled, model: model || undefined } });
    const what = model ? `${model} at ${provider.name}` : provider.name;
    if (enabled) await context.run(change);
    else if (!(await confirm({ title: `Disable ${what}?`, text: "It gets no requests from now on, within 5 seconds at other gateways, and after a restart. Requests in progress end as usual.", action: "Disable", change }))) return;
    await reload(context, state, `${what} is ${enabled ? "enabled" : "disabled"}.`);
  };
  return html`
    <section class="card" aria-label=${provider.name}>
      <h2>${long(provider.name)} ${provider.enabled ? badge("good", "enabled") : badge("bad", "disabled")} ${health ? badge(kinds[health.status] ?? "plain", health.status) : nothing}</h2>
      ${facts([
        ["Problem", health?.problem],
        ["Last check", health && `${time(health.lastCheck)}, took ${Math.round(health.latencyMs)} ms`],
        ["Circuit breaker", circuit(provider.circuit)],
        ["Account", provider.hasQuota ? "has quota" : badge("bad", "its quota is used up, as the provider said")],
        ["Left at the provider", provider.remainingRequests === null && provider.remainingTokens === null ? null : `${count(provider.remainingRequests)} requests, ${count(provider.remainingTokens)} tokens, as of its last answer`],
        ["Learned", learned(provider.learned)],
        ["Models off", provider.modelsOff.length === 0 ? null : html`<ul class="plain">${provider.modelsOff.map((/** @type {string} */ model) => html`<li>${long(model)} <button type="button" aria-label="Enable ${model} at ${provider.name}" @click=${() => turn(true, model)}>Enable</button></li>`)}</ul>`],
        ["Cooling down", provider.cooling.length === 0 ? null : html`<ul class="plain">${provider.cooling.map((/** @type {any} */ each) => html`<li>${long(each.model)} until ${time(each.until)} (${distance(each.until)}), after ${words(each.reason)}. It is tried after others.</li>`)}</ul>`],
      ])}
      ${provider.lastErrors.length > 0 ? errors(provider.lastErrors) : nothing}
      <div class="actions">
        <button type="button" class=${provider.enabled ? "danger" : ""} aria-label="${provider.enabled ? "Disable" : "Enable"} ${provider.name}" @click=${() => turn(!provider.enabled)}>${provider.enabled ? "Disable" : "Enable"}</button>
        <button type="button" aria-label="Disable a model of ${provider.name}" @click=${async () => {
          const model = await ask({ title: `Disable a model of ${provider.name}`, action: "Next", fields: field({ name: "model", label: "Model", isRequired: true, isFocused: true }), send: async (values) => textOf(values, "model") });
          if (model) await turn(false, model);
        }}>Disable a model</button>
        <a class="button" href=${linkTo("/requests", { provider: provider.name })} aria-label="Requests of ${provider.name}">Requests</a>
      </div>
    </section>`;
}

/** @param {any} state */
const circuit = ({ state, until, models }) => html`${state === "closed" ? "closed: requests pass" : badge("bad", words(state))}${until ? html` until ${time(until)}` : nothing}
  ${models?.length > 0 ? html`<ul class="plain">${models.map((/** @type {any} */ open) => html`<li>${long(open.model)}: ${words(open.reason)}${open.until ? html` until ${time(open.until)}` : nothing}</li>`)}</ul>` : nothing}`;

/** @param {string[]|null|undefined} names */
const learned = (names) => (names && names.length > 0 ? html`<ul class="plain">${names.map((each) => html`<li>${each}</li>`)}</ul>` : null);

/** @param {any[]} rows */
const errors = (rows) => table({
  caption: "Last errors", note: "Times are UTC.", rows, empty: "",
  columns: [
    { title: "Time (UTC)", cell: (error) => time(error.at).slice(0, 19), isHead: true },
    { title: "Kind", cell: (error) => words(error.kind) },
    { title: "Model", cell: (error) => (error.model ? long(error.model) : "–") },
    { title: "HTTP status", cell: (error) => error.status ?? "none" },
  ],
});

/** @param {any[]} changes */
const history = (changes) => table({
  caption: "Changes of health", note: "The last 50 of 90 days, of all gateways. Times are UTC.", rows: changes, empty: "The health of no provider has changed.",
  columns: [
    { title: "Time (UTC)", cell: (change) => time(change.at).slice(0, 19), isHead: true },
    { title: "Provider", cell: (change) => long(change.provider) },
    { title: "Model", cell: (change) => (change.model ? long(change.model) : "all") },
    { title: "Became", cell: (change) => badge(kinds[change.status] ?? "plain", change.status) },
    { title: "Problem", cell: (change) => (change.problem ? long(change.problem) : "–") },
  ],
});
