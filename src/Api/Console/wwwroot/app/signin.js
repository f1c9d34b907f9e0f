// The page of a visitor who is not signed in.
import { html, nothing, render } from "../vendor/lit-html.js";
import { failureView } from "./parts/failure.js";
import { field, textOf } from "./parts/form.js";
import { oidcAddress, signIn } from "./session.js";

/** @type {unknown} */
let failure = null;
let isBusy = false;

/** @param {{ session: import("./session.js").Session|null, reason: string, onSignedIn: () => Promise<void> }} page */
export function signInView(page) {
  const methods = page.session?.signInMethods ?? ["key"];
  document.title = "Sign in · AiGateway";
  return html`
    <main class="signin">
      <img src="icon.svg" alt="" width="48" height="48">
      <h1>AiGateway console</h1>
      <p role="status">${page.reason}</p>
      <div class="signin-failure"></div>
      ${methods.includes("oidc") ? html`<a class="button primary" href=${oidcAddress}>Sign in with your organisation</a>` : nothing}
      ${methods.includes("key") ? html`
        <form @submit=${(/** @type {SubmitEvent} */ event) => submit(event, page.onSignedIn)}>
          ${field({
            name: "key", label: "API key", type: "password", isRequired: true, isFocused: true,
            hint: html`The first key was printed when the gateway started for the first time. A key with <code>ai:admin</code>, <code>ai:admin:team</code> or <code>ai:usage</code> can sign in.`,
          })}
          <button class="primary">Sign in</button>
        </form>
        <p class="note">The key goes to the gateway once and is not kept in the browser. A cookie that scripts cannot read holds the session for 8 hours at most.</p>` : nothing}
    </main>`;
}

/** @param {SubmitEvent} event @param {() => Promise<void>} onSignedIn */
async function submit(event, onSignedIn) {
  event.preventDefault();
  if (isBusy) return;
  const form = /** @type {HTMLFormElement} */ (event.target);
  [isBusy, failure] = [true, null];
  showFailure();
  try {
    await signIn(textOf(new FormData(form), "key") ?? "");
    form.reset();
    await onSignedIn();
  } catch (refusal) {
    failure = refusal;
    showFailure();
  }
  isBusy = false;
}

function showFailure() {
  const place = /** @type {HTMLElement|null} */ (document.querySelector(".signin-failure"));
  if (place) render(failure ? failureView(failure) : nothing, place);
}
