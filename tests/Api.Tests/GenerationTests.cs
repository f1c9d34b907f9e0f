using System.Globalization;
using System.Text.Json.Nodes;
using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests;

/// <summary>A generation from the caller's request to the provider's socket and back to the ledger.</summary>
internal sealed class GenerationTests
{
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _gateway = await GatewayHost.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [SetUp]
    public void Reset() => _gateway.Provider.Reset(Answers.Completion());

    [Test]
    public async Task Generate_WhenTheProviderAnswers_RepliesWithExactlyTheDocumentedFields()
    {
        var user = await _gateway.CreateUserAsync();
        _gateway.Provider.Answer = Answers.Completion("Grüße, \"Welt\" <ok>", prompt: 1_000, completion: 77, cached: 333, reasoning: 7, finish: "length");

        var reply = (await user.Caller.GenerateAsync()).Expect(200);

        var json = JsonNode.Parse(reply.Text)!.AsObject();
        Assert.That(json["latencyMs"]!.GetValue<double>(), Is.GreaterThan(0));
        Assert.That(json["createdAt"]!.GetValue<DateTimeOffset>(), Is.GreaterThan(DateTimeOffset.UnixEpoch.AddYears(50)));
        json.Remove("latencyMs");
        json.Remove("createdAt");
        var expected = string.Create(CultureInfo.InvariantCulture, $$"""
            {"id":"{{reply.Header("x-request-id")}}","model":"odd-model","provider":"openai","content":"Grüße, \"Welt\" <ok>",
             "finishReason":"length",
             "usage":{"promptTokens":1000,"completionTokens":77,"totalTokens":1077,"cachedPromptTokens":333,"reasoningTokens":7},
             "costUsd":{{TestPrices.CostUsd(1_000, 77, 333)}}}
            """);
        Assert.That(JsonNode.DeepEquals(json, JsonNode.Parse(expected)), Is.True, reply.Text);
        Assert.That(reply.Text, Does.Contain("Grüße"), "characters beyond ASCII are not escaped");
    }

    [TestCase(1, 0, 0)]
    [TestCase(0, 1, 0)]
    [TestCase(81, 1, 0)]
    [TestCase(99_999, 1_234, 0)]
    [TestCase(7, 3, 7)]
    [TestCase(98_765, 2_001, 91_999)]
    public async Task Generate_WhenPricesNeedRounding_ChargesTheProvidersUsageToTheNanoDollar(long prompt, long completion, long cached)
    {
        var user = await _gateway.CreateUserAsync();

        // Usage without input or without output tokens is accepted only with an empty reply.
        var content = prompt == 0 || completion == 0 ? "" : "Hello!";
        _gateway.Provider.Answer = Answers.Completion(content, prompt, completion, cached);

        var reply = (await user.Caller.GenerateAsync()).Expect(200);

        var cost = TestPrices.CostUsd(prompt, completion, cached);
        var row = (await user.Caller.UsageAsync()).Single();
        Assert.Multiple(() =>
        {
            Assert.That(reply.Json.GetProperty("costUsd").GetDecimal(), Is.EqualTo(cost));
            Assert.That(row.GetProperty("id").GetGuid(), Is.EqualTo(reply.RequestId));
            Assert.That(row.GetProperty("costUsd").GetDecimal(), Is.EqualTo(cost));
            Assert.That(row.GetProperty("promptTokens").GetInt64(), Is.EqualTo(prompt));
            Assert.That(row.GetProperty("completionTokens").GetInt64(), Is.EqualTo(completion));
            Assert.That(row.GetProperty("totalTokens").GetInt64(), Is.EqualTo(prompt + completion));
            Assert.That(row.GetProperty("cachedPromptTokens").GetInt64(), Is.EqualTo(cached));
            Assert.That(row.GetProperty("status").GetString(), Is.EqualTo("settled"));
            Assert.That(row.GetProperty("usageSource").GetString(), Is.EqualTo("provider"));
            Assert.That(row.GetProperty("errorCode").GetString(), Is.Null);
        });
        var spend = (await user.Caller.QuotaAsync()).GetProperty("monthlySpendUsd");
        Assert.That(spend.GetProperty("used").GetDecimal(), Is.EqualTo(cost));
        Assert.That(spend.GetProperty("held").GetDecimal(), Is.Zero);
        await _gateway.Admin.VerifyAsync();
    }

    [Test]
    public async Task Generate_WhenTheCostIsNotWhole_NeverChargesLessThanTheExactCost()
    {
        var user = await _gateway.CreateUserAsync();
        _gateway.Provider.Answer = Answers.Completion("", prompt: 1, completion: 0);

        var reply = (await user.Caller.GenerateAsync()).Expect(200);

        // 0.123456789 USD a million tokens is 123.456789 nano-dollars a token, which is rounded up.
        Assert.That(reply.Text, Does.Contain("\"costUsd\":0.000000124"));
    }

    [Test]
    public async Task Generate_WhenGivenAPrompt_SendsExactlyThisJson()
    {
        var user = await _gateway.CreateUserAsync();

        (await user.Caller.GenerateAsync(new { prompt = "Wie geht's?" })).Expect(200);

        var sent = _gateway.Provider.Seen.Single();
        Assert.That(
            (sent.Method, sent.Target, sent.Body),
            Is.EqualTo(("POST", "/v1/chat/completions", """{"model":"odd-model","messages":[{"role":"user","content":"Wie geht's?"}],"max_tokens":2000}""")));
    }

    [Test]
    public async Task Generate_WhenGivenMessagesAndEveryOption_SendsExactlyThisJson()
    {
        var user = await _gateway.CreateUserAsync();
        const string Body = """
            {"model":"odd-model","provider":"openai","systemPrompt":"Be brief.","user":"customer-7","stream":false,
             "messages":[{"role":"user","content":"One"},{"role":"assistant","content":"Two"},{"role":"user","content":"Three"}],
             "options":{"temperature":0.5,"topP":0.25,"maxTokens":17,"stop":["END","\n"],"seed":42,
                        "frequencyPenalty":-1.5,"presencePenalty":2,"responseFormat":"json"}}
            """;

        (await user.Caller.GenerateAsync(Body)).Expect(200);

        var expected = """
            {"model":"odd-model","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"One"},
            {"role":"assistant","content":"Two"},{"role":"user","content":"Three"}],"temperature":0.5,"top_p":0.25,
            "stop":["END","\n"],"seed":42,"frequency_penalty":-1.5,"presence_penalty":2,
            "response_format":{"type":"json_object"},"user":"customer-7","max_tokens":17}
            """.ReplaceLineEndings("");
        Assert.That(_gateway.Provider.Seen.Single().Body, Is.EqualTo(expected));
        Assert.That((await user.Caller.UsageAsync()).Single().GetProperty("user").GetString(), Is.EqualTo("customer-7"));
    }

    [Test]
    public async Task Generate_WhenMoreOutputIsRequestedThanTheModelGives_SendsTheModelsLimit()
    {
        var user = await _gateway.CreateUserAsync();

        (await user.Caller.GenerateAsync(new { prompt = "Hi", options = new { maxTokens = 1_000_000 } })).Expect(200);

        Assert.That(JsonNode.Parse(_gateway.Provider.Seen.Single().Body)!["max_tokens"]!.GetValue<long>(), Is.EqualTo(4_000));
    }

    [Test]
    public async Task Generate_WhenTheCallerSendsHeaders_SendsTheProviderNoneOfThem()
    {
        var user = await _gateway.CreateUserAsync();
        var request = user.Caller.Request(HttpMethod.Post, "/api/v1/ai/generate");
        request.Headers.Add("X-Private", "callers-own-header");
        request.Headers.Add("Cookie", "session=callers-cookie");
        request.Headers.Add("OpenAI-Organization", "callers-organization");
        request.Content = new StringContent("""{"prompt":"Hi"}""", System.Text.Encoding.UTF8, "application/json");

        (await user.Caller.SendAsync(request)).Expect(200);

        var sent = _gateway.Provider.Seen.Single();
        Assert.That(sent.Headers["authorization"], Is.EqualTo($"Bearer {GatewayHost.ProviderKey}"));
        Assert.That(string.Join(' ', sent.Headers.Values), Does.Not.Contain("callers").And.Not.Contain(user.Caller.Credentials!));
        Assert.That(sent.Headers.Keys, Has.None.AnyOf("x-private", "cookie", "openai-organization", "x-api-key"));
    }

    [TestCase("""{"prompt":"Hi","temperature":1}""", "temperature")]
    [TestCase("""{"prompt":"Hi","options":{"top_p":1}}""", "options.top_p")]
    [TestCase("""{"messages":[{"role":"user","content":"Hi","name":"Ann"}]}""", "messages[0].name")]
    [TestCase("""{"Prompt":"Hi"}""", "Prompt")]
    public async Task Generate_WhenAMemberIsUnknown_RefusesItByName(string body, string field)
    {
        var user = await _gateway.CreateUserAsync();

        var reply = (await user.Caller.GenerateAsync(body)).Expect(400, "invalid_request");

        var fault = reply.Json.GetProperty("errors").EnumerateArray().Single();
        Assert.That(fault.GetProperty("field").GetString(), Is.EqualTo(field));
        Assert.That(fault.GetProperty("message").GetString(), Is.EqualTo("is not a member of this request"));
        Assert.That(_gateway.Provider.Seen, Is.Empty);
    }
}
