import { html, nothing } from "../../vendor/lit-html.js";
import { call } from "../api.js";
import { time } from "../format.js";
import { learn, nameOf } from "../names.js";
import { ask, confirm } from "../parts/dialog.js";
import { tabs } from "../parts/figure.js";
import { checkbox, choice, field, listOf, textOf } from "../parts/form.js";
import { firstOf, Pages } from "../parts/pages.js";
import { badge, long, table } from "../parts/table.js";
import { linkTo } from "../router.js";

/** @typedef {{ title: string, noun: string, parent?: { kind: "organisations"|"teams", member: string, noun: string }, filter: string, of?: { kind: string, member: string, noun: string } }} Kind */

/** The kinds of scopes. filter: the filter of the requests screen. of: what is below it. @type {Record<string, Kind>} */
const kinds = {
  organisations: { title: "Organisations", noun: "organisation", filter: "organisationId", of: { kind: "teams", member: "organisationId", noun: "Teams" } },
  teams: { title: "Teams", noun: "team", parent: { kind: "organisations", member: "organisationId", noun: "Organisation" }, filter: "teamId", of: { kind: "projects", member: "teamId", noun: "Projects" } },
  projects: { title: "Projects", noun: "project", parent: { kind: "teams", member: "teamId", noun: "Team" }, filter: "projectId" },
  users: { title: "Users", noun: "user", parent: { kind: "teams", member: "teamId", noun: "Team" }, filter: "userId" },
};

/** @typedef {{ context: import("../screens.js").Context, name: string, kind: Kind, pages: Pages<any>, parents: any[], mayChange: boolean }} List */

/** @type {import("../screens.js").Screen} */
export const screen = {
  path: "/scopes",
  title: "Scopes and users",
  purpose: "Organisations have teams, teams have projects and users. Each can have budgets, and uses those of all above.",
  needs: ["team"],
  async open(context) {
    const { route, rights, signal } = context;
    const names = Object.keys(kinds).filter((name) => name !== "organisations" || rights.has("admin"));
    const name = names.includes(route.parts[1]) ? route.parts[1] : "teams";
    const kind = kinds[name];
    const parent = kind.parent && (kind.parent.kind !== "organisations" || rights.has("admin")) ? kind.parent : undefined;
    const filter = parent ? { [parent.member]: route.query[parent.member] } : {};
    const pages = new Pages(`api/v1/admin/${name}`, filter, signal);
    const [parents] = await Promise.all([parent ? firstOf(`api/v1/admin/${parent.kind}`, signal) : [], pages.load()]);
    [parents, pages.items].forEach(learn);
    const list = { context, name, kind: { ...kind, parent }, pages, parents, mayChange: rights.has("admin") || name === "projects" };
    return () => html`
      ${tabs("Kind", names.map((each) => [each, kinds[each].title, linkTo(`/scopes/${each}`)]), name)}
      ${view(list, parent && filter[parent.member])}`;
  },
};

/** @param {List} list @param {string|undefined} parentId */
function view(list, parentId) {
  const { context, kind, name, pages, mayChange } = list;
  return html`
    <div class="toolbar">
      ${mayChange ? html`<button type="button" class="primary" @click=${() => create(list)}>Create a ${kind.noun}</button>` : nothing}
      ${kind.parent && parentId ? html`<p class="note">Only of ${kind.parent.noun.toLowerCase()} ${nameOf(kind.parent.kind, parentId, true)}. <a href=${linkTo(`/scopes/${name}`)}>Show all</a></p>` : nothing}
    </div>
    ${table({
      caption: kind.title,
      note: "Oldest first. Times are UTC.",
      rows: pages.items,
      empty: `There is no ${kind.noun} yet.`,
      columns: [
        { title: "Name", cell: (item) => long(item.name), isHead: true },
        { title: "State", cell: (item) => (item.disabled ? badge("bad", "disabled") : badge("good", "enabled")) },
        ...(kind.parent ? [{ title: kind.parent.noun, cell: (/** @type {any} */ item) => parentCell(kind, item) }] : []),
        ...(name === "users" ? [{ title: "Signs in by", cell: (/** @type {any} */ item) => (item.externalId ? long(item.externalId) : "API key") }] : [
          { title: "Time zone of its days", cell: (/** @type {any} */ item) => item.timeZone ?? "as above it, at the top UTC" },
          { title: "Models", cell: (/** @type {any} */ item) => (item.allowedModels ? long(item.allowedModels.join(", ")) : "all") },
        ]),
        { title: "Created (UTC)", cell: (item) => time(item.createdAt).slice(0, 10) },
        { title: "Actions", cell: (item) => actions(list, item) },
      ],
    })}
    ${pages.buttons(context.run)}`;
}

/** @param {Kind} kind @param {any} item */
function parentCell({ parent }, item) {
  const id = parent && item[parent.member];
  return id ? long(nameOf(parent.kind, id, true)) : "none";
}

/** @param {List} list @param {any} item */
const actions = (list, item) => html`
  <span class="row-actions">
    ${list.kind.of ? html`<a href=${linkTo(`/scopes/${list.kind.of.kind}`, { [list.kind.of.member]: item.id })} aria-label="${list.kind.of.noun} of ${item.name}">${list.kind.of.noun}</a>` : nothing}
    ${list.name === "teams" ? html`<a href=${linkTo("/scopes/users", { teamId: item.id })} aria-label="Users of ${item.name}">Users</a>` : nothing}
    ${list.name === "users" ? html`<a href=${linkTo("/keys", { userId: item.id })} aria-label="Keys of ${item.name}">Keys</a>` : nothing}
    <a href=${linkTo(`/budgets/${list.name}/${item.id}`)} aria-label="Limits of ${item.name}">Limits</a>
    <a href=${linkTo("/requests", { [list.kind.filter]: item.id })} aria-label="Requests of ${item.name}">Requests</a>
    ${list.mayChange ? html`
      <button type="button" aria-label="Edit ${item.name}" @click=${() => edit(list, item)}>Edit</button>
      ${list.name === "users"
        ? html`<button type="button" class="danger" aria-label="Erase ${item.name}" @click=${() => erase(list, item)}>Erase</button>`
        : html`<button type="button" class="danger" aria-label="Delete ${item.name}" @click=${() => remove(list, item)}>Delete</button>`}` : nothing}
  </span>`;

/** @param {List} list @param {any} item @param {boolean} isNew */
const parentField = ({ kind, parents, name }, item, isNew) => kind.parent ? choice({
  name: "parent", label: kind.parent.noun, value: item[kind.parent.member], isRequired: name !== "users",
  hint: isNew ? undefined : "Moving it changes nothing for requests in progress and for what is charged already.",
  options: [...(name === "users" ? [/** @type {[string, string]} */ (["", "none"])] : []), ...parents.map((each) => /** @type {[string, string]} */ ([each.id, each.name]))],
}) : nothing;

/** @param {List} list */
async function create(list) {
  const { kind, name } = list;
  const made = await ask({
    title: `Create a ${kind.noun}`,
    action: "Create",
    fields: html`
      ${field({ name: "name", label: "Name", isRequired: true, most: 200, isFocused: true })}
      ${parentField(list, {}, true)}`,
    async send(values) {
      const parentId = textOf(values, "parent");
      const isUser = name === "users";
      const item = await call("POST", `api/v1/admin/${name}`, { body: { name: textOf(values, "name"), ...(kind.parent && !isUser ? { [kind.parent.member]: parentId } : {}) } });
      if (isUser && parentId) await call("PUT", `api/v1/admin/users/${item.id}/team`, { body: { teamId: parentId } });
      return item;
    },
  });
  if (made) await reload(list, `The ${kind.noun} ${made.name} is created.`);
}

/** @param {List} list @param {any} item */
async function edit(list, item) {
  const { kind, name } = list;
  const changed = await ask({
    title: `Edit ${item.name}`,
    action: "Save",
    fields: html`
      ${field({ name: "name", label: "Name", value: item.name, isRequired: true, most: 200, isFocused: true })}
      ${parentField(list, item, false)}
      ${name === "users" ? nothing : html`
        ${field({ name: "timeZone", label: "Time zone of its days", value: item.timeZone, hint: "Such as Europe/Berlin. Empty: that of the scope above, at the top UTC." })}
        ${field({ name: "allowedModels", label: "Allowed models", value: item.allowedModels?.join(", "), hint: "Names, or prefixes that end with *, separated by commas. Empty: all." })}`}
      ${checkbox({ name: "disabled", label: "Disabled", isChecked: item.disabled, hint: name === "users" ? "its keys are refused" : "all keys and users below it are refused" })}`,
    async send(values) {
      const parentId = textOf(values, "parent") ?? null;
      const members = { name: textOf(values, "name"), disabled: values.has("disabled") };
      if (name === "users") {
        if (parentId !== item.teamId) await call("PUT", `api/v1/admin/users/${item.id}/team`, { body: { teamId: parentId } });
        return call("PATCH", `api/v1/admin/users/${item.id}`, { body: members });
      }
      const moved = kind.parent && parentId !== item[kind.parent.member] ? { [kind.parent.member]: parentId } : {};
      return call("PATCH", `api/v1/admin/${name}/${item.id}`, { body: { ...members, ...moved, timeZone: textOf(values, "timeZone") ?? null, allowedModels: listOf(values, "allowedModels") ?? null } });
    },
  });
  if (changed) await reload(list, `The ${kind.noun} is changed.`);
}

/** @param {List} list @param {any} item */
async function remove(list, item) {
  const done = await confirm({
    title: `Delete ${item.name}?`,
    text: `The ${list.kind.noun}, its budgets and its rates are deleted. What was charged to it stays. This cannot be undone.`,
    action: `Delete the ${list.kind.noun}`,
    change: () => call("DELETE", `api/v1/admin/${list.name}/${item.id}`),
  });
  if (done) await reload(list, `The ${list.kind.noun} is deleted.`);
}

/** @param {List} list @param {any} item */
async function erase(list, item) {
  const done = await confirm({
    title: `Erase ${item.name}?`,
    text: "The user is disabled, its keys are revoked, and its names are removed everywhere. Amounts stay, so every sum stays right. This cannot be undone.",
    action: "Erase the user",
    change: () => call("POST", `api/v1/admin/users/${item.id}/erase`),
  });
  if (done) await reload(list, "The user is erased.");
}

/** @param {List} list @param {string} said */
const reload = ({ context, pages }, said) => context.run(async () => {
  await pages.load();
  learn(pages.items);
  context.say(said);
});
