import { html, nothing } from "../../vendor/lit-html.js";
import { ApiError, call, eventsOf, read, send } from "../api.js";
import { count, span, usd } from "../format.js";
import { samples } from "../parts/samples.js";
import { copy } from "../parts/dialog.js";
import { failureView } from "../parts/failure.js";
import { figure, figures } from "../parts/figure.js";
import { field, numberOf, textOf } from "../parts/form.js";
import { linkTo } from "../router.js";

/** @type {import("../screens.js").Screen} */
export const screen = {
  path: "/playground",
  title: "Playground",
  purpose: "Send a prompt to a model and see the reply, its tokens and its cost. It is charged to the key that you signed in with.",
  needs: ["generate"],
  async open(context) {
    const models = (await read("api/v1/ai/models", {}, context.signal)).items.filter((/** @type {any} */ model) => !model.retired);
    const trial = new Trial(context, models);
    return () => trial.view();
  },
};

/** One prompt and its reply. */
class Trial {
  /** @type {any} */
  #body = { prompt: "", stream: true };
  #reply = "";
  #pieces = 0;
  #state = "";
  /** @type {any} */
  #done = null;
  /** @type {any} */
  #estimate = null;
  /** @type {unknown} */
  #failure = null;
  /** @type {AbortController|null} */
  #stop = null;
  #language = "curl";
  #copied = "";

  /** @param {import("../screens.js").Context} context @param {any[]} models */
  constructor(context, models) {
    this.context = context;
    this.models = models;
    context.signal.addEventListener("abort", () => this.#stop?.abort());
  }

  /** @param {HTMLFormElement} form */
  #read(form) {
    const values = new FormData(form);
    const options = { temperature: numberOf(values, "temperature"), maxTokens: numberOf(values, "maxTokens") };
    this.#body = {
      model: textOf(values, "model"),
      systemPrompt: textOf(values, "systemPrompt"),
      prompt: String(values.get("prompt") ?? ""),
      stream: true,
      options: options.temperature === undefined && options.maxTokens === undefined ? undefined : options,
    };
  }

  /** @param {HTMLFormElement} form */
  async #send(form) {
    if (this.#stop) return;
    this.#read(form);
    const stop = this.#stop = new AbortController();
    [this.#reply, this.#pieces, this.#done, this.#estimate, this.#failure, this.#state] = ["", 0, null, null, null, "Sending…"];
    this.context.update();
    try {
      this.#estimate = await call("POST", "api/v1/ai/estimate", { body: { ...this.#body, stream: undefined }, signal: stop.signal });
      const reply = await send("POST", "api/v1/ai/generate", { body: this.#body, signal: stop.signal });
      this.#state = "The reply is coming…";
      for await (const { type, data } of eventsOf(reply)) {
        if (type === "delta") [this.#reply, this.#pieces] = [this.#reply + data.content, this.#pieces + 1];
        if (type === "done") this.#done = data;
        if (type === "error") throw new ApiError(data);
        this.context.update();
      }
      this.#state = this.#done ? `The reply is complete. It cost ${usd(this.#done.costUsd)}.` : "The stream ended without its last event. Look at the request's receipt.";
    } catch (failure) {
      if (stop.signal.aborted) this.#state = "Stopped. What was delivered until then is charged; the receipt shows it.";
      else [this.#failure, this.#state] = [failure, ""];
    }
    this.#stop = null;
    this.context.update();
  }

  view() {
    return html`
      <div class="playground">
        <form @submit=${(/** @type {SubmitEvent} */ event) => {
          event.preventDefault();
          void this.#send(/** @type {HTMLFormElement} */ (event.target));
        }} @input=${(/** @type {Event} */ event) => {
          this.#read(/** @type {HTMLFormElement} */ (event.currentTarget));
          this.context.update();
        }}>
          ${field({ name: "model", label: "Model", list: "models", hint: "Empty: your preferred model, else the gateway's. Routes can be typed too." })}
          <datalist id="models">${[...new Set(this.models.map((model) => model.model))].map((model) => html`<option value=${model}></option>`)}</datalist>
          <label class="field"><span>System prompt</span><textarea name="systemPrompt" rows="2"></textarea></label>
          <label class="field"><span>Prompt</span><textarea name="prompt" rows="6" required></textarea></label>
          <div class="pair">
            ${field({ name: "temperature", label: "Temperature", type: "number", min: "0", max: "2", step: "0.1" })}
            ${field({ name: "maxTokens", label: "Most output tokens", type: "number", min: "1" })}
          </div>
          <div class="actions">
            <button class="primary" ?disabled=${this.#stop !== null}>Send</button>
            <button type="button" ?disabled=${this.#stop === null} @click=${() => this.#stop?.abort()}>Stop</button>
          </div>
        </form>
        <section>
          <h2>Reply</h2>
          <p role="status">${this.#state}</p>
          ${this.#failure ? failureView(this.#failure) : nothing}
          <div class="reply" tabindex="0" role="region" aria-label="Reply">${this.#reply || html`<span class="note">The reply appears here.</span>`}</div>
          ${this.#figures()}
        </section>
      </div>
      ${this.#code()}`;
  }

  #figures() {
    const done = this.#done;
    if (done) {
      return html`${figures([
        figure({ label: "Cost", value: usd(done.costUsd), meaning: "What this request was charged." }),
        figure({ label: "Tokens in", value: count(done.usage.promptTokens), meaning: "Tokens of the prompt, as the provider counted." }),
        figure({ label: "Tokens out", value: count(done.usage.completionTokens), meaning: "Tokens of the reply, hidden reasoning included." }),
        figure({ label: "Latency", value: span(done.latencyMs), meaning: "From the arrival of the request to the end of its reply." }),
      ])}
      <p>Answered by <b>${done.model}</b> of <b>${done.provider}</b>. <a href=${linkTo(`/requests/${done.id}`)}>Open the receipt</a></p>`;
    }
    const estimate = this.#estimate;
    if (!estimate) return nothing;
    const price = this.models.find((model) => model.model === estimate.model && model.provider === estimate.provider)?.prices;
    const soFar = price ? (estimate.promptTokens * price.inputUsdPerMillion + this.#pieces * price.outputUsdPerMillion) / 1e6 : null;
    return figures([
      figure({ label: "Cost so far, about", value: soFar === null ? "not known" : usd(soFar), meaning: "Estimated from the pieces that came. The exact cost follows at the end." }),
      figure({ label: "Held", value: usd(estimate.maxCostUsd), meaning: "The most that this request can cost. The rest goes back at its end." }),
      figure({ label: "Tokens in", value: count(estimate.promptTokens), meaning: "Tokens of the prompt, as the gateway counts or bounds them." }),
      figure({ label: "Pieces out", value: count(this.#pieces), meaning: "Pieces of the reply that came, about a token each." }),
    ]);
  }

  #code() {
    const code = samples[this.#language](new URL("../", document.baseURI).href, { ...this.#body, prompt: this.#body.prompt || "Hello!" });
    return html`
      <section>
        <h2>The same request in a program</h2>
        <fieldset class="choices"><legend>Language</legend>
          ${Object.keys(samples).map((language) => html`<label><input type="radio" name="language" value=${language} ?checked=${language === this.#language} @change=${() => {
            [this.#language, this.#copied] = [language, ""];
            this.context.update();
          }}><span>${language}</span></label>`)}
        </fieldset>
        <pre class="code" tabindex="0" role="region" aria-label="Program text in ${this.#language}"><code>${code}</code></pre>
        <div class="actions">
          <button type="button" @click=${async () => {
            this.#copied = await copy(code);
            this.context.update();
          }}>Copy</button>
          <span role="status">${this.#copied}</span>
          <span class="note">Put your API key in the place of YOUR_KEY.</span>
        </div>
      </section>`;
  }
}
