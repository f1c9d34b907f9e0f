// A request of the playground as programs. The text stays correct JSON or code whatever the prompt holds.

const placeholder = "YOUR_KEY";

/** @param {any} body */
const kept = (body) => JSON.parse(JSON.stringify({ ...body, stream: undefined }));

/** @param {string} text */
const inShell = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** JSON is Python, except for three words that a prompt's members do not hold. @param {any} body */
const python = (body) => JSON.stringify(body, null, 4);

/** A raw string literal with more quotes than the text has in a row. @param {string} json */
function csharp(json) {
  const longest = Math.max(0, ...[...json.matchAll(/"+/g)].map(([quotes]) => quotes.length));
  const quotes = '"'.repeat(Math.max(3, longest + 1));
  return `${quotes}\n${json}\n${quotes}`;
}

/** @type {Record<string, (root: string, body: any) => string>} */
export const samples = {
  "curl": (root, body) => `curl ${root}api/v1/ai/generate \\
  -H "Authorization: Bearer ${placeholder}" \\
  -H "Content-Type: application/json" \\
  -d ${inShell(JSON.stringify(kept(body), null, 2))}`,

  "JavaScript": (root, body) => `const response = await fetch("${root}api/v1/ai/generate", {
  method: "POST",
  headers: { Authorization: "Bearer ${placeholder}", "Content-Type": "application/json" },
  body: JSON.stringify(${JSON.stringify(kept(body), null, 2).replaceAll("\n", "\n  ")}),
});
const reply = await response.json();
if (!response.ok) throw new Error(reply.detail);
console.log(reply.content, reply.costUsd);`,

  "Python": (root, body) => `import json
import urllib.request

request = urllib.request.Request(
    "${root}api/v1/ai/generate",
    data=json.dumps(${python(kept(body)).replaceAll("\n", "\n    ")}).encode(),
    headers={"Authorization": "Bearer ${placeholder}", "Content-Type": "application/json"},
)
with urllib.request.urlopen(request) as response:
    reply = json.load(response)
print(reply["content"], reply["costUsd"])`,

  "C#": (root, body) => `using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

using var http = new HttpClient { BaseAddress = new Uri("${root}") };
http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "${placeholder}");
var body = ${csharp(JSON.stringify(kept(body), null, 2))};
var response = await http.PostAsync("api/v1/ai/generate", new StringContent(body, Encoding.UTF8, "application/json"));
var reply = await response.Content.ReadFromJsonAsync<JsonElement>();
if (!response.IsSuccessStatusCode) throw new HttpRequestException(reply.GetProperty("detail").GetString());
Console.WriteLine($"{reply.GetProperty("content")} {reply.GetProperty("costUsd")}");`,
};
