// Calls AiGateway with the official OpenAI client: one plain reply, one streamed reply.
import OpenAI from "openai";

const model = "gpt-6-luna";
const client = new OpenAI({
  baseURL: new URL("/v1", process.env.AIGATEWAY_URL).href,
  apiKey: process.env.AIGATEWAY_KEY,
});

const reply = await client.chat.completions.create({
  model,
  messages: [{ role: "user", content: "Say hello in one word." }],
  max_completion_tokens: 200,
});
console.log("plain:", reply.choices[0].message.content);

const stream = await client.chat.completions.create({
  model,
  messages: [{ role: "user", content: "Count from one to five." }],
  max_completion_tokens: 200,
  stream: true,
});
process.stdout.write("streamed: ");
for await (const chunk of stream) {
  for (const choice of chunk.choices) process.stdout.write(choice.delta.content ?? "");
}
process.stdout.write("\n");
