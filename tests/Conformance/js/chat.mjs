import { plain, reasoning } from './models.mjs';

const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather at a place.',
    parameters: {
      type: 'object',
      properties: { place: { type: 'string' }, days: { type: 'integer' }, unit: { enum: ['celsius', 'kelvin'] } },
      required: ['place'],
    },
  },
};
const clock = { type: 'function', function: { name: 'get_time', parameters: { type: 'object', properties: { zone: { type: 'string' } } } } };
const film = {
  type: 'json_schema',
  json_schema: {
    name: 'film',
    strict: true,
    schema: {
      type: 'object',
      properties: { title: { type: 'string' }, year: { type: 'integer' }, cast: { type: 'array', items: { type: 'string' } } },
      required: ['title', 'year', 'cast'],
      additionalProperties: false,
    },
  },
};
const user = (content) => [{ role: 'user', content }];
const talk = [
  { role: 'system', content: 'Answer briefly.' },
  { role: 'user', content: [{ type: 'text', text: 'Say ' }, { type: 'text', text: 'hello' }] },
  { role: 'assistant', content: 'hello' },
  { role: 'user', content: 'Grüße an 世界, "quoted" \\ and 🙂 – with tabs\tand\nlines', name: 'eve' },
];

async function collect(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

const complete = (body) => (client) => client.chat.completions.create({ model: plain, ...body });
const stream = (body) => async (client) => collect(await client.chat.completions.create({ model: plain, stream: true, ...body }));

export const chatPlain = complete({ messages: talk, temperature: 0.5, top_p: 0.9, seed: 7, stop: ['never'], user: 'u-1', store: false, metadata: { a: 'b' } });
export const chatLimited = complete({ messages: user('one two three four five'), max_tokens: 3 });
export const chatCached = complete({ messages: user('cached=4;reasoning=0 Hello again') });
export const chatStreamed = stream({ messages: talk });
export const chatStreamedWithUsage = stream({ messages: talk, stream_options: { include_usage: true } });
export const chatStreamedWithOtherOption = stream({ messages: talk, stream_options: { include_obfuscation: false } });
export const chatChoices = complete({ messages: user('Three times, please.'), n: 3 });
export const chatChoicesStreamed = stream({ messages: user('Twice, please.'), n: 2 });
export const chatLogprobs = complete({ messages: user('How sure?'), logprobs: true, top_logprobs: 2 });
export const chatLogprobsStreamed = stream({ messages: user('How sure?'), logprobs: true, top_logprobs: 2 });
export const chatToolForced = complete({ messages: user('Weather?'), tools: [weather, clock], tool_choice: { type: 'function', function: { name: 'get_time' } } });
export const chatToolNone = complete({ messages: user('Weather?'), tools: [weather], tool_choice: 'none' });
export const chatTools = complete({ messages: user('tool-calls=2 Weather and time?'), tools: [weather, clock] });
export const chatToolsStreamed = stream({ messages: user('tool-calls=2 Weather and time?'), tools: [weather, clock], parallel_tool_calls: true });
export const chatSchema = complete({ messages: user('A film.'), response_format: film });
export const chatSchemaStreamed = stream({ messages: user('A film.'), response_format: film });
export const chatVision = complete({
  messages: user([
    { type: 'text', text: 'What is this?' },
    { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'low' } },
    { type: 'image_url', image_url: { url: 'https://images.example/cat.png' } },
  ]),
});
export const chatReasoning = complete({
  model: reasoning, messages: [{ role: 'developer', content: 'Think.' }, { role: 'user', content: 'reasoning=64 Why is the sky blue?' }],
  max_completion_tokens: 500, reasoning_effort: 'low', verbosity: 'low',
});
export const chatReasoningUnlimited = complete({ model: reasoning, messages: user('Why?') });

/** A request with members that OpenAI may add in the future. */
export const chatUnknownFields = complete({
  messages: user('Anything new?'),
  future_option: { 'nested "key"': [1, 2.50, 1e2, -0.0, null, true, 'ünïcode \u2028 </script>'], big: 12345678901234567890 },
  another_one: 'x',
});

export async function chatRunTools(client) {
  const runner = client.chat.completions.runTools({
    model: plain,
    messages: user('Weather in Oslo?'),
    tools: [{ type: 'function', function: { ...weather.function, parse: JSON.parse, function: ({ place }) => `rain in ${place}` } }],
  });
  const text = await runner.finalContent();
  return { text, messages: runner.messages, usage: await runner.totalUsage() };
}

export async function chatParse(client) {
  return client.chat.completions.parse({ model: plain, messages: user('A film.'), response_format: film });
}

export async function chatStreamHelper(client) {
  const runner = client.chat.completions.stream({ model: plain, messages: user('Hello stream'), stream_options: { include_usage: true } });
  const deltas = [];
  runner.on('content', (delta) => deltas.push(delta));
  return { final: await runner.finalChatCompletion(), deltas };
}

/** A chat completion with any body, for failures. */
export const chatAny = (client, { body }) => client.chat.completions.create({ model: plain, ...body });

/** A chat completion with the headers of the reply, as a client sees them. */
export async function chatWithHeaders(client, { text }) {
  const { data, response, request_id } = await client.chat.completions.create({ model: plain, messages: user(text) }).withResponse();
  return { data, requestId: request_id, headers: Object.fromEntries(response.headers) };
}
