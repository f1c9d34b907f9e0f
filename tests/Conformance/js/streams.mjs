import OpenAI from 'openai';
import { plain } from './models.mjs';

const open = (client, text, more) =>
  client.chat.completions.create({ model: plain, messages: [{ role: 'user', content: text }], stream: true, ...more }).withResponse();

/** Reads a stream to its end or failure. Returns what was delivered and how the stream ended. */
export async function streamToEnd(client, { text, more }) {
  const seen = { text: '', chunks: 0, finishReason: null, error: null, requestId: null, contentType: null };
  try {
    const { data, response, request_id } = await open(client, text, more);
    seen.requestId = request_id;
    seen.contentType = response.headers.get('content-type');
    for await (const chunk of data) {
      seen.chunks++;
      seen.text += chunk.choices[0]?.delta?.content ?? '';
      seen.finishReason = chunk.choices[0]?.finish_reason ?? seen.finishReason;
    }
  } catch (error) {
    seen.error = { name: error.constructor.name, code: error.code ?? null, message: error.message, isOpenAI: error instanceof OpenAI.OpenAIError };
  }
  return seen;
}

/** Leaves as soon as this number of text pieces has come. */
export async function streamAndLeave(client, { text, pieces }) {
  const { data, request_id } = await open(client, text);
  const seen = { text: '', pieces: 0, requestId: request_id, leftAt: null };
  for await (const chunk of data) {
    const piece = chunk.choices[0]?.delta?.content;
    if (piece) {
      seen.text += piece;
      seen.pieces++;
    }
    if (seen.pieces === pieces) break;
  }
  data.controller.abort();
  seen.leftAt = new Date().toISOString();
  return seen;
}

/** Leaves before a reply has come. */
export async function leaveBeforeAnswer(client, { text, afterMs }) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), afterMs);
  return client.chat.completions.create({ model: plain, messages: [{ role: 'user', content: text }], stream: true }, { signal: controller.signal });
}

/** Reads a stream of the Responses API to its end. */
export async function responseToEnd(client, { text }) {
  const seen = { text: '', types: [], error: null, requestId: null };
  try {
    const { data, request_id } = await client.responses
      .create({ model: plain, input: text, stream: true, max_output_tokens: 500 })
      .withResponse();
    seen.requestId = request_id;
    for await (const event of data) {
      seen.types.push(event.type);
      if (event.type === 'response.output_text.delta') seen.text += event.delta;
    }
  } catch (error) {
    seen.error = { name: error.constructor.name, code: error.code ?? null, message: error.message, isOpenAI: error instanceof OpenAI.OpenAIError };
  }
  return seen;
}
