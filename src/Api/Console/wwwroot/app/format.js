// Figures and instants as text. All days and times are UTC.

const decimals = 9;
const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** Dollars with every digit that matters: at least 2 decimals, at most 9. @param {number|null|undefined} value */
export function usd(value) {
  if (value === null || value === undefined) return "not known";
  const [units, rest = ""] = Math.abs(value).toFixed(decimals).split(".");
  const digits = rest.slice(0, Math.max(2, Math.min(decimals, 15 - units.length))).replace(/0+$/, "").padEnd(2, "0");
  return `${value < 0 ? "-" : ""}$${whole.format(BigInt(units))}.${digits}`;
}

/** @param {number|null|undefined} value */
export const count = (value) => (value === null || value === undefined ? "not known" : whole.format(value));

/** A time span. @param {number|null|undefined} ms milliseconds */
export function span(ms) {
  if (ms === null || ms === undefined) return "not known";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1000).toFixed(2)} s` : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** An instant to the second, such as "2026-11-26 09:30:00 UTC". @param {string|null|undefined} instant */
export const time = (instant) => (instant ? `${new Date(instant).toISOString().slice(0, 19).replace("T", " ")} UTC` : "never");

/** A UTC day, such as "2026-11-26". @param {Date} date */
export const day = (date) => date.toISOString().slice(0, 10);

/** The UTC day so many days from a day. @param {string} from @param {number} days */
export function dayAfter(from, days) {
  const date = new Date(`${from}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return day(date);
}

export const today = () => day(new Date());

/** How long from now, or ago, in one unit. @param {string} instant */
export function distance(instant) {
  const seconds = (new Date(instant).getTime() - Date.now()) / 1000;
  const [size, unit] = [[86_400, "day"], [3_600, "hour"], [60, "minute"], [1, "second"]].find(([length]) => Math.abs(seconds) >= Number(length)) ?? [1, "second"];
  const number = Math.round(Math.abs(seconds) / Number(size));
  const words = `${number} ${unit}${number === 1 ? "" : "s"}`;
  return seconds >= 0 ? `in ${words}` : `${words} ago`;
}

/** The amount of a budget in its own unit. @param {string} metric @param {number} value */
export const amount = (metric, value) => (metric === "spend" ? usd(value) : count(value));

/** A name of the API in words: "in_flight" is "in flight". @param {string} name */
export const words = (name) => name.replaceAll("_", " ");
