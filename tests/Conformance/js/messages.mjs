import Anthropic from '@anthropic-ai/sdk';
import { claude } from './models.mjs';

const weather = {
  name: 'get_weather',
  description: 'The weather at a place.',
  input_schema: {
    type: 'object',
    properties: { place: { type: 'string' }, days: { type: 'integer' }, unit: { enum: ['celsius', 'kelvin'] } },
    required: ['place'],
  },
};
const clock = { name: 'get_time', input_schema: { type: 'object', properties: {} } };
const film = {
  type: 'json_schema',
  schema: { type: 'object', properties: { title: { type: 'string' }, year: { type: 'integer' } }, required: ['title', 'year'], additionalProperties: false },
};
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const user = (content) => [{ role: 'user', content }];
const talk = [
  { role: 'user', content: [{ type: 'text', text: 'Say ' }, { type: 'text', text: 'hello', cache_control: { type: 'ephemeral' } }] },
  { role: 'assistant', content: 'hello' },
  { role: 'user', content: 'Gr\u00fc\u00dfe an \u4e16\u754c, "quoted" \\ and \ud83d\ude42 \u2013 with tabs\tand\nlines' },
];

async function collect(stream) {
  const events = [];
  for await (const event of stream) events.push(event);
  return events;
}

const base = { model: claude, max_tokens: 1000 };
const create = (body) => (client) => client.messages.create({ ...base, ...body });
const stream = (body) => async (client) => collect(await client.messages.create({ ...base, stream: true, ...body }));

export const messagePlain = create({
  system: [{ type: 'text', text: 'Answer briefly.', cache_control: { type: 'ephemeral', ttl: '1h' } }], messages: talk, stop_sequences: ['never'], metadata: { user_id: 'u-1' },
});
export const messageLimited = create({ messages: user('one two three four five'), max_tokens: 3 });
export const messageCached = create({ messages: user('cached=4 Hello again') });
export const messageTools = create({ messages: user('weather'), tools: [weather, clock] });
export const messageToolsInParallel = create({ messages: user('tool-calls=2 weather'), tools: [weather, clock] });
export const messageToolNone = create({ messages: user('weather'), tools: [weather], tool_choice: { type: 'none' } });
export const messageToolForced = create({ messages: user('time'), tools: [weather, clock], tool_choice: { type: 'tool', name: 'get_time' } });
export const messageThinking = create({ messages: user('Hello'), max_tokens: 5000, thinking: { type: 'enabled', budget_tokens: 2000 } });
export const messageAdaptive = create({ messages: user('Hello'), thinking: { type: 'adaptive' } });
export const messageImage = create({
  messages: user([{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: pixel } }, { type: 'text', text: 'What is it?' }]),
});
export const messageSchema = create({ messages: user('A film'), output_config: { format: film } });
export const messageStreamed = stream({ messages: talk });
export const messageToolsStreamed = stream({ messages: user('tool-calls=2 weather'), tools: [weather, clock] });
export const messageThinkingStreamed = stream({ messages: user('Hello'), thinking: { type: 'adaptive' } });
export const messageAny = (client, { body }) => client.messages.create({ ...base, ...body });

export async function messageHelper(client) {
  const texts = [];
  const helper = client.messages.stream({ ...base, messages: user('chunks=5') }).on('text', (text) => texts.push(text));
  return { texts, final: await helper.finalMessage(), text: await helper.finalText() };
}

/** A turn with a tool, and the turn after it. */
export async function messageLoop(client) {
  const messages = user('weather');
  const turns = [];
  for (let turn = 0; turn < 5; turn++) {
    const message = await client.messages.create({ ...base, messages, tools: [weather] });
    turns.push(message);
    messages.push({ role: 'assistant', content: message.content });
    const calls = message.content.filter((block) => block.type === 'tool_use');
    if (calls.length === 0) break;
    messages.push({ role: 'user', content: calls.map((call) => ({ type: 'tool_result', tool_use_id: call.id, content: 'sunny' })) });
  }
  return turns;
}

export const messageCount = (client) => client.messages.countTokens({ model: claude, messages: talk, tools: [weather] });

export async function messageModels(client, { limit }) {
  const models = [];
  for await (const model of client.models.list({ limit })) models.push(model);
  return models;
}

export const messageModel = (client, { model }) => client.models.retrieve(model);

/** Reads a stream to whatever end it has; tells what was delivered and how it ended. */
export async function messageToEnd(client, { text, more }) {
  const seen = { text: '', events: 0, stopReason: null, error: null, requestId: null, gatewayId: null };
  try {
    const { data, response, request_id } = await client.messages.create({ ...base, stream: true, messages: user(text), ...more }).withResponse();
    seen.requestId = request_id;
    seen.gatewayId = response.headers.get('x-request-id');
    for await (const event of data) {
      seen.events++;
      if (event.type === 'content_block_delta') seen.text += event.delta.text ?? '';
      if (event.type === 'message_delta') seen.stopReason = event.delta.stop_reason;
    }
  } catch (error) {
    // A connection that breaks off is fetch's own error.
    seen.error = { name: error.constructor.name, type: error.type ?? null, message: error.message, isAnthropic: error instanceof Anthropic.AnthropicError };
  }
  return seen;
}

/** Leaves as soon as so many pieces of text have come. */
export async function messageAndLeave(client, { text, pieces }) {
  const { data, response } = await client.messages.create({ ...base, stream: true, messages: user(text) }).withResponse();
  const seen = { pieces: 0, gatewayId: response.headers.get('x-request-id') };
  for await (const event of data) {
    if (event.type === 'content_block_delta' && event.delta.text) seen.pieces++;
    if (seen.pieces === pieces) break;
  }
  data.controller.abort();
  return seen;
}
