// A list that is read page by page. Only the page that is shown is in memory.
import { html } from "../../vendor/lit-html.js";
import { read } from "../api.js";

/**
 * @template T
 * The pages of a list of the API, with "next" as the mark of the page after.
 */
export class Pages {
  /** @type {(string|null)[]} */
  #marks = [null];
  /** @type {string|null} */
  #next = null;
  /** @type {T[]} */
  items = [];

  /** @param {string} path @param {Record<string, unknown>} query @param {AbortSignal} signal @param {number} [size] */
  constructor(path, query, signal, size = 50) {
    this.path = path;
    this.query = query;
    this.signal = signal;
    this.size = size;
  }

  async load() {
    const page = await read(this.path, { ...this.query, limit: this.size, next: this.#marks.at(-1) }, this.signal);
    [this.items, this.#next] = [page.items, page.next ?? null];
    return this;
  }

  async forward() {
    this.#marks.push(this.#next);
    await this.load();
  }

  async back() {
    this.#marks.pop();
    await this.load();
  }

  /** @param {(change: () => Promise<unknown>) => void} run runs a change, then shows the result */
  buttons(run) {
    const page = this.#marks.length;
    return html`
      <nav class="pages" aria-label="Pages">
        <button type="button" ?disabled=${page === 1} @click=${() => run(() => this.back())}>Previous page</button>
        <span role="status">Page ${page}, ${this.items.length} rows</span>
        <button type="button" ?disabled=${this.#next === null} @click=${() => run(() => this.forward())}>Next page</button>
      </nav>`;
  }
}

/**
 * All items of a list, up to a bound. More is not read, since a choice of thousands helps no one.
 * @param {string} path @param {AbortSignal} signal @param {Record<string, unknown>} [query]
 * @returns {Promise<any[]>}
 */
export const firstOf = async (path, signal, query = {}) => (await read(path, { ...query, limit: 200 }, signal)).items;
