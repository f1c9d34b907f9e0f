// Tables. A wide one scrolls in its own region, so the page never scrolls sideways.
import { html, nothing } from "../../vendor/lit-html.js";

/**
 * @template T
 * @typedef {{ title: string, cell: (row: T) => unknown, isNumber?: boolean, isHead?: boolean }} Column
 * isHead: its cells name their rows
 */

/**
 * @template T
 * @param {{ caption: string, note?: unknown, columns: Column<T>[], rows: T[], empty: string }} options
 */
export function table({ caption, note, columns, rows, empty }) {
  return html`
    <div class="table" role="region" aria-label=${caption} tabindex="0">
      <table>
        <caption>${caption}${note ? html` <span class="note">${note}</span>` : nothing}</caption>
        <thead><tr>${columns.map((column) => html`<th scope="col" class=${column.isNumber ? "number" : ""}>${column.title}</th>`)}</tr></thead>
        <tbody>
          ${rows.length === 0
            ? html`<tr><td class="empty" colspan=${columns.length}>${empty}</td></tr>`
            : rows.map((row) => html`<tr>${columns.map((column) => cell(column, row))}</tr>`)}
        </tbody>
      </table>
    </div>`;
}

/** @template T @param {Column<T>} column @param {T} row */
function cell(column, row) {
  const kind = column.isNumber ? "number" : "";
  return column.isHead ? html`<th scope="row" class=${kind}>${column.cell(row)}</th>` : html`<td class=${kind}>${column.cell(row)}</td>`;
}

/** A text that may be long: cut with dots on the screen, whole as its title. @param {string} text */
export const long = (text) => html`<span class="long" title=${text}>${text}</span>`;

/** An id: its last 8 characters on the screen, whole as its title. @param {string} id */
export const shortId = (id) => html`<code title=${id}>…${id.slice(-8)}</code>`;

/** A state as a small label. @param {"good"|"warn"|"bad"|"plain"} kind @param {unknown} text */
export const badge = (kind, text) => html`<span class="badge ${kind}">${text}</span>`;

/** How much of a limit is in use: charged, and reserved. @param {number} used @param {number} held @param {number} limit */
export function usedBar(used, held, limit) {
  const part = (/** @type {number} */ value) => (limit > 0 ? Math.min(100, (100 * value) / limit) : 0);
  const label = `${Math.round(part(used + held))} % of the limit is used or held`;
  return html`
    <svg class="bar ${part(used + held) >= 90 ? "full" : ""}" role="img" aria-label=${label} viewBox="0 0 100 8" preserveAspectRatio="none">
      <rect class="rest" width="100" height="8"></rect>
      <rect class="held" width=${part(used + held)} height="8"></rect>
      <rect class="used" width=${part(used)} height="8"></rect>
    </svg>`;
}
