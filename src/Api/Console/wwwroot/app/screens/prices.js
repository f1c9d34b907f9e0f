import { html, nothing } from "../../vendor/lit-html.js";
import { read } from "../api.js";
import { count, usd, words } from "../format.js";
import { field, textOf } from "../parts/form.js";
import { Pages } from "../parts/pages.js";
import { badge, long, table } from "../parts/table.js";
import { go, linkTo } from "../router.js";

/** @type {import("../screens.js").Screen} */
export const screen = {
  path: "/prices",
  title: "Models and prices",
  purpose: "What a model costs in US dollars per million tokens, and since when. A request is charged at the price of its day.",
  needs: ["admin", "usage"],
  open: (context) => (context.rights.has("admin") ? openBook(context) : openModels(context)),
};

/** The whole price book, for administrators. @param {import("../screens.js").Context} context */
async function openBook({ route, signal, run }) {
  const query = { provider: route.query.provider, model: route.query.model };
  const pages = await new Pages("api/v1/admin/prices", query, signal).load();
  return () => html`
    <form class="filter" aria-label="Filter" @submit=${(/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      const values = new FormData(/** @type {HTMLFormElement} */ (event.target));
      go("/prices", { provider: textOf(values, "provider"), model: textOf(values, "model") });
    }}>
      ${field({ name: "provider", label: "Provider", value: query.provider })}
      ${field({ name: "model", label: "Model", value: query.model })}
      <div class="actions"><button class="primary">Filter</button><a class="button" href=${linkTo("/prices")}>Clear</a></div>
    </form>
    ${priceTable(pages.items)}
    ${pages.buttons(run)}`;
}

/** Today's prices of the models that the user may use. @param {import("../screens.js").Context} context */
async function openModels({ signal }) {
  const models = (await read("api/v1/ai/models", {}, signal)).items;
  const rows = models.map((/** @type {any} */ model) => ({ ...model, ...model.prices, warnings: model.retired ? ["retired"] : [] }));
  return () => priceTable(rows);
}

/** @param {any[]} rows */
const priceTable = (rows) => table({
  caption: "Prices", note: "US dollars per million tokens. Days are UTC.", rows, empty: "No price matches. Change the filter.",
  columns: [
    { title: "Model", cell: (row) => long(row.model), isHead: true },
    { title: "Provider", cell: (row) => long(row.provider) },
    { title: "Input", cell: (row) => price(row.inputUsdPerMillion), isNumber: true },
    { title: "Cached input", cell: (row) => price(row.cachedInputUsdPerMillion), isNumber: true },
    { title: "Output", cell: (row) => price(row.outputUsdPerMillion), isNumber: true },
    { title: "Context window", cell: (row) => (row.contextWindow ? count(row.contextWindow) : "–"), isNumber: true },
    { title: "Since, confirmed (UTC)", cell: (row) => html`${row.effectiveFrom ?? "–"}${row.confirmedOn ? html`<br><small title="Last compared with its source">${row.confirmedOn}</small>` : nothing}` },
    { title: "Warnings", cell: (row) => (row.warnings?.length > 0 ? row.warnings.map((/** @type {string} */ warning) => html`${badge(warning === "stale" ? "warn" : "bad", words(warning))} `) : "none") },
    ...(rows.some((row) => row.successor) ? [{ title: "Retires (UTC), successor", cell: (/** @type {any} */ row) => html`${row.retiredOn ?? "–"}${row.successor ? html`<br><small>${long(row.successor)}</small>` : nothing}` }] : []),
    ...(rows.some((row) => row.source) ? [{ title: "Source", cell: (/** @type {any} */ row) => (row.source ? long(row.source) : nothing) }] : []),
  ],
});

/** @param {number|null|undefined} value */
const price = (value) => (value === null || value === undefined ? "–" : usd(value));
