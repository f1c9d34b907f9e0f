// Dialogs. The browser's own element keeps the focus inside, closes on Escape and gives the focus back.
import { html, nothing, render } from "../../vendor/lit-html.js";
import { failureView } from "./failure.js";

/**
 * @typedef {{ close: (result?: any) => void, failure: unknown, isBusy: boolean, run: (action: () => Promise<unknown>) => Promise<void>, update: () => void }} Dialog
 */

let dialogs = 0;

/**
 * Shows a dialog until it is closed.
 * @param {string} title
 * @param {(dialog: Dialog) => unknown} view
 * @returns {Promise<any>} what it was closed with; undefined: it was cancelled
 */
export function openDialog(title, view) {
  const element = document.createElement("dialog");
  const id = `dialog-${++dialogs}`;
  element.setAttribute("aria-labelledby", id);
  document.body.append(element);
  return new Promise((resolve) => {
    /** @type {any} */
    let result;
    /** @type {Dialog} */
    const dialog = {
      failure: null,
      isBusy: false,
      close(value) {
        result = value;
        element.close();
      },
      async run(action) {
        if (dialog.isBusy) return;
        [dialog.isBusy, dialog.failure] = [true, null];
        dialog.update();
        try {
          await action();
        } catch (failure) {
          dialog.failure = failure;
        }
        dialog.isBusy = false;
        if (element.isConnected) dialog.update();
      },
      update() {
        render(html`<h2 id=${id}>${title}</h2>${dialog.failure ? failureView(dialog.failure) : nothing}${view(dialog)}`, element);
      },
    };
    element.addEventListener("close", () => {
      element.remove();
      resolve(result);
    });
    dialog.update();
    element.showModal();
  });
}

/**
 * Asks before a change that cannot be undone.
 * @param {{ title: string, text: unknown, action: string, change: () => Promise<unknown> }} question
 * @returns {Promise<boolean>} whether the change was made
 */
export async function confirm({ title, text, action, change }) {
  const done = await openDialog(title, (dialog) => html`
    <p>${text}</p>
    <div class="actions">
      <button type="button" class="danger" ?disabled=${dialog.isBusy} @click=${() => dialog.run(async () => {
        await change();
        dialog.close(true);
      })}>${action}</button>
      <button type="button" autofocus @click=${() => dialog.close()}>Cancel</button>
    </div>`);
  return done === true;
}

/**
 * Asks for values, and sends them.
 * @param {{ title: string, fields: unknown | (() => unknown), action: string, send: (values: FormData) => Promise<any> }} form
 * @returns {Promise<any>} what sending returned; undefined: it was cancelled
 */
export function ask({ title, fields, action, send }) {
  return openDialog(title, (dialog) => html`
    <form @submit=${(/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      const values = new FormData(/** @type {HTMLFormElement} */ (event.target));
      void dialog.run(async () => dialog.close(await send(values) ?? true));
    }}>
      ${typeof fields === "function" ? fields() : fields}
      <div class="actions">
        <button class="primary" ?disabled=${dialog.isBusy}>${action}</button>
        <button type="button" @click=${() => dialog.close()}>Cancel</button>
      </div>
    </form>`);
}

/** Shows a secret this once. @param {{ title: string, name: string, secret: string, text: unknown }} shown */
export function showSecret({ title, name, secret, text }) {
  let said = "";
  return openDialog(title, (dialog) => html`
    <p>${text}</p>
    <label>${name}<input class="secret" readonly .value=${secret} @focus=${(/** @type {any} */ event) => event.target.select()}></label>
    <div class="actions">
      <button type="button" class="primary" @click=${async () => {
        said = await copy(secret);
        dialog.update();
      }}>Copy</button>
      <button type="button" @click=${() => dialog.close()}>I have stored it</button>
      <span role="status">${said}</span>
    </div>`);
}

/** @param {string} text */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return "Copied.";
  } catch {
    return "The browser refused to copy. Select the text and copy it by hand.";
  }
}
