// The receipt of one request: what it cost, why, and who pays. It is made to be printed.
import { html, nothing } from "../../vendor/lit-html.js";
import { call, read } from "../api.js";
import { count, span, time, usd, words } from "../format.js";
import { ask } from "../parts/dialog.js";
import { facts, figure, figures } from "../parts/figure.js";
import { field, textOf } from "../parts/form.js";
import { badge, long, table } from "../parts/table.js";
import { linkTo } from "../router.js";
import { statusKinds } from "./requests.js";

/** @type {Record<string, string>} */
const statusMeanings = {
  held: "The request is in progress. Its maximum cost is reserved.",
  settled: "The request ended and its cost is charged.",
  released: "No provider did any work. Nothing is charged, and the request does not count.",
  unknown: "The request was sent and no complete answer came, so the provider may bill it.",
  expired: "Its gateway stopped. The maximum cost is charged until its settlement comes.",
};

/** @type {Record<string, string>} */
const sourceMeanings = {
  provider: "The provider reported the tokens.",
  counted: "The gateway counted the tokens.",
  held: "Nothing better is known than the held maximum.",
  corrected: "An administrator corrected the cost.",
  none: "Nothing was charged.",
};

/** @param {import("../screens.js").Context} context @param {string} id @param {boolean} isAll whether the administration is asked, or the user's own requests */
export async function receipt(context, id, isAll) {
  const path = `${isAll ? "api/v1/admin" : "api/v1/ai"}/usage/${encodeURIComponent(id)}`;
  let shown = await read(path, {}, context.signal);
  const correct = async () => {
    const send = (/** @type {FormData} */ values) => call("POST", `${path}/correct`, { body: { costUsd: textOf(values, "costUsd"), reason: textOf(values, "reason") } });
    const fields = html`
      <p>The correction is added to the record with your name. It changes the sums of the request's day and month.</p>
      ${field({ name: "costUsd", label: "New total cost in dollars", value: shown.costUsd.toFixed(9).replace(/0+$/, "").replace(/\.$/, ""), isRequired: true, isFocused: true })}
      ${field({ name: "reason", label: "Reason", isRequired: true, most: 1000 })}`;
    if (!(await ask({ title: "Correct the cost", action: "Correct the cost", fields, send }))) return;
    await context.run(async () => {
      shown = await read(path, {}, context.signal);
      context.say("The cost is corrected.");
    });
  };
  return () => view(shown, context.rights.has("admin") ? correct : null);
}

/** @param {any} it @param {(() => Promise<void>)|null} correct null: the user may not */
const view = (it, correct) => html`
  <article class="receipt">
    <div class="actions no-print">
      <a class="button" href=${linkTo("/requests")}>All requests</a>
      <button type="button" @click=${() => print()}>Print</button>
      ${correct && it.status !== "held" ? html`<button type="button" @click=${correct}>Correct the cost</button>` : nothing}
    </div>
    <h2>Receipt <code>${it.id}</code></h2>
    <p>${badge(statusKinds[it.status] ?? "plain", it.status)} ${statusMeanings[it.status]} ${it.errorCode ? html`It failed with <code>${it.errorCode}</code>.` : nothing}</p>
    ${figures([
      figure({ label: "Cost", value: usd(it.costUsd), meaning: "What is charged now, corrections included." }),
      figure({ label: "Held", value: usd(it.hold.costUsd), meaning: "The most it could cost. It was reserved before the request was sent." }),
      figure({ label: "Tokens", value: it.tokens ? count(it.tokens.total) : "none charged", meaning: "Input and output tokens that are charged." }),
      figure({ label: "Latency", value: it.latencyMs === null ? "not known" : span(it.latencyMs), meaning: "From the arrival of the request to its end." }),
    ])}
    <div class="columns">
      <section><h3>Request</h3>${facts([
        ["Requested model", long(it.requestedModel)],
        ["Answered by", html`${long(it.model)} of ${it.provider}`],
        ["Operation", `${it.operation}${it.streamed ? ", streamed" : ""}`],
        ["Arrived", time(it.createdAt)],
        ["Ended", it.endedAt ? time(it.endedAt) : "not known"],
        ["First token after", it.timeToFirstTokenMs === null ? null : span(it.timeToFirstTokenMs)],
        ["Tags of the key", it.tags?.length > 0 ? it.tags.join(", ") : null],
      ])}</section>
      <section><h3>Charged to</h3>${facts(it.chargedTo.map((/** @type {any} */ scope) => [words(scope.kind), html`${long(scope.name ?? scope.id)}${scope.timeZone && scope.timeZone !== "UTC" ? html` <small>days of ${scope.timeZone}</small>` : nothing}`]))}
        ${it.otherModels?.length > 0 ? html`<p class="note">Budgets of these models count it too: ${it.otherModels.join(", ")}.</p>` : nothing}</section>
      <section><h3>Hold</h3>${facts([
        ["Maximum cost", usd(it.hold.costUsd)],
        ["Tokens", it.hold.tokens === null ? null : count(it.hold.tokens)],
        ["Held at", time(it.hold.at)],
        ["Expires", it.hold.expiresAt ? time(it.hold.expiresAt) : null],
      ])}</section>
      <section><h3>Settlement</h3>${it.settlement === null ? html`<p>The request is in progress.</p>` : facts([
        ["Outcome", words(it.settlement.outcome)],
        ["Cost at the settlement", usd(it.settlement.costUsd)],
        ["At", it.settlement.at ? time(it.settlement.at) : "not known"],
        ["Above the hold", it.settlement.aboveHold ? badge("bad", "yes, which should never happen") : "no"],
        ["Evidence", it.evidence ? sourceMeanings[it.evidence.source] ?? it.evidence.source : null],
      ])}</section>
      <section><h3>Tokens</h3>${it.tokens === null ? html`<p>None are charged.</p>` : facts([
        ["Input", count(it.tokens.input)],
        ["of these read from a cache", count(it.tokens.cachedInput)],
        ["of these written to a cache", count(it.tokens.cacheWrite)],
        ["Output", count(it.tokens.output)],
        ["of these reasoning", count(it.tokens.reasoning)],
      ])}</section>
      <section><h3>Price</h3>${it.price.row === null ? html`<p>Price book ${it.price.version}. The row is not known.</p>` : facts([
        ["Input", `${usd(it.price.row.input)} per million tokens`],
        ["Input from a cache", it.price.row.cachedInput === null ? null : `${usd(it.price.row.cachedInput)} per million tokens`],
        ["Output", `${usd(it.price.row.output)} per million tokens`],
        ["Long prompt", it.price.row.isLongContext ? `${it.price.row.longContextInputPercent} % in, ${it.price.row.longContextOutputPercent} % out` : null],
        ["List cost", it.price.row.listCostUsd === null ? null : usd(it.price.row.listCostUsd)],
        ["In force since", it.price.row.effectiveFrom],
        ["Source", it.price.row.source ? long(it.price.row.source) : null],
        ["Price book", it.price.version],
      ])}</section>
    </div>
    ${table({
      caption: "Attempts", note: "The calls to providers, in order.", rows: it.attempts, empty: it.status === "held" ? "The request is in progress." : "No provider was called.",
      columns: [
        { title: "Provider", cell: (attempt) => long(attempt.provider), isHead: true },
        { title: "Model", cell: (attempt) => long(attempt.model) },
        { title: "Outcome", cell: (attempt) => words(attempt.outcome) },
        { title: "Cost", cell: (attempt) => usd(attempt.costUsd), isNumber: true },
        { title: "Latency", cell: (attempt) => (attempt.latencyMs === null ? "–" : span(attempt.latencyMs)), isNumber: true },
      ],
    })}
    ${it.corrections.length === 0 ? nothing : table({
      caption: "Corrections", rows: it.corrections, empty: "",
      columns: [
        { title: "At (UTC)", cell: (correction) => time(correction.createdAt).slice(0, 19), isHead: true },
        { title: "By", cell: (correction) => long(correction.correctedByName ?? correction.correctedBy) },
        { title: "Before", cell: (correction) => usd(correction.previousCostUsd), isNumber: true },
        { title: "After", cell: (correction) => usd(correction.costUsd), isNumber: true },
        { title: "Reason", cell: (correction) => correction.reason },
      ],
    })}
  </article>`;
