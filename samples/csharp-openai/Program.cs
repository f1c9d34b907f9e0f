// Calls AiGateway with the official OpenAI client: one plain reply, one streamed reply.
using System.ClientModel;
using OpenAI;
using OpenAI.Chat;

const string Model = "gpt-6-luna";

var gateway = Environment.GetEnvironmentVariable("AIGATEWAY_URL") ?? throw new InvalidOperationException("Set AIGATEWAY_URL.");
var key = Environment.GetEnvironmentVariable("AIGATEWAY_KEY") ?? throw new InvalidOperationException("Set AIGATEWAY_KEY.");

var client = new ChatClient(Model, new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = new Uri(new Uri(gateway), "/v1") });
var options = new ChatCompletionOptions { MaxOutputTokenCount = 200 };

ChatCompletion reply = await client.CompleteChatAsync([new UserChatMessage("Say hello in one word.")], options);
Console.WriteLine($"plain: {reply.Content[0].Text}");

Console.Write("streamed: ");
await foreach (var update in client.CompleteChatStreamingAsync([new UserChatMessage("Count from one to five.")], options))
{
    foreach (var part in update.ContentUpdate) Console.Write(part.Text);
}

Console.WriteLine();
