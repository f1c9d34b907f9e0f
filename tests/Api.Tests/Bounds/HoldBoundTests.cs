using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Bounds;

/// <summary>A hold is never smaller than what the provider then bills.</summary>
internal sealed class HoldBoundTests
{
    private const string Chat = "/v1/chat/completions";
    private static readonly string English = string.Concat(Enumerable.Repeat("The old harbour lay quiet. ", 11));
    private BoundPricesGateway _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await BoundPricesGateway.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [SetUp]
    public void Reset() => _stage.Gateway.Provider.Reset(Answers.Completion());

    [Test]
    public async Task Chat_WhenTheTokenizerIsUnknown_IsHeldForEveryByteOfItsText()
    {
        var user = await _stage.CreateUserAsync(tokens: 100);
        _stage.Gateway.Provider.Answer = Answers.Completion(prompt: 211, completion: 2);
        var body = new { model = BoundPrices.Llama, max_tokens = 1, messages = new[] { new { role = "user", content = English } } };

        (await user.Caller.PostAsync(Chat, body)).Expect(429);
        Assert.That(_stage.Gateway.Provider.Seen, Is.Empty);

        await _stage.Gateway.Admin.SetQuotaAsync(user.Id, spend: (English.Length + 32 + 1) * BoundPrices.TokenUsd);
        (await user.Caller.PostAsync(Chat, body)).Expect(200);
        Assert.That(await BoundPricesGateway.TokensSpentAsync(user.Caller), Is.EqualTo(213));
    }

    [TestCase("flex", 1)]
    [TestCase("default", 1)]
    [TestCase("priority", 2)]
    [TestCase("auto", 2)]
    [TestCase("never-heard-of", 2)]
    public async Task Chat_WhenATierIsRequested_IsHeldAtTheMaximumCostOfTheTier(string tier, int times)
    {
        // "Hi" is one token. The message adds 3 tokens, its role 1 and the reply 3.
        const int Held = 8 + 100;
        var user = await _stage.CreateUserAsync(tokens: (Held * times) - 1);
        var body = new { model = BoundPrices.Known, max_tokens = 100, service_tier = tier, messages = new[] { new { role = "user", content = "Hi" } } };

        (await user.Caller.PostAsync(Chat, body)).Expect(429);

        await _stage.Gateway.Admin.SetQuotaAsync(user.Id, spend: Held * times * BoundPrices.TokenUsd);
        (await user.Caller.PostAsync(Chat, body)).Expect(200);
    }

    [TestCase("openai/gpt-4o-mini")]
    [TestCase("ft:gpt-4o-mini:org::id")]
    public async Task Chat_WithAnImageForAModelNamedByABaseModel_IsHeldByTheRuleOfTheBaseModel(string model)
    {
        var user = await _stage.CreateUserAsync(tokens: 40_000);
        object[] content = [new { type = "image_url", image_url = new { url = "data:image/png;base64,AA==" } }];
        var body = new { model, max_tokens = 100, messages = new[] { new { role = "user", content } } };

        (await user.Caller.PostAsync(Chat, body)).Expect(429);

        await _stage.Gateway.Admin.SetQuotaAsync(user.Id, spend: 49_000 * BoundPrices.TokenUsd);
        (await user.Caller.PostAsync(Chat, body)).Expect(200);
    }

    [Test]
    public async Task Prompt_WhenItsExactCountExceedsTheWindow_IsRefusedAndNothingIsHeld()
    {
        var user = await _stage.CreateUserAsync(tokens: 1_000_000);
        var tooLong = string.Concat(Enumerable.Repeat("word ", 300));

        var chat = await user.Caller.PostAsync(Chat, new { model = BoundPrices.Small, messages = new[] { new { role = "user", content = tooLong } } });
        var response = await user.Caller.PostAsync("/v1/responses", new { model = BoundPrices.Small, input = tooLong });
        var native = await user.Caller.GenerateAsync(new { model = BoundPrices.Small, prompt = tooLong });
        var estimate = await user.Caller.PostAsync("/api/v1/ai/estimate", new { model = BoundPrices.Small, prompt = tooLong });

        Assert.Multiple(() =>
        {
            Assert.That((chat.Status, EnvelopeOf(chat)), Is.EqualTo((400, ("context_length_exceeded", "messages", "invalid_request_error"))), chat.Text);
            Assert.That((response.Status, EnvelopeOf(response)), Is.EqualTo((400, ("context_length_exceeded", "input", "invalid_request_error"))), response.Text);
            Assert.That((native.Status, native.Code), Is.EqualTo((400, "context_length_exceeded")), native.Text);
            Assert.That((estimate.Status, estimate.Code), Is.EqualTo((400, "context_length_exceeded")), estimate.Text);
            Assert.That(_stage.Gateway.Provider.Seen, Is.Empty);
        });
        Assert.That(await user.Caller.UsageAsync(), Is.Empty);
    }

    [Test]
    public async Task Prompt_ThatTheProviderMayTruncate_IsSentAndHeldAsTheWholeWindow()
    {
        var tooLong = string.Concat(Enumerable.Repeat("word ", 300));
        var body = new { model = BoundPrices.Small, input = tooLong, max_output_tokens = 20, truncation = "auto" };
        var user = await _stage.CreateUserAsync(tokens: 219);

        (await user.Caller.PostAsync("/v1/responses", body)).Expect(429);

        await _stage.Gateway.Admin.SetQuotaAsync(user.Id, spend: 220 * BoundPrices.TokenUsd);
        (await user.Caller.PostAsync("/v1/responses", body)).Expect(200);
    }

    [Test]
    public async Task Prompt_OfAModelWithoutKnownTokenizer_IsNotRefusedForItsBytesAndHeldAsTheWindowAtMost()
    {
        var user = await _stage.CreateUserAsync(tokens: 100_100);
        var content = string.Concat(Enumerable.Repeat("word ", 40_000));

        (await user.Caller.PostAsync(Chat, new { model = BoundPrices.Llama, max_tokens = 100, messages = new[] { new { role = "user", content } } })).Expect(200);
    }

    private static (string?, string?, string?) EnvelopeOf(Reply reply)
    {
        if (!reply.Json.TryGetProperty("error", out var error)) return default;
        return (error.GetProperty("code").GetString(), error.GetProperty("param").GetString(), error.GetProperty("type").GetString());
    }
}
