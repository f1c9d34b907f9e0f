// Calls the native API of AiGateway with fetch, as a browser or Node.js can: one plain reply, one streamed reply.
const url = new URL("/api/v1/ai/generate", process.env.AIGATEWAY_URL);
const model = "gpt-6-luna";

async function generate(body) {
  const response = await fetch(url, {
    method: "POST",
    headers: { Authorization: `Bearer ${process.env.AIGATEWAY_KEY}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error((await response.json()).detail);
  return response;
}

// Yields [type, data] for each event. An event ends with an empty line.
async function* eventsOf(response) {
  let buffer = "";
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    buffer += chunk;
    const events = buffer.split("\n\n");
    buffer = events.pop();
    for (const event of events) {
      const [, type, data] = event.match(/^event: (.*)\ndata: (.*)$/) ?? []; // A comment has no type and no data.
      if (data) yield [type, JSON.parse(data)];
    }
  }
}

const reply = await (await generate({ model, prompt: "Say hello in one word.", options: { maxTokens: 200 } })).json();
console.log("plain:", reply.content);
console.error(`cost: ${reply.costUsd} USD`);

process.stdout.write("streamed: ");
for await (const [type, data] of eventsOf(await generate({ model, prompt: "Count from one to five.", stream: true }))) {
  if (type === "delta") process.stdout.write(data.content);
  if (type === "error") throw new Error(data.detail);
}
process.stdout.write("\n");
