// How an error is shown: what happened, what it means, what to do, and the id to ask about.
import { html, nothing } from "../../vendor/lit-html.js";
import { ApiError } from "../api.js";
import { time } from "../format.js";

/** What to do about an error of the closed list, where its own words do not say it. @type {Record<string, string>} */
const advice = {
  unauthenticated: "Sign in again with a valid key.",
  permission_denied: "Sign in with a key that has the scope, or ask your administrator.",
  not_found: "It may have been deleted, or it belongs to another team. Go back to the list.",
  conflict: "Reload the screen to see the present state, then decide again.",
  invalid_request: "Correct the named fields, then send it again.",
  rate_limited: "Wait for the time that is named, then try again.",
  quota_exceeded: "Wait until the limit resets, or ask your administrator for a larger one.",
};

/** @param {unknown} failure */
export function failureView(failure) {
  if (!(failure instanceof ApiError)) {
    return html`<div class="failure" role="alert"><h2>The console failed</h2><p>${String(failure)}</p><p>Reload the page. Report it with these words if it happens again.</p></div>`;
  }
  return html`
    <div class="failure" role="alert">
      <h2>${failure.title}</h2>
      <p>${failure.message}</p>
      ${failure.faults.length > 0 ? html`<ul>${failure.faults.map((fault) => html`<li><b>${fault.field}</b>: ${fault.message}</li>`)}</ul>` : nothing}
      ${advice[failure.code] ? html`<p>${advice[failure.code]}</p>` : nothing}
      ${failure.retryAfter ? html`<p>Try again in ${failure.retryAfter} s.</p>` : nothing}
      ${failure.resetsAt ? html`<p>It resets at ${time(failure.resetsAt)}.</p>` : nothing}
      <p class="note">Code ${failure.code}${failure.requestId ? html`, request id <code>${failure.requestId}</code>` : nothing}</p>
    </div>`;
}
