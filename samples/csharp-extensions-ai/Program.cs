// Calls AiGateway through Microsoft.Extensions.AI: one plain reply, one streamed reply.
using System.ClientModel;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;

const string Model = "gpt-6-luna";

var gateway = Environment.GetEnvironmentVariable("AIGATEWAY_URL") ?? throw new InvalidOperationException("Set AIGATEWAY_URL.");
var key = Environment.GetEnvironmentVariable("AIGATEWAY_KEY") ?? throw new InvalidOperationException("Set AIGATEWAY_KEY.");

var openAi = new ChatClient(Model, new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = new Uri(new Uri(gateway), "/v1") });
using IChatClient client = openAi.AsIChatClient();
var options = new ChatOptions { MaxOutputTokens = 200 };

var reply = await client.GetResponseAsync("Say hello in one word.", options);
Console.WriteLine($"plain: {reply.Text}");

Console.Write("streamed: ");
await foreach (var update in client.GetStreamingResponseAsync("Count from one to five.", options)) Console.Write(update.Text);
Console.WriteLine();
