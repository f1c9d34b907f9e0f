// The frame of the console: who is signed in, the menu, and the screen of the address.
import { html, nothing, render } from "../vendor/lit-html.js";
import { onSessionEnded } from "./api.js";
import { time } from "./format.js";
import { forgetNames, onNames } from "./names.js";
import { failureView } from "./parts/failure.js";
import { currentRoute, linkTo } from "./router.js";
import { screensFor } from "./screens.js";
import { signInView } from "./signin.js";
import { readSession, rightsOf, signOut } from "./session.js";

/** @type {HTMLElement} */
const root = /** @type {HTMLElement} */ (document.getElementById("app"));

/** @type {import("./session.js").Session|null} */
let session = null;
let reason = "";
let isMenuOpen = false;
let said = "";
let leave = new AbortController();

/** @type {{ path: string, screen: import("./screens.js").Screen|null, view: (() => unknown)|null, failure: unknown }} */
let shown = { path: "", screen: null, view: null, failure: null };

/** The address whose screen has been read; it differs from the page's while a screen is being read. */
let readAddress = "";

root.replaceChildren();
onSessionEnded(() => {
  if (!session?.user) return;
  reason = "Your session is over, or its key is no longer valid. Sign in again.";
  session = { ...session, user: null };
  document.querySelectorAll("dialog").forEach((dialog) => dialog.close());
  show();
});
onNames(() => show());
addEventListener("hashchange", () => void open());
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && isMenuOpen) toggleMenu(false);
});
await start();

async function start() {
  try {
    session = await readSession();
  } catch (failure) {
    shown.failure = failure;
    render(html`<main class="signin">${failureView(failure)}<button type="button" @click=${() => location.reload()}>Try again</button></main>`, root);
    return;
  }
  reason = session?.signInError ?? "";
  await open();
}

/** Opens the screen of the address. */
async function open() {
  leave.abort();
  leave = new AbortController();
  const { signal } = leave;
  if (!session?.user) return show();
  const rights = rightsOf(session.scopes ?? []);
  const screens = screensFor(rights).flatMap(([, of]) => of);
  const route = currentRoute();
  if (route.path === "/") return void location.replace(linkTo(screens[0].path));
  const screen = screens.find(({ path }) => path === `/${route.parts[0]}`) ?? null;

  // With another query alone, the screen stays until the new one has been read.
  const isSame = screen !== null && route.path === shown.path;
  shown = { path: route.path, screen, view: isSame ? shown.view : null, failure: null };
  [isMenuOpen, said] = [false, ""];
  document.title = `${screen?.title ?? "Not found"} · AiGateway`;
  if (screen === null) readAddress = location.hash;
  show();
  if (!isSame) document.querySelector("h1")?.focus();
  if (screen === null) return;
  const context = { route, session, rights, signal, update: () => !signal.aborted && show(), run, say };
  try {
    const view = await screen.open(context);
    if (!signal.aborted) shown.view = view;
  } catch (failure) {
    if (!signal.aborted) [shown.view, shown.failure] = [null, failure];
  }
  if (signal.aborted) return;
  readAddress = location.hash;
  show();

  /** @param {() => Promise<unknown>} action */
  async function run(action) {
    shown.failure = null;
    try {
      await action();
    } catch (failure) {
      if (!signal.aborted) shown.failure = failure;
    }
    if (!signal.aborted) show();
  }

  /** @param {string} text */
  function say(text) {
    said = text;
    if (!signal.aborted) show();
  }
}

function show() {
  render(session?.user ? frame(session) : signInView({ session, reason, onSignedIn: signedIn }), root);
}

async function signedIn() {
  reason = "";
  shown = { path: "", screen: null, view: null, failure: null };
  session = await readSession();
  history.replaceState(null, "", location.pathname + location.hash);
  await open();
}

async function leaveSession() {
  leave.abort();
  await signOut().catch(() => {});
  forgetNames();
  reason = "You are signed out.";
  session = session && { ...session, user: null };
  location.hash = "";
  show();
}

/** @param {boolean} isOpen */
function toggleMenu(isOpen) {
  isMenuOpen = isOpen;
  show();
  if (!isOpen) /** @type {HTMLElement|null} */ (document.querySelector(".menu-button"))?.focus();
}

/** @param {import("./session.js").Session} signedInAs */
function frame(signedInAs) {
  const { screen, view, failure } = shown;
  return html`
    <a class="skip" href="#main" @click=${skip}>Skip to the content</a>
    <header class="top">
      <button type="button" class="menu-button" aria-expanded=${isMenuOpen} aria-controls="menu" @click=${() => toggleMenu(!isMenuOpen)}>Menu</button>
      <a class="brand" href="#/"><img src="icon.svg" alt="" width="24" height="24">AiGateway</a>
      <span class="who" title=${signedInAs.user?.name ?? ""}>${signedInAs.user?.name}</span>
      <button type="button" @click=${leaveSession}>Sign out</button>
    </header>
    <nav id="menu" class="menu ${isMenuOpen ? "open" : ""}" aria-label="Screens">
      ${screensFor(rightsOf(signedInAs.scopes ?? [])).map(([group, screens]) => html`
        <h2>${group}</h2>
        <ul>${screens.map((each) => html`<li><a href=${linkTo(each.path)} aria-current=${each === screen ? "page" : nothing}>${each.title}</a></li>`)}</ul>`)}
      <p class="note">${signedInAs.version ? html`Version ${signedInAs.version}<br>` : nothing}All days and times are UTC.${signedInAs.expiresAt ? html`<br>Signed in until ${time(signedInAs.expiresAt)}` : nothing}</p>
    </nav>
    <main id="main" tabindex="-1" aria-busy=${readAddress !== location.hash} data-address=${readAddress}>
      <h1 tabindex="-1">${screen?.title ?? "Not found"}</h1>
      <p class="purpose">${screen?.purpose ?? "This address has no screen, or your key does not allow it. Choose a screen from the menu."}</p>
      <p role="status" class=${said ? "said" : "said-nothing"}>${said}</p>
      ${failure ? failureView(failure) : nothing}
      ${view ? view() : screen && !failure ? html`<p role="status" class="loading">Loading…</p>` : nothing}
    </main>`;
}

/** @param {Event} event */
function skip(event) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

