using System.Text.Json;
using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Bounds;

/// <summary>
/// A request without an output limit gets one by the budget left. A refusal names the limit that would fit. Each token costs
/// the same.
/// </summary>
internal sealed class ElasticHoldTests
{
    private BoundPricesGateway _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await BoundPricesGateway.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [SetUp]
    public void Reset() => _stage.Gateway.Provider.Reset(Answers.Completion());

    [TestCase(1_000_000, 4_000, Description = "all that the model can write")]
    [TestCase(12_000, 2_992, Description = "a quarter of the budget, less the prompt")]
    [TestCase(2_100, 2_000, Description = "the configured limit, though it is more than a quarter")]
    public async Task Chat_WithoutAnOutputLimit_SendsTheOneThatTheBudgetAllows(long budget, long limit)
    {
        var user = await _stage.CreateUserAsync(budget);

        (await user.Caller.PostAsync("/v1/chat/completions", Chat())).Expect(200);

        Assert.That(SentLimit(), Is.EqualTo(limit));
        Assert.That(await BoundPricesGateway.TokensSpentAsync(user.Caller), Is.LessThan(100), "the rest of the hold is given back");
    }

    [Test]
    public async Task Response_WithoutAnOutputLimit_SendsTheOneThatTheBudgetAllows()
    {
        var user = await _stage.CreateUserAsync(1_000_000);

        (await user.Caller.PostAsync("/v1/responses", new { model = BoundPrices.Known, input = "Hi" })).Expect(200);

        Assert.That(JsonElement.Parse(_stage.Gateway.Provider.Seen[^1].Body).GetProperty("max_output_tokens").GetInt64(), Is.EqualTo(4_000));
    }

    [Test]
    public async Task Chat_OfTheNativeApi_KeepsTheConfiguredLimit()
    {
        var user = await _stage.CreateUserAsync(1_000_000);

        (await user.Caller.PostAsync("/api/v1/ai/generate", new { prompt = "Hi", model = BoundPrices.Known })).Expect(200);

        Assert.That(SentLimit(), Is.EqualTo(2_000));
    }

    [Test]
    public async Task Chat_WhoseLimitIsTooExpensive_IsToldTheOneThatFits()
    {
        var user = await _stage.CreateUserAsync(1_008);

        var refused = (await user.Caller.PostAsync("/v1/chat/completions", Chat("\"max_tokens\":3000,"))).Expect(429);

        Assert.That(refused.Json.GetProperty("error").GetProperty("message").GetString(), Does.Contain("It fits with an output limit of at most 1000 tokens."));
        Assert.That(_stage.Gateway.Provider.Seen, Is.Empty);
        (await user.Caller.PostAsync("/v1/chat/completions", Chat("\"max_tokens\":1001,"))).Expect(429);
        (await user.Caller.PostAsync("/v1/chat/completions", Chat("\"max_tokens\":1000,"))).Expect(200);
    }

    [Test]
    public async Task Chat_WhosePromptIsTooExpensive_IsToldSo()
    {
        var user = await _stage.CreateUserAsync(8);

        var refused = (await user.Caller.PostAsync("/v1/chat/completions", Chat())).Expect(429);

        Assert.That(refused.Json.GetProperty("error").GetProperty("message").GetString(), Does.Contain("Its prompt alone is too expensive for what is left."));
    }

    [TestCase("\"max_tokens\":3000,", Description = "a limit of the client")]
    [TestCase("", Description = "none")]
    public async Task Chat_WhereLimitsAreLowered_IsSentWithTheOneThatFits(string limit)
    {
        await using var lowering = await BoundPricesGateway.StartAsync(("AI_GATEWAY_LOWER_OUTPUT_LIMIT", "true"));
        var user = await lowering.CreateUserAsync(508);

        (await user.Caller.PostAsync("/v1/chat/completions", Chat(limit))).Expect(200);

        Assert.That(JsonElement.Parse(lowering.Gateway.Provider.Seen[^1].Body).GetProperty("max_tokens").GetInt64(), Is.EqualTo(500));
    }

    // The prompt counts eight tokens.
    private static string Chat(string limit = "") => $$"""
        {"model":"{{BoundPrices.Known}}",{{limit}}"messages":[{"role":"user","content":"Hi"}]}
        """;

    private long SentLimit() => JsonElement.Parse(_stage.Gateway.Provider.Seen[^1].Body).GetProperty("max_tokens").GetInt64();
}
