// OpenAI's client with a model at a provider of Anthropic's wire.
import { claude } from './models.mjs';

const film = {
  type: 'json_schema',
  json_schema: {
    name: 'film',
    strict: true,
    schema: { type: 'object', properties: { title: { type: 'string' }, year: { type: 'integer' } }, required: ['title', 'year'], additionalProperties: false },
  },
};
const place = { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] };
const zone = { type: 'object', properties: { zone: { type: 'string' } }, required: ['zone'] };
const user = (content) => [{ role: 'user', content }];

// The tools run in the client. Each call is noted.
const toolsThatNote = (calls) =>
  [['get_weather', place], ['get_time', zone]].map(([name, parameters]) => ({
    type: 'function',
    function: {
      name,
      parameters,
      parse: JSON.parse,
      function: (args) => {
        calls.push({ name, args });
        return `result ${calls.length}`;
      },
    },
  }));
const tools = toolsThatNote([]).map(({ type, function: { name, parameters } }) => ({ type, function: { name, parameters } }));

export const acrossPlain = (client, { text, body }) => client.chat.completions.create({ model: claude, messages: user(text), ...body });
export const acrossTools = (client, { text }) => client.chat.completions.create({ model: claude, messages: user(text), tools });
export const acrossParse = (client) => client.chat.completions.parse({ model: claude, messages: user('A film.'), response_format: film });

/** The chunks, and the completion that the client makes of them. */
export async function acrossStream(client, { text, withTools, withUsage }) {
  const body = { model: claude, messages: user(text), ...(withTools && { tools }), ...(withUsage && { stream_options: { include_usage: true } }) };
  const runner = client.chat.completions.stream(body);
  const chunks = [];
  for await (const chunk of runner) chunks.push(chunk);
  return { chunks, final: await runner.finalChatCompletion() };
}

/** The client's own agent: it calls the tools until the model answers with a text. */
export async function acrossAgent(client, { text, stream }) {
  const calls = [];
  const runner = client.chat.completions.runTools({
    model: claude, messages: user(text), tools: toolsThatNote(calls), stream, ...(stream && { stream_options: { include_usage: true } }),
  });
  const final = await runner.finalContent();
  return { final, calls, messages: runner.messages, usage: await runner.totalUsage() };
}
