using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using AiGateway.Conformance.Tests.Hosting;
using AiGateway.Domain;
using AiGateway.StandIn.Replies;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;
using OpenAI.Models;

namespace AiGateway.Conformance.Tests;

/// <summary>
/// The official OpenAI package for .NET, in the version that the gateway itself uses, because one process cannot load two. That version has
/// no client for the Responses API.
/// </summary>
internal sealed class OpenAiDotNetTests
{
    private const int WithThreeRetries = 4;

    private StandInGateway _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await StandInGateway.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [TearDown]
    public void ForgetPlans() => _stage.StandIn.Script.Clear();

    [Test]
    public async Task Chat_Plain_EqualsTheDirectCall()
    {
        async Task<JsonElement> AskAsync(ApiTarget target)
        {
            var options = new ChatCompletionOptions
            {
                Temperature = 0.5f,
                TopP = 0.9f,
                MaxOutputTokenCount = 50,
                EndUserId = "u-1",
                IncludeLogProbabilities = true,
                TopLogProbabilityCount = 2,
                StopSequences = { "never" },
            };
            var reply = await ChatOf(target).CompleteChatAsync(
                [new SystemChatMessage("Be brief."), new UserChatMessage("Grüße"), new AssistantChatMessage("Hallo"), new UserChatMessage("Again 🙂")], options);
            return RawOf(reply.GetRawResponse());
        }

        Assert.That(Comparable.Of(await AskAsync(_stage.Gateway)), Is.EqualTo(Comparable.Of(await AskAsync(_stage.Direct))));
    }

    [Test]
    public async Task Chat_WithSchemaAndImage_EqualsTheDirectCall()
    {
        async Task<JsonElement> AskAsync(ApiTarget target)
        {
            var schema = BinaryData.FromString("""{"type":"object","properties":{"kind":{"type":"string"},"legs":{"type":"integer"}},"required":["kind","legs"],"additionalProperties":false}""");
            var options = new ChatCompletionOptions { ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("animal", schema, jsonSchemaIsStrict: true) };
            var image = ChatMessageContentPart.CreateImagePart(new Uri("https://images.example/cat.png"), ChatImageDetailLevel.Low);
            var reply = await ChatOf(target).CompleteChatAsync([new UserChatMessage(ChatMessageContentPart.CreateTextPart("What is it?"), image)], options);
            return RawOf(reply.GetRawResponse());
        }

        Assert.That(Comparable.Of(await AskAsync(_stage.Gateway)), Is.EqualTo(Comparable.Of(await AskAsync(_stage.Direct))));
    }

    [Test]
    public async Task Chat_Streamed_EqualsTheDirectCallUpdateForUpdate()
    {
        async Task<List<string>> AskAsync(ApiTarget target)
        {
            var updates = new List<string>();
            await foreach (var update in ChatOf(target).CompleteChatStreamingAsync([new UserChatMessage("Hello in many pieces")]))
            {
                var text = string.Concat(update.ContentUpdate.Select(part => part.Text));
                updates.Add($"{update.Role}|{text}|{update.FinishReason}|{update.Usage?.InputTokenCount}|{update.Usage?.OutputTokenCount}|{update.Model}");
            }

            return updates;
        }

        var direct = await AskAsync(_stage.Direct);
        Assert.That(direct, Has.Count.GreaterThan(5));
        Assert.That(await AskAsync(_stage.Gateway), Is.EqualTo(direct));
    }

    [Test]
    public async Task Chat_WithToolsStreamed_EqualsTheDirectCallUpdateForUpdate()
    {
        async Task<List<string>> AskAsync(ApiTarget target)
        {
            var tool = ChatTool.CreateFunctionTool("get_time", null, BinaryData.FromString("""{"type":"object","properties":{"zone":{"type":"string"}}}"""));
            var updates = new List<string>();
            await foreach (var update in ChatOf(target).CompleteChatStreamingAsync([new UserChatMessage("What time is it?")], new ChatCompletionOptions { Tools = { tool } }))
            {
                updates.AddRange(update.ToolCallUpdates.Select(call => $"{call.Index}|{call.ToolCallId}|{call.FunctionName}|{call.FunctionArgumentsUpdate}"));
                updates.Add($"{update.FinishReason}");
            }

            return updates;
        }

        var direct = await AskAsync(_stage.Direct);
        Assert.That(direct, Has.Some.Contains("get_time"));
        Assert.That(await AskAsync(_stage.Gateway), Is.EqualTo(direct));
    }

    [Test]
    public async Task Embeddings_EqualTheDirectCall()
    {
        async Task<JsonElement> AskAsync(ApiTarget target)
        {
            var client = ClientOf(target).GetEmbeddingClient(TestPrices.Embedding);
            var reply = await client.GenerateEmbeddingsAsync(["one", "two"], new EmbeddingGenerationOptions { Dimensions = 16 });
            Assert.That(reply.Value[1].ToFloats().Length, Is.EqualTo(16));
            return RawOf(reply.GetRawResponse());
        }

        Assert.That(Comparable.Of(await AskAsync(_stage.Gateway)), Is.EqualTo(Comparable.Of(await AskAsync(_stage.Direct))));
    }

    [Test]
    public async Task Models_AreTheGatewaysOwn()
    {
        var client = ClientOf(_stage.Gateway).GetOpenAIModelClient();

        OpenAIModelCollection listed = await client.GetModelsAsync();
        OpenAIModel one = await client.GetModelAsync(TestPrices.Plain);

        Assert.That(listed.Select(model => model.Id), Has.Member(TestPrices.Plain));
        Assert.That(one.OwnedBy, Is.EqualTo("openai"));
    }

    [TestCase("fault:status=503", 502, WithThreeRetries)]
    [TestCase("fault:status=429;retry-after=1", 429, WithThreeRetries)]
    public async Task Chat_WhenTheProviderFails_RaisesTheStatusAfterTheClientsRetries(string text, int status, int tries)
    {
        await using var stage = await StandInGateway.StartAsync();

        var raised = await Assert.ThrowsAsync<ClientResultException>(() => ChatOf(stage.Gateway).CompleteChatAsync([new UserChatMessage(text)]));

        Assert.That((raised!.Status, stage.StandIn.Requests.Count), Is.EqualTo((status, (long)tries)));
    }

    [Test]
    public async Task Chat_WhenTheProviderRefuses_RaisesItsMessage()
    {
        var raised = await Assert.ThrowsAsync<ClientResultException>(
            () => ChatOf(_stage.Gateway).CompleteChatAsync([new UserChatMessage("x")], new ChatCompletionOptions { Temperature = 3 }));

        Assert.That(raised!.Status, Is.EqualTo(400));
        Assert.That(raised.Message, Does.Contain("'temperature' must be between 0 and 2"));
    }

    [Test]
    public async Task Chat_WhenTheBudgetIsUsedUp_RaisesTooManyRequestsAndCallsNoProvider()
    {
        var key = await _stage.Ledger.CreateKeyAsync([Scopes.Generate], monthlySpendUsd: 0.000001m);
        var asked = _stage.StandIn.Requests.Count;

        var raised = await Assert.ThrowsAsync<ClientResultException>(
            () => ChatOf(_stage.Gateway with { Key = key }, maxRetries: 0).CompleteChatAsync([new UserChatMessage("x")]));

        Assert.That((raised!.Status, _stage.StandIn.Requests.Count), Is.EqualTo((429, asked)));
        Assert.That(raised.Message, Does.Contain("insufficient_quota").And.Contain("monthly_spend"));
    }

    [Test]
    public void Stream_WhenTheProviderIsCut_Raises([Values(2, 5, 9)] int after)
    {
        _stage.StandIn.Script.Enqueue(new ReplyPlan { Chunks = 10, CutAfter = after });

        Assert.That(
            async () =>
            {
                await foreach (var _ in ChatOf(_stage.Gateway).CompleteChatStreamingAsync([new UserChatMessage("x")])) ;
            },
            Throws.Exception);
    }

    private static ChatClient ChatOf(ApiTarget target, int? maxRetries = null) => ClientOf(target, maxRetries).GetChatClient(TestPrices.Plain);

    private static OpenAIClient ClientOf(ApiTarget target, int? maxRetries = null)
    {
        var options = new OpenAIClientOptions { Endpoint = target.BaseUrl };
        if (maxRetries is { } most) options.RetryPolicy = new ClientRetryPolicy(most);
        return new OpenAIClient(new ApiKeyCredential(target.Key), options);
    }

    private static JsonElement RawOf(PipelineResponse response) => JsonElement.Parse(response.Content.ToMemory().Span);
}
