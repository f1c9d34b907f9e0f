using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Reports;

/// <summary>The headers of plain replies that name cost, provider and attempts, and which headers a front end may read.</summary>
internal sealed class CostHeaderTests
{
    private const string Origin = "https://app.example.com";
    private static readonly string[] Names = ["x-aigateway-cost-usd", "x-aigateway-provider", "x-aigateway-attempts"];
    private GatewayHost _gateway = null!;
    private TestUser _user = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _gateway = await GatewayHost.StartAsync(null, ("AI_GATEWAY_CORS_ORIGINS", Origin), ("AI_GATEWAY_MAX_RETRIES", "1"));
        _user = await _gateway.CreateUserAsync();
        (await _gateway.Admin.PutAsync($"/api/v1/admin/users/{_user.Id}/rates", """{"requestsPerMinute":1000,"tokensPerMinute":10000000}""")).Expect(200);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [TestCase("/api/v1/ai/generate", """{"prompt":"Hi"}""", 100, 10)]
    [TestCase("/v1/chat/completions", """{"model":"odd-model","messages":[{"role":"user","content":"Hi"}]}""", 100, 10)]
    [TestCase("/v1/responses", """{"model":"odd-model","input":"Hi","store":false}""", 100, 10)]
    [TestCase("/v1/messages", """{"model":"odd-model","max_tokens":100,"messages":[{"role":"user","content":"Hi"}]}""", 100, 10)]
    public async Task Reply_OfEveryApi_NamesItsCostItsProviderAndItsAttempts(string path, string body, long prompt, long completion)
    {
        _gateway.Provider.Reset(Answers.Completion(prompt: prompt, completion: completion));

        var reply = (await AskAsync(path, body)).Expect(200);

        Assert.That(
            Names.Select(reply.Header),
            Is.EqualTo([TestPrices.CostUsd(prompt, completion).ToString("0.#########", System.Globalization.CultureInfo.InvariantCulture), "openai", "1"]));
        var record = (await _user.Caller.UsageAsync())[0];
        Assert.That(record.GetProperty("id").GetGuid(), Is.EqualTo(reply.RequestId), "the id of the usage record is the request's id");
        Assert.That(record.GetProperty("costUsd").GetDecimal(), Is.EqualTo(TestPrices.CostUsd(prompt, completion)));
        var exposed = reply.Header("access-control-expose-headers")!.Split(',');
        var told = reply.Headers.Keys.Where(name => name.Contains("ratelimit", StringComparison.Ordinal) || name.StartsWith("x-aigateway-", StringComparison.Ordinal)).ToArray();
        Assert.That(told, Has.Length.GreaterThanOrEqualTo(5));
        Assert.That(told, Is.SubsetOf(exposed));
        Assert.That(exposed, Has.Member("retry-after").And.Member("x-request-id"));
    }

    [Test]
    public async Task Reply_OfEmbeddings_NamesItsCost()
    {
        _gateway.Provider.Reset(Answers.Completion(prompt: 1000));

        var reply = (await AskAsync("/v1/embeddings", """{"model":"odd-embedding","input":"Hi"}""")).Expect(200);

        Assert.That(Names.Select(reply.Header), Is.EqualTo(["0.00002", "openai", "1"]));
    }

    [Test]
    public async Task Reply_AfterAFailedAttempt_CountsBoth()
    {
        var answers = new Queue<Testing.Answer>([Answers.Error(500, "later"), Answers.Completion()]);
        _gateway.Provider.Reset((request, http) => answers.Dequeue()(request, http));

        var reply = (await AskAsync("/api/v1/ai/generate", """{"prompt":"Hi"}""")).Expect(200);

        Assert.That(reply.Header("x-aigateway-attempts"), Is.EqualTo("2"));
    }

    [Test]
    public async Task Reply_WhenTheHeadersAreOff_HasNone()
    {
        await using var gateway = await GatewayHost.StartAsync(null, ("AI_GATEWAY_REPLY_HEADERS", "false"));
        gateway.Provider.Reset(Answers.Completion());

        var reply = (await (await gateway.CreateUserAsync()).Caller.GenerateAsync()).Expect(200);

        Assert.That(Names.Select(reply.Header), Is.All.Null);
    }

    private Task<Reply> AskAsync(string path, string body)
    {
        var request = _user.Caller.Request(HttpMethod.Post, path);
        request.Headers.Add("Origin", Origin);
        request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        return _user.Caller.SendAsync(request);
    }
}
