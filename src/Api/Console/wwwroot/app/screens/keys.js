import { html, nothing } from "../../vendor/lit-html.js";
import { call } from "../api.js";
import { distance, time } from "../format.js";
import { learn, nameOf } from "../names.js";
import { ask, confirm, showSecret } from "../parts/dialog.js";
import { checkbox, choice, field, instantOf, listOf, numberOf, textOf } from "../parts/form.js";
import { firstOf, Pages } from "../parts/pages.js";
import { badge, long, table } from "../parts/table.js";
import { go, linkTo } from "../router.js";

const path = "api/v1/admin/keys";

/** @type {Record<string, string>} */
const scopeMeanings = {
  "ai:generate": "sends requests to models",
  "ai:usage": "reads its own usage and limits; may sign in here",
  "ai:admin:team": "administers its own team",
  "ai:admin": "administers the whole gateway",
};

/** @typedef {{ context: import("../screens.js").Context, pages: Pages<any>, users: any[], teams: any[], projects: any[] }} Keys */

/** @type {import("../screens.js").Screen} */
export const screen = {
  path: "/keys",
  title: "API keys",
  purpose: "Who may call the gateway. A key counts for its user, and for its project or team and all above.",
  needs: ["team"],
  async open(context) {
    const { route, signal } = context;
    const query = { userId: route.query.userId, teamId: route.query.teamId };
    const pages = new Pages(path, query, signal);
    const [users, teams, projects] = await Promise.all([
      firstOf("api/v1/admin/users", signal), firstOf("api/v1/admin/teams", signal), firstOf("api/v1/admin/projects", signal), pages.load(),
    ]);
    [users, teams, projects, pages.items].forEach(learn);
    const keys = { context, pages, users, teams, projects };
    return () => view(keys, query);
  },
};

/** @param {Keys} keys @param {{ userId?: string, teamId?: string }} query */
function view(keys, query) {
  const { context, pages, users, teams } = keys;
  const filter = (/** @type {Record<string, string>} */ change) => go("/keys", { ...query, ...change });
  return html`
    <div class="toolbar">
      <button type="button" class="primary" @click=${() => create(keys)}>Create a key</button>
      ${choice({ name: "userId", label: "User", value: query.userId, options: options(users, "all"), onChange: (userId) => filter({ userId }) })}
      ${choice({ name: "teamId", label: "Team of the key", value: query.teamId, options: options(teams, "all"), onChange: (teamId) => filter({ teamId }) })}
    </div>
    ${table({
      caption: "API keys",
      note: "Oldest first. Times are UTC. Secrets are never shown again.",
      rows: pages.items,
      empty: "There is no such key. Create one.",
      columns: [
        { title: "Name", cell: (key) => html`${long(key.name)}<br><code>${key.prefix}…</code>`, isHead: true },
        { title: "State", cell: state },
        { title: "User, and what it counts for", cell: (key) => html`${long(nameOf("users", key.userId, true))}<br><small>${countsFor(key)}</small>` },
        { title: "Scopes", cell: (key) => html`<span class="lines">${key.scopes.join("\n")}</span>${key.allowedModels ? html`<br><small>models ${long(key.allowedModels.join(", "))}</small>` : nothing}` },
        { title: "Last used", cell: (key) => (key.lastUsedAt ? html`<time datetime=${key.lastUsedAt} title=${time(key.lastUsedAt)}>${distance(key.lastUsedAt)}</time>` : "never") },
        { title: "Actions", cell: (key) => actions(keys, key) },
      ],
    })}
    ${pages.buttons(context.run)}`;
}

/** @param {any[]} items @param {string} none @returns {[string, string][]} */
const options = (items, none) => [["", none], ...items.map((item) => /** @type {[string, string]} */ ([item.id, item.name]))];

/** @param {any} key */
function countsFor(key) {
  if (key.projectId) return html`project ${long(nameOf("projects", key.projectId, true))}`;
  return key.teamId ? html`team ${long(nameOf("teams", key.teamId, true))}` : "the team of its user";
}

/** @param {any} key */
function state(key) {
  if (key.revokedAt) return badge("bad", `revoked ${time(key.revokedAt).slice(0, 10)}`);
  if (key.expiresAt && new Date(key.expiresAt) <= new Date()) return badge("bad", `expired ${time(key.expiresAt).slice(0, 10)}`);
  const rotated = key.previousValidUntil && new Date(key.previousValidUntil) > new Date();
  return html`${badge("good", "valid")}${key.expiresAt ? html` <small>until ${time(key.expiresAt)}</small>` : nothing}
    ${rotated ? html`<br><small>the secret before is valid until ${time(key.previousValidUntil)}</small>` : nothing}`;
}

/** @param {Keys} keys @param {any} key */
const actions = (keys, key) => html`
  <span class="row-actions">
    <a href=${linkTo("/requests", { keyId: key.id })} aria-label="Requests of ${key.name}">Requests</a>
    <a href=${linkTo(`/budgets/keys/${key.id}`)} aria-label="Limits of ${key.name}">Limits</a>
    ${key.revokedAt ? nothing : html`
      <button type="button" aria-label="Edit ${key.name}" @click=${() => edit(keys, key)}>Edit</button>
      <button type="button" aria-label="Rotate ${key.name}" @click=${() => rotate(keys, key)}>Rotate</button>
      <button type="button" class="danger" aria-label="Revoke ${key.name}" @click=${() => revoke(keys, key)}>Revoke</button>`}
  </span>`;

/** @param {any} key */
const nameField = (key) => field({ name: "name", label: "Name", value: key.name, isRequired: true, most: 200, isFocused: true, hint: "What the key is for." });

/** @param {Keys} keys @param {any} key */
const pathField = ({ teams, projects }, key) => html`
  ${choice({
    name: "path", label: "Counts for", value: key.projectId ? `projectId=${key.projectId}` : key.teamId ? `teamId=${key.teamId}` : "", hint: "Whose budgets its requests use besides its own and its user's.",
    options: [
      ["", "the team of its user"],
      ...teams.map((team) => /** @type {[string, string]} */ ([`teamId=${team.id}`, `team ${team.name}`])),
      ...projects.map((project) => /** @type {[string, string]} */ ([`projectId=${project.id}`, `project ${project.name}`])),
    ],
  })}`;

/** @param {any} key */
const limitFields = (key) => html`
  ${field({ name: "expiresAt", label: "Expires (UTC day)", type: "date", value: key.expiresAt?.slice(0, 10), hint: "From the beginning of this day the key is refused. Empty: never." })}
  ${field({ name: "allowedModels", label: "Allowed models", value: key.allowedModels?.join(", "), hint: "Names, or prefixes that end with *, separated by commas. Empty: all that its team allows." })}
  ${field({ name: "allowedNetworks", label: "Allowed networks", value: key.allowedNetworks?.join(", "), hint: "Such as 10.0.0.0/8, separated by commas. Empty: all." })}
  ${field({ name: "tags", label: "Tags for reports", value: key.tags?.join(", "), hint: "Separated by commas." })}
  ${field({ name: "description", label: "Description", value: key.description, most: 1000 })}`;

/** The members of the form; null: empty. @param {FormData} values @returns {Record<string, unknown>} */
function membersOf(values) {
  const [kind, id] = (textOf(values, "path") ?? "").split("=");
  return {
    name: textOf(values, "name"),
    teamId: kind === "teamId" ? id : null,
    projectId: kind === "projectId" ? id : null,
    expiresAt: instantOf(values, "expiresAt") ?? null,
    allowedModels: listOf(values, "allowedModels") ?? null,
    allowedNetworks: listOf(values, "allowedNetworks") ?? null,
    tags: listOf(values, "tags") ?? null,
    description: textOf(values, "description") ?? null,
  };
}

/** The members that differ from those of the form of a key. A time of expiry within a day stays. @param {FormData} values @param {any} key */
function changesOf(values, key) {
  const before = { ...key, expiresAt: key.expiresAt && `${key.expiresAt.slice(0, 10)}T00:00:00Z`, tags: key.tags.length === 0 ? null : key.tags };
  return Object.fromEntries(Object.entries(membersOf(values)).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name] ?? null)));
}

/** @param {Keys} keys */
async function create(keys) {
  const { context, users } = keys;
  const mayGive = Object.keys(scopeMeanings).filter((scope) => context.rights.has("admin") || context.session.scopes?.includes(scope));
  const made = await ask({
    title: "Create a key",
    action: "Create the key",
    fields: html`
      ${nameField({})}
      ${choice({ name: "userId", label: "User", value: context.session.user?.id, options: options(users, context.rights.has("admin") ? "a new user with the name below" : "choose one"), isRequired: !context.rights.has("admin") })}
      ${context.rights.has("admin") ? field({ name: "userName", label: "Name of the new user", most: 200, hint: "Only for a new user." }) : nothing}
      ${pathField(keys, {})}
      <fieldset class="choices"><legend>Scopes</legend>${mayGive.map((scope) => checkbox({ name: "scopes", value: scope, label: scope, hint: scopeMeanings[scope], isChecked: scope === "ai:generate" }))}</fieldset>
      ${field({ name: "budget", label: "Budget for each UTC month, in dollars", type: "number", min: "0", step: "any", hint: "A hard limit: requests beyond it are refused. Empty: none of its own." })}
      <details><summary>More limits, tags and a description</summary><div class="more">${limitFields({})}</div></details>`,
    async send(values) {
      const scopes = values.getAll("scopes");
      let userId = textOf(values, "userId");
      if (!userId) userId = (await call("POST", "api/v1/admin/users", { body: { name: textOf(values, "userName") } })).id;
      const members = Object.fromEntries(Object.entries(membersOf(values)).filter(([, value]) => value !== null));
      const key = await call("POST", path, { body: { ...members, userId, scopes } });
      const budget = numberOf(values, "budget");
      if (budget === undefined) return key;
      const budgets = [{ metric: "spend", window: "month", amount: textOf(values, "budget"), alertPercents: [80, 100] }];
      const failure = await call("PUT", `${path}/${key.id}/budgets`, { body: { budgets } }).then(() => null, (refusal) => refusal);
      return { ...key, budget, failure };
    },
  });
  if (!made) return;
  await showSecret({
    title: "The key is created",
    name: `Secret of ${made.name}`,
    secret: made.key,
    text: html`Store this secret now. The gateway keeps only its hash and cannot show it again.
      ${made.failure ? html`<strong>Its budget was not set: ${made.failure.message} Set it under Limits.</strong>` : made.budget === undefined ? nothing : html`It may spend $${made.budget} each UTC month.`}`,
  });
  await reload(keys, `The key ${made.name} is created.`);
}

/** @param {Keys} keys @param {any} key */
async function edit(keys, key) {
  const send = (/** @type {FormData} */ values) => call("PATCH", `${path}/${key.id}`, { body: changesOf(values, key) });
  if (await ask({ title: `Edit ${key.name}`, action: "Save", fields: html`${nameField(key)}${pathField(keys, key)}${limitFields(key)}`, send })) await reload(keys, "The key is changed.");
}

/** @param {Keys} keys @param {any} key */
async function rotate(keys, key) {
  const made = await ask({
    title: `Rotate ${key.name}`,
    action: "Make a new secret",
    fields: html`
      <p>The key keeps its id, limits and history, and gets a new secret.</p>
      ${choice({ name: "grace", label: "The present secret stays valid for", value: "86400", options: [["0", "no time: it ends at once"], ["3600", "1 hour"], ["86400", "1 day"], ["604800", "7 days"], ["2592000", "30 days"]] })}`,
    send: (values) => call("POST", `${path}/${key.id}/rotate`, { body: { graceSeconds: numberOf(values, "grace") } }),
  });
  if (!made) return;
  await showSecret({
    title: "The new secret",
    name: `Secret of ${key.name}`,
    secret: made.key,
    text: html`Store this secret now. It cannot be shown again. ${made.previousValidUntil ? html`The one before is valid until ${time(made.previousValidUntil)}.` : "The one before is refused from now on."}`,
  });
  await reload(keys, `The key ${key.name} has a new secret.`);
}

/** @param {Keys} keys @param {any} key */
async function revoke(keys, key) {
  const done = await confirm({
    title: `Revoke ${key.name}?`,
    text: "Requests with this key are refused from now on, within 5 seconds at other gateways. This cannot be undone. Its usage stays.",
    action: "Revoke the key",
    change: () => call("DELETE", `${path}/${key.id}`),
  });
  if (done) await reload(keys, `The key ${key.name} is revoked.`);
}

/** @param {Keys} keys @param {string} said */
const reload = ({ context, pages }, said) => context.run(async () => {
  await pages.load();
  context.say(said);
});
