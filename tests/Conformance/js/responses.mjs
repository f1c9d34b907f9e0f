import { plain, reasoning } from './models.mjs';

const limit = { max_output_tokens: 500 };
const tool = { type: 'function', name: 'get_time', strict: false, parameters: { type: 'object', properties: { zone: { type: 'string' } } } };

async function collect(stream) {
  const events = [];
  for await (const event of stream) events.push(event);
  return events;
}

const create = (body) => (client) => client.responses.create({ model: plain, ...limit, ...body });
const stream = (body) => async (client) => collect(await client.responses.create({ model: plain, ...limit, stream: true, ...body }));

export const responsePlain = create({ input: 'Hello', instructions: 'Be brief.', metadata: { a: 'b' }, future_option: [1.0, 'x'] });
export const responseReasoning = create({ model: reasoning, input: 'reasoning=32;cached=3 Why?', reasoning: { effort: 'low' } });
export const responseItems = create({
  input: [
    { role: 'developer', content: 'Be kind.' },
    { role: 'user', content: [{ type: 'input_text', text: 'What is this?' }, { type: 'input_image', image_url: 'https://images.example/cat.png', detail: 'low' }] },
  ],
});
export const responseSchema = create({
  input: 'A film.',
  text: { format: { type: 'json_schema', name: 'film', strict: true, schema: { type: 'object', properties: { title: { type: 'string' } }, required: ['title'], additionalProperties: false } } },
});
export const responseTool = create({ input: 'What time is it?', tools: [tool] });
export const responseStreamed = stream({ input: 'Hello in many pieces' });
export const responseToolStreamed = stream({ input: 'What time is it?', tools: [tool] });
export const responseIncomplete = stream({ input: 'chunks=40', max_output_tokens: 16 });

/** Makes a response, continues it, reads it, deletes it, and reads it again. */
export async function responseLife(client) {
  const first = await client.responses.create({ model: plain, input: 'Remember the word tree.', ...limit });
  const second = await client.responses.create({ model: plain, input: 'Which word?', previous_response_id: first.id, ...limit });
  const read = await client.responses.retrieve(second.id);
  const items = [];
  for await (const item of client.responses.inputItems.list(second.id)) items.push(item);
  await client.responses.delete(second.id);
  const gone = await client.responses.retrieve(second.id).then(() => null, (error) => ({ status: error.status, type: error.type }));
  const cancelled = await client.responses.cancel(first.id).then(() => null, (error) => ({ status: error.status, type: error.type, message: error.message }));
  return { first, second, read, isSameId: read.id === second.id, goesOn: second.previous_response_id === first.id, gone, cancelled };
}

export const responseMake = (client, { text }) => client.responses.create({ model: plain, input: text ?? 'Mine.', ...limit });
export const responseGoOn = (client, { id }) => client.responses.create({ model: plain, input: 'And then?', previous_response_id: id, ...limit });
export const responseRetrieve = (client, { id }) => client.responses.retrieve(id);
export const responseDelete = async (client, { id }) => { await client.responses.delete(id); };
export const responseCancel = (client, { id }) => client.responses.cancel(id);
export const responseBackground = (client) => client.responses.create({ model: plain, input: 'Later.', background: true, ...limit });
