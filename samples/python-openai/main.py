"""Calls AiGateway with the official OpenAI client: one plain reply, one streamed reply."""

import os

from openai import OpenAI

MODEL = "gpt-6-luna"

client = OpenAI(
    base_url=os.environ["AIGATEWAY_URL"].rstrip("/") + "/v1",
    api_key=os.environ["AIGATEWAY_KEY"],
)

reply = client.chat.completions.create(
    model=MODEL,
    messages=[{"role": "user", "content": "Say hello in one word."}],
    max_completion_tokens=200,
)
print("plain:", reply.choices[0].message.content)

stream = client.chat.completions.create(
    model=MODEL,
    messages=[{"role": "user", "content": "Count from one to five."}],
    max_completion_tokens=200,
    stream=True,
)
print("streamed: ", end="")
for chunk in stream:
    for choice in chunk.choices:
        print(choice.delta.content or "", end="", flush=True)
print()
