using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using AiGateway.Conformance.Tests.Hosting;
using Azure.AI.OpenAI;
using OpenAI.Chat;

namespace AiGateway.Conformance.Tests;

/// <summary>
/// The unmodified Azure package for .NET, with the gateway as its endpoint and a gateway key. Its deployments are the gateway's models. The
/// stand-in has OpenAI's paths alone. The direct calls therefore use the OpenAI package.
/// </summary>
internal sealed class AzureDotNetTests
{
    private StandInGateway _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await StandInGateway.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [Test]
    public async Task Chat_Plain_EqualsTheDirectCall()
    {
        ChatMessage[] messages = [new SystemChatMessage("Be brief."), new UserChatMessage("Grüße 🙂")];
        var options = new ChatCompletionOptions { Temperature = 0.5f, MaxOutputTokenCount = 50, EndUserId = "u-1" };

        var azure = await ClientOf(_stage.Gateway).GetChatClient(TestPrices.Plain).CompleteChatAsync(messages, options);
        var direct = await DirectChat().CompleteChatAsync(messages, options);

        Assert.That(Comparable.Of(RawOf(azure.GetRawResponse())), Is.EqualTo(Comparable.Of(RawOf(direct.GetRawResponse()))));
        Assert.That(azure.Value.Content[0].Text, Is.Not.Empty);
    }

    [Test]
    public async Task Chat_WithToolsStreamed_EqualsTheDirectCallUpdateForUpdate()
    {
        var direct = await StreamAsync(DirectChat());

        Assert.That(direct, Has.Some.Contains("get_time"));
        Assert.That(await StreamAsync(ClientOf(_stage.Gateway).GetChatClient(TestPrices.Plain)), Is.EqualTo(direct));
    }

    [Test]
    public async Task Embeddings_EqualTheDirectCall()
    {
        var azure = await ClientOf(_stage.Gateway).GetEmbeddingClient(TestPrices.Embedding).GenerateEmbeddingsAsync(["one", "two"]);
        var direct = await new OpenAI.OpenAIClient(new ApiKeyCredential(_stage.Direct.Key), new OpenAI.OpenAIClientOptions { Endpoint = _stage.Direct.BaseUrl })
            .GetEmbeddingClient(TestPrices.Embedding).GenerateEmbeddingsAsync(["one", "two"]);

        Assert.That(Comparable.Of(RawOf(azure.GetRawResponse())), Is.EqualTo(Comparable.Of(RawOf(direct.GetRawResponse()))));
    }

    [TestCase("no-such-deployment", 404, "model_not_found")]
    [TestCase(TestPrices.Embedding, 400, "does not support this kind of request")]
    public async Task Chat_AtADeploymentThatCannotServeIt_RaisesTheGatewaysMessage(string deployment, int status, string words)
    {
        var raised = await Assert.ThrowsAsync<ClientResultException>(
            () => ClientOf(_stage.Gateway).GetChatClient(deployment).CompleteChatAsync([new UserChatMessage("x")]));

        Assert.That(raised!.Status, Is.EqualTo(status));
        Assert.That(raised.GetRawResponse()!.Content.ToString(), Does.Contain(words));
    }

    [Test]
    public async Task Chat_WithAWrongKey_RaisesUnauthorized()
    {
        var raised = await Assert.ThrowsAsync<ClientResultException>(
            () => ClientOf(_stage.Gateway with { Key = "wrong" }).GetChatClient(TestPrices.Plain).CompleteChatAsync([new UserChatMessage("x")]));

        Assert.That(raised!.Status, Is.EqualTo(401));
    }

    private static async Task<List<string>> StreamAsync(ChatClient client)
    {
        var tool = ChatTool.CreateFunctionTool("get_time", null, BinaryData.FromString("""{"type":"object","properties":{"zone":{"type":"string"}}}"""));
        var updates = new List<string>();
        await foreach (var update in client.CompleteChatStreamingAsync([new UserChatMessage("What time is it?")], new ChatCompletionOptions { Tools = { tool } }))
        {
            updates.AddRange(update.ToolCallUpdates.Select(call => $"{call.Index}|{call.ToolCallId}|{call.FunctionName}|{call.FunctionArgumentsUpdate}"));
            updates.Add($"{string.Concat(update.ContentUpdate.Select(part => part.Text))}|{update.FinishReason}|{update.Model}");
        }

        return updates;
    }

    private ChatClient DirectChat() =>
        new(TestPrices.Plain, new ApiKeyCredential(_stage.Direct.Key), new OpenAI.OpenAIClientOptions { Endpoint = _stage.Direct.BaseUrl });

    private static AzureOpenAIClient ClientOf(ApiTarget target) =>
        new(new Uri(target.BaseUrl, "/"), new ApiKeyCredential(target.Key), new AzureOpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(0) });

    private static JsonElement RawOf(PipelineResponse response) => JsonElement.Parse(response.Content.ToMemory().Span);
}
