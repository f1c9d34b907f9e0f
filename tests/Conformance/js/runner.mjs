// Input: one line of JSON { id, scenario, baseURL, key, args }. Output: one line of JSON { id, tries, value | error }.
import readline from 'node:readline';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import * as chat from './chat.mjs';
import * as streams from './streams.mjs';
import * as responses from './responses.mjs';
import * as lists from './lists.mjs';
import * as messages from './messages.mjs';
import * as chatAcross from './chatAcross.mjs';
import * as messagesAcross from './messagesAcross.mjs';

const ofAnthropic = { ...messages, ...messagesAcross };
const scenarios = { ...chat, ...streams, ...responses, ...lists, ...chatAcross, ...ofAnthropic };

// Counts the requests of the client. The client itself is unmodified.
function watchedFetch(call) {
  return (...given) => {
    call.tries++;
    return fetch(...given);
  };
}

function describe(error) {
  return {
    name: error.constructor.name,
    status: error.status ?? null,
    code: error.code ?? null,
    type: error.type ?? null,
    apiMessage: error.apiMessage ?? null,
    param: error.param ?? null,
    message: error.message,
    requestId: error.requestID ?? null,
    retryAfter: error.headers?.get('retry-after') ?? null,
    shouldRetry: error.headers?.get('x-should-retry') ?? null,
  };
}

async function run({ id, scenario, baseURL, key, args }) {
  const call = { tries: 0 };
  const { maxRetries = 2, timeout = 60_000 } = args ?? {};
  const isMessage = scenario in ofAnthropic;
  const Client = isMessage ? Anthropic : OpenAI;
  const client = new Client({ baseURL, apiKey: key, maxRetries, timeout, fetch: watchedFetch(call) });
  try {
    const value = await scenarios[scenario](client, args ?? {});
    return { id, tries: call.tries, value: value ?? null };
  } catch (error) {
    if (!(error instanceof (isMessage ? Anthropic.AnthropicError : OpenAI.OpenAIError))) return { id, tries: call.tries, fault: String(error.stack ?? error) };
    return { id, tries: call.tries, error: describe(error) };
  }
}

const lines = readline.createInterface({ input: process.stdin });
for await (const line of lines) {
  run(JSON.parse(line)).then((result) => process.stdout.write(JSON.stringify(result) + '\n'));
}
