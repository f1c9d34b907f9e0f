using System.Text.Json;
using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Bounds;

/// <summary>The output limit that bounds the hold is sent to the provider under the name that the provider reads.</summary>
internal sealed class OutputLimitTests
{
    private BoundPricesGateway _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await BoundPricesGateway.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [SetUp]
    public void Reset() => _stage.Gateway.Provider.Reset(Answers.Completion());

    [TestCase(BoundPrices.Llama, """ "max_completion_tokens":7 """, "max_tokens", 7)]
    [TestCase(BoundPrices.Llama, """ "max_tokens":7 """, "max_tokens", 7)]
    [TestCase(BoundPrices.Llama, """ "max_tokens":5,"max_completion_tokens":7 """, "max_tokens", 7)]
    [TestCase(BoundPrices.Llama, """ "max_completion_tokens":5,"max_tokens":7 """, "max_tokens", 7)]
    [TestCase(BoundPrices.Llama, """ "max_completion_tokens":90000 """, "max_tokens", 4000)]
    [TestCase(BoundPrices.Llama, """ "max_completion_tokens":null,"max_tokens":null """, "max_tokens", 4000)]
    [TestCase(BoundPrices.Reasoner, """ "max_completion_tokens":7 """, "max_tokens", 7)]
    [TestCase(BoundPrices.OpenAiReasoner, """ "max_tokens":7 """, "max_completion_tokens", 7)]
    [TestCase(BoundPrices.OpenAiReasoner, """ "max_tokens":7,"max_completion_tokens":5 """, "max_completion_tokens", 7)]
    public async Task Chat_WithALimitUnderAnyName_IsSentWithOneLimitUnderTheNameThatTheTargetReads(
        string model, string limits, string name, long limit)
    {
        var user = await _stage.CreateUserAsync(tokens: 100_000);

        (await user.Caller.SendAsync(HttpMethod.Post, "/v1/chat/completions", $$"""
            {"model":"{{model}}",{{limits}},"messages":[{"role":"user","content":"Hi"}]}
            """)).Expect(200);

        var sent = JsonElement.Parse(_stage.Gateway.Provider.Seen[^1].Body);
        var other = name == "max_tokens" ? "max_completion_tokens" : "max_tokens";
        Assert.That(sent.GetProperty(name).GetInt64(), Is.EqualTo(limit));
        Assert.That(sent.TryGetProperty(other, out _), Is.False);
    }

    [Test]
    public async Task Response_WithALimitAboveTheModels_IsSentWithTheModelsLimit()
    {
        var user = await _stage.CreateUserAsync(tokens: 100_000);

        (await user.Caller.PostAsync("/v1/responses", new { model = BoundPrices.Known, input = "Hi", max_output_tokens = 90_000 })).Expect(200);

        Assert.That(JsonElement.Parse(_stage.Gateway.Provider.Seen[^1].Body).GetProperty("max_output_tokens").GetInt64(), Is.EqualTo(4_000));
    }
}
