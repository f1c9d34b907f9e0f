// The gateway's API. Every call goes to the origin of the page, with the cookie of the session.

const root = new URL("../", document.baseURI);

/** A failure of the API, with its words, or of the way to it. */
export class ApiError extends Error {
  /** @param {{ status: number, title: string, detail: string, code: string, requestId?: string|null, errors?: {field: string, message: string}[], limit?: string, resetsAt?: string, retryAfter?: string|null }} failure */
  constructor(failure) {
    super(failure.detail);
    this.name = "ApiError";
    this.status = failure.status;
    this.title = failure.title;
    this.code = failure.code;
    this.requestId = failure.requestId ?? null;
    this.faults = failure.errors ?? [];
    this.limit = failure.limit ?? null;
    this.resetsAt = failure.resetsAt ?? null;
    this.retryAfter = failure.retryAfter ?? null;
  }
}

/** @type {() => void} */
let sessionEnded = () => {};

/** Sets what happens when the API says that the session is over. @param {() => void} action */
export function onSessionEnded(action) {
  sessionEnded = action;
}

/**
 * The address of a call. Members that are null, undefined or "" are left out of the query.
 * @param {string} path relative to the root of the gateway, such as "api/v1/ai/quota"
 * @param {Record<string, unknown>} [query]
 */
export function address(path, query = {}) {
  const url = new URL(path, root);
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") url.searchParams.set(name, String(value));
  }
  return url.href;
}

/**
 * Sends a request and returns the reply, which is good.
 * @param {string} method
 * @param {string} path
 * @param {{ query?: Record<string, unknown>, body?: unknown, signal?: AbortSignal, isSignIn?: boolean }} [options]
 */
export async function send(method, path, { query, body, signal, isSignIn = false } = {}) {
  /** @type {Record<string, string>} */
  const headers = { accept: "application/json, text/event-stream" };
  if (method !== "GET") headers["x-requested-with"] = "aigateway-console";
  if (body !== undefined) headers["content-type"] = "application/json";
  let reply;
  try {
    reply = await fetch(address(path, query), {
      method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body), credentials: "same-origin", cache: "no-store",
    });
  } catch (failure) {
    if (signal?.aborted) throw failure;
    throw new ApiError({
      status: 0, code: "unreachable", title: "The gateway does not answer",
      detail: "The browser got no reply from the gateway. Nothing is known about this request. Check that the gateway runs, then try again.",
    });
  }
  if (reply.ok) return reply;
  if (reply.status === 401 && !isSignIn) sessionEnded();
  throw await failureOf(reply);
}

/** @param {Response} reply */
async function failureOf(reply) {
  const said = await reply.json().catch(() => ({}));
  return new ApiError({
    ...said,
    status: reply.status,
    code: said.code ?? `http_${reply.status}`,
    title: said.title ?? `HTTP ${reply.status}`,
    detail: said.detail ?? "The gateway gave no further words.",
    requestId: said.requestId ?? reply.headers.get("x-request-id"),
    retryAfter: reply.headers.get("retry-after"),
  });
}

/**
 * The JSON of a reply; null for a reply without a body.
 * @param {string} method
 * @param {string} path
 * @param {{ query?: Record<string, unknown>, body?: unknown, signal?: AbortSignal, isSignIn?: boolean }} [options]
 * @returns {Promise<any>}
 */
export async function call(method, path, options) {
  const reply = await send(method, path, options);
  return reply.status === 204 ? null : reply.json();
}

/**
 * @param {string} path
 * @param {Record<string, unknown>} [query]
 * @param {AbortSignal} [signal]
 */
export const read = (path, query, signal) => call("GET", path, { query, signal });

/**
 * The events of a streamed reply. Comments are left out.
 * @param {Response} reply
 * @returns {AsyncGenerator<{ type: string, data: any }>}
 */
export async function* eventsOf(reply) {
  const decoder = /** @type {ReadableWritablePair<string, any>} */ (new TextDecoderStream());
  const reader = /** @type {ReadableStream<any>} */ (reply.body).pipeThrough(decoder).getReader();
  let buffer = "";
  while (true) {
    const { value, done } = await reader.read();
    if (done) return;
    buffer += value;
    const blocks = buffer.split("\n\n");
    buffer = blocks.pop() ?? "";
    for (const block of blocks) {
      const lines = block.split("\n");
      const type = lines.find((line) => line.startsWith("event: "))?.slice(7);
      const data = lines.filter((line) => line.startsWith("data: ")).map((line) => line.slice(6)).join("\n");
      if (type) yield { type, data: JSON.parse(data) };
    }
  }
}
