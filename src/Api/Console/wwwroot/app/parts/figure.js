// Figures with what they mean, and a way down to the rows that they sum up.
import { html, nothing } from "../../vendor/lit-html.js";

/** @param {{ label: string, value: string, meaning: string, href?: string }} shown */
export const figure = ({ label, value, meaning, href }) => html`
  <div class="figure">
    <dt>${label}</dt>
    <dd class="value">${href ? html`<a href=${href} aria-label="${label}: ${value}. Show the requests.">${value}</a>` : value}</dd>
    <dd class="meaning">${meaning}</dd>
  </div>`;

/** @param {unknown[]} figures */
export const figures = (figures) => html`<dl class="figures ${figures.length > 5 ? "many" : ""}">${figures}</dl>`;

/** A label and a value in a list of facts. @param {[string, unknown][]} facts */
export const facts = (facts) => html`<dl class="facts">${facts.filter(([, value]) => value !== null && value !== undefined).map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`;

/** A choice among a few, as links. @param {string} label @param {[string, string, string][]} options id, text, address @param {string} chosen */
export const tabs = (label, options, chosen) => html`
  <nav class="tabs" aria-label=${label}>${options.map(([id, text, href]) => html`<a href=${href} aria-current=${id === chosen ? "true" : nothing}>${text}</a>`)}</nav>`;
