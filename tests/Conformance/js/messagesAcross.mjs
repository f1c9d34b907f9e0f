// Anthropic's client with a model at a provider of OpenAI's wire.
import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema';
import { plain } from './models.mjs';

const place = { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] };
const zone = { type: 'object', properties: { zone: { type: 'string' } }, required: ['zone'] };
const tools = [{ name: 'get_weather', input_schema: place }, { name: 'get_time', input_schema: zone }];
const bodyOf = ({ text, withTools, body }) => ({
  model: plain, max_tokens: 1000, messages: [{ role: 'user', content: text }], ...(withTools && { tools }), ...body,
});

export const acrossMessage = (client, args) => client.messages.create(bodyOf(args));

/** The events, and the message that the client makes of them. */
export async function acrossMessageStream(client, args) {
  const helper = client.messages.stream(bodyOf(args));
  const events = [];
  for await (const event of helper) events.push(event.type);
  return { events, final: await helper.finalMessage() };
}

/** The client's own agent: it calls the tools until the model answers with a text. It begins with a thread, which the gateway refuses. */
export async function acrossMessageAgent(client, { text, stream, model = plain }) {
  const calls = [];
  const runTool = (name, inputSchema) =>
    betaTool({
      name,
      description: name,
      inputSchema,
      run: (args) => {
        calls.push({ name, args });
        return `result ${calls.length}`;
      },
    });
  const runner = client.beta.messages.toolRunner({
    model, max_tokens: 1000, messages: [{ role: 'user', content: text }], tools: [runTool('get_weather', place), runTool('get_time', zone)], stream,
  });
  const usage = { input: 0, output: 0 };
  const reasons = [];
  let message;
  for await (const turn of runner) {
    message = stream ? await turn.finalMessage() : turn;
    reasons.push(message.stop_reason);
    usage.input += message.usage.input_tokens;
    usage.output += message.usage.output_tokens;
  }
  return { final: message.content, calls, reasons, usage };
}
