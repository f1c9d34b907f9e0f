// Fields of forms, and how their values become members of a request.
import { html, nothing } from "../../vendor/lit-html.js";

/**
 * A field of one line.
 * @param {{ name: string, label: string, value?: string|number|null, type?: string, hint?: unknown, isRequired?: boolean, list?: string, min?: string, max?: string, step?: string, placeholder?: string, isFocused?: boolean, most?: number }} field
 */
export const field = ({ name, label, value, type = "text", hint, isRequired = false, list, min, max, step, placeholder, isFocused = false, most }) => html`
  <div class="field"><label><span>${label}</span>
    <input name=${name} aria-describedby=${hint ? `hint-${name}` : nothing} type=${type} .defaultValue=${value === null || value === undefined ? "" : String(value)} ?required=${isRequired} ?autofocus=${isFocused}
      list=${list ?? nothing} min=${min ?? nothing} max=${max ?? nothing} step=${step ?? nothing} maxlength=${most ?? nothing} placeholder=${placeholder ?? nothing} autocomplete="off" spellcheck="false"></label>
    ${hint ? html`<small id="hint-${name}">${hint}</small>` : nothing}
  </div>`;

/**
 * A choice of one.
 * @param {{ name: string, label: string, options: [string, string][], value?: string|null, hint?: unknown, isRequired?: boolean, onChange?: (value: string) => void }} choice
 */
export const choice = ({ name, label, options, value = "", hint, isRequired = false, onChange }) => html`
  <div class="field"><label><span>${label}</span>
    <select name=${name} aria-describedby=${hint ? `hint-${name}` : nothing} ?required=${isRequired} @change=${(/** @type {any} */ event) => onChange?.(event.target.value)}>
      ${options.map(([id, text]) => html`<option value=${id} ?selected=${id === (value ?? "")}>${text}</option>`)}
    </select></label>
    ${hint ? html`<small id="hint-${name}">${hint}</small>` : nothing}
  </div>`;

/** @param {{ name: string, label: string, value?: string, isChecked?: boolean, hint?: unknown }} box */
export const checkbox = ({ name, label, value = "on", isChecked = false, hint }) => html`
  <label class="check"><input type="checkbox" name=${name} value=${value} ?checked=${isChecked}><span>${label}${hint ? html` <small>${hint}</small>` : nothing}</span></label>`;

/** A text; undefined for an empty one. @param {FormData} values @param {string} name */
export const textOf = (values, name) => String(values.get(name) ?? "").trim() || undefined;

/** A number; undefined for an empty field. @param {FormData} values @param {string} name */
export function numberOf(values, name) {
  const text = textOf(values, name);
  return text === undefined ? undefined : Number(text);
}

/** Names separated by blanks or commas; undefined for none. @param {FormData} values @param {string} name */
export function listOf(values, name) {
  const names = (textOf(values, name) ?? "").split(/[\s,]+/).filter(Boolean);
  return names.length === 0 ? undefined : names;
}

/** The first instant of a UTC day that a date field holds. @param {FormData} values @param {string} name */
export function instantOf(values, name) {
  const text = textOf(values, name);
  return text === undefined ? undefined : `${text}T00:00:00Z`;
}
