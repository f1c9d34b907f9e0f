import { html, nothing } from "../../vendor/lit-html.js";
import { call } from "../api.js";
import { count, time, usd, words } from "../format.js";
import { kinds, nameOf } from "../names.js";
import { figure, figures } from "../parts/figure.js";
import { long, table } from "../parts/table.js";

/** @type {import("../screens.js").Screen} */
export const screen = {
  path: "/verify",
  title: "Verify",
  purpose: "Recomputes every counter of the ledger from its usage records, and checks the chain of the audit log. It changes nothing.",
  needs: ["admin"],
  async open(context) {
    let isBusy = false;
    /** @type {any} */
    let result = null;
    const verify = () => context.run(async () => {
      isBusy = true;
      context.update();
      try {
        result = { ...(await call("POST", "api/v1/admin/ledger/verify", { signal: context.signal })), at: new Date().toISOString() };
      } finally {
        isBusy = false;
      }
    });
    return () => html`
      <div class="actions"><button type="button" class="primary" ?disabled=${isBusy} @click=${verify}>Verify now</button>
        <span role="status">${isBusy ? "Reading every record. A large ledger takes minutes." : result ? "The result stands below." : ""}</span></div>
      ${result ? resultView(result) : nothing}`;
  },
};

/** @param {any} result */
const isRight = (result) => result.balanced && result.audit.unbroken;

/** @param {any} result */
const resultView = (result) => html`
  <div class=${isRight(result) ? "success" : "failure"} role="region" aria-label="Result"><h2>${isRight(result) ? "Everything agrees" : "Something does not agree"}</h2>
    <p>${result.balanced ? "Every counter equals the sum of its records." : "Some counters do not equal their records. Keep the database as it is, and report the differences."}
      ${result.audit.unbroken ? "Every row of the audit log follows the row before." : "The audit log has a row that does not follow the row before."}</p></div>
  ${figures([
    figure({ label: "Records", value: count(result.rows), meaning: "Usage records that were read. Archived ones are in their sums." }),
    figure({ label: "In progress", value: count(result.held), meaning: "Records that hold money for a request in progress." }),
    figure({ label: "Audit rows", value: count(result.audit.rows), meaning: "Rows of the audit log that were checked." }),
    figure({ label: "Checked", value: time(result.at), meaning: "When this result came." }),
  ])}
  ${result.audit.head ? html`<p class="note">Last audit row ${result.audit.head.sequence}: <code class="hash">${result.audit.head.hash}</code>. Keep it elsewhere, to see later that no rows were cut off.</p>` : nothing}
  ${result.audit.fault ? html`<p>Row ${result.audit.fault.sequence} of the audit log is ${result.audit.fault.problem}.</p>` : nothing}
  ${result.differences.length === 0 ? nothing : differences("Counters of users that differ", result.differences, (row) => `user ${nameOf("users", row.userId, true)}`, (row) => row.period)}
  ${result.budgetDifferences.length === 0 ? nothing : differences("Counters of budgets that differ", result.budgetDifferences, (row) => `${row.kind} ${nameOf(kinds[row.kind], row.scopeId, true)}`, (row) => row.window)}`;

/** @param {string} caption @param {any[]} rows @param {(row: any) => string} scope @param {(row: any) => string} window */
const differences = (caption, rows, scope, window) => table({
  caption, rows, empty: "",
  columns: [
    { title: "Scope", cell: (row) => long(scope(row)), isHead: true },
    { title: "Window", cell: (row) => `${window(row)} from ${row.start}` },
    { title: "Figure", cell: (row) => words(row.field) },
    { title: "Counter", cell: (row) => shown(row, row.counter), isNumber: true },
    { title: "Records", cell: (row) => shown(row, row.records), isNumber: true },
  ],
});

/** Amounts are nano-dollars. @param {any} row @param {number} value */
const shown = (row, value) => (row.field === "settled" || row.field === "held" ? usd(value / 1e9) : count(value));
