// Bar charts. A chart is a picture of a table that stands beside it, so screen readers are sent to the table.

/** @typedef {{ labels: string[], values: number[], format: (value: number) => string, isSideways?: boolean, label: string }} Bars */

class BarChart extends HTMLElement {
  /** @type {any} */
  #chart = null;
  /** @type {Bars|null} */
  #bars = null;
  #scheme = matchMedia("(prefers-color-scheme: dark)");
  #draw = () => void this.#show();

  /** @param {Bars} bars */
  set bars(bars) {
    this.#bars = bars;
    if (this.isConnected) this.#draw();
  }

  connectedCallback() {
    this.#scheme.addEventListener("change", this.#draw);
    this.#draw();
  }

  disconnectedCallback() {
    this.#scheme.removeEventListener("change", this.#draw);
    this.#chart?.destroy();
    this.#chart = null;
  }

  async #show() {
    await import("../../vendor/chart.js");
    if (!this.isConnected || this.#bars === null) return;
    this.#chart?.destroy();
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${this.#bars.label}. The table beside it has the same figures.`);
    this.replaceChildren(canvas);
    this.#chart = new /** @type {any} */ (globalThis).Chart(canvas, optionsOf(this.#bars, getComputedStyle(this)));
  }
}

/** @param {Bars} bars @param {CSSStyleDeclaration} style */
function optionsOf(bars, style) {
  const [accent, ink, line] = ["--accent", "--soft", "--line"].map((name) => style.getPropertyValue(name).trim());
  const [valueAxis, nameAxis] = bars.isSideways ? ["x", "y"] : ["y", "x"];
  const font = { family: style.fontFamily, size: 12 };
  return {
    type: "bar",
    data: { labels: bars.labels, datasets: [{ data: bars.values, backgroundColor: accent, borderRadius: 3, maxBarThickness: 34 }] },
    options: {
      indexAxis: nameAxis,
      maintainAspectRatio: false,
      animation: false,
      plugins: { legend: { display: false }, tooltip: { callbacks: { label: (/** @type {any} */ item) => bars.format(item.raw) } } },
      scales: {
        [nameAxis]: { grid: { display: false }, border: { color: line }, ticks: { color: ink, font, callback: shortened, maxRotation: 0, autoSkipPadding: 12 } },
        [valueAxis]: { beginAtZero: true, grid: { color: line }, border: { display: false }, ticks: { color: ink, font, maxTicksLimit: 5, callback: (/** @type {any} */ value) => bars.format(Number(value)) } },
      },
    },
  };
}

/** @this {any} @param {number} value */
function shortened(value) {
  const label = String(this.getLabelForValue(value));
  return label.length > 22 ? `${label.slice(0, 20)}…` : label;
}

customElements.define("bar-chart", BarChart);
