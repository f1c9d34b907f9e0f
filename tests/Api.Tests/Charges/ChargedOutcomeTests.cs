using System.Text.Json;
using System.Text.Json.Nodes;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;
using Microsoft.AspNetCore.Http;

namespace AiGateway.Api.Tests.Charges;

/// <summary>
/// Ways to make a provider work without paying for it. The provider keeps its own bill. Whatever the caller does, that bill stays within
/// the caller's budget.
/// </summary>
internal sealed class ChargedOutcomeTests
{
    private const decimal Budget = 0.01m;
    private const string Chat = "/v1/chat/completions";
    private const string Responses = "/v1/responses";
    private const string ReasoningModel = "odd-thinker";

    // The maximum of one call: 200 output tokens and a prompt of a few words.
    private const int Limit = 200;

    private const string Prices = """
        {"models": [
          {"model": "odd-model", "provider": "openai", "contextWindow": 100000, "maxOutputTokens": 4000,
           "prices": [{"effectiveFrom": "2020-01-01", "inputUsdPerMillion": "0.123456789", "outputUsdPerMillion": "7.654321987"}]},
          {"model": "odd-thinker", "provider": "openai", "contextWindow": 100000, "maxOutputTokens": 4000, "capabilities": ["chat", "reasoning"],
           "prices": [{"effectiveFrom": "2020-01-01", "inputUsdPerMillion": "0.123456789", "outputUsdPerMillion": "7.654321987"}]}
        ]}
        """;

    private static readonly HttpClient Http = new(new SocketsHttpHandler());

    private readonly Lock _billing = new();
    private TempFolder _folder = null!;
    private GatewayHost _gateway = null!;
    private TestUser _user = null!;
    private decimal _bill;

    [SetUp]
    public void Start() => (_folder, _bill) = (new TempFolder(), 0);

    [TearDown]
    public async Task StopAsync()
    {
        await _gateway.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task PlainCalls_SlowerThanTheTimeout_ExceedNeitherBudgetNorRequestLimit()
    {
        await StartAsync(("AI_GATEWAY_REQUEST_TIMEOUT", "200"));
        await _gateway.Admin.SetQuotaAsync(_user.Id, daily: 5, spend: Budget);
        _gateway.Provider.Answer = (request, http) => BillAsync(request, () => Answers.Hang(request, http));

        for (var i = 0; i < 12; i++) await _user.Caller.PostAsync(Chat, Body());

        Assert.That(_gateway.Provider.Seen, Has.Count.EqualTo(5));
        await AssertPaidAsync();
    }

    [Test]
    public async Task PlainCalls_WhoseAttemptsTimeOut_AreChargedForEachAttempt()
    {
        await StartAsync(
            ("AI_GATEWAY_REQUEST_TIMEOUT", "5000"), ("AI_GATEWAY_ATTEMPT_TIMEOUT", "100"), ("AI_GATEWAY_MAX_RETRIES", "2"));
        await _gateway.Admin.SetQuotaAsync(_user.Id, spend: Budget);
        _gateway.Provider.Answer = (request, http) => BillAsync(request, () => Answers.Hang(request, http));

        for (var i = 0; i < 6; i++) await _user.Caller.PostAsync(Chat, Body());

        Assert.That(_gateway.Provider.Seen, Is.Not.Empty);
        await AssertPaidAsync();
        var attempts = (await _user.Caller.UsageAsync()).Sum(row => row.GetProperty("attempts").GetArrayLength());
        Assert.That(attempts, Is.EqualTo(_gateway.Provider.Seen.Count));
    }

    [Test]
    public async Task Streams_LeftBeforeTheFirstEvent_AreChargedTheirPrompt()
    {
        await StartAsync();
        await _gateway.Admin.SetQuotaAsync(_user.Id, spend: Budget);
        _gateway.Provider.Answer = (request, http) => BillPromptAsync(request, () => Answers.Hang(request, http));
        var prompt = string.Concat(Enumerable.Repeat("word ", 5_000));

        for (var i = 0; i < 8; i++) await LeaveAsync(Body(prompt: prompt, stream: true), read: null);

        Assert.That(_bill, Is.Positive);
        await AssertPaidAsync();
    }

    [TestCase(ReasoningModel)]
    [TestCase("odd-model")]
    public async Task Streams_LeftAtTheirFinishReason_AreChargedTheirReasoning(string model)
    {
        await StartAsync();
        await _gateway.Admin.SetQuotaAsync(_user.Id, spend: Budget);
        _gateway.Provider.Answer = (request, http) => BillAsync(request, () => AnswerInOneAsync(request, http));

        for (var i = 0; i < 8; i++) await LeaveAsync(Body(model, stream: true), read: "finish_reason\":\"stop");

        Assert.That(_bill, Is.Positive);
        await AssertPaidAsync();
        foreach (var row in await _user.Caller.UsageAsync())
            Assert.That(row.GetProperty("completionTokens").GetInt64(), Is.EqualTo(Limit));
    }

    /// <remarks>The first event of a response is sent with its first text, or after ten seconds. So there are only two of them.</remarks>
    [TestCase(Chat, 8)]
    [TestCase(Responses, 2)]
    public async Task Streams_LeftWhileTheModelReasons_AreChargedTheHeldOutput(string path, int times)
    {
        await StartAsync();
        await _gateway.Admin.SetQuotaAsync(_user.Id, spend: Budget);
        _gateway.Provider.Answer = (request, http) => BillAsync(request, () => BeginAndReasonAsync(request, http));
        var body = path == Chat ? Body(ReasoningModel, stream: true) : ResponseBody();

        for (var i = 0; i < times; i++) await LeaveAsync(body, read: "data:", path);

        Assert.That(_bill, Is.Positive);
        await AssertPaidAsync();
        var row = (await _user.Caller.UsageAsync())[^1];
        Assert.That(row.GetProperty("usageSource").GetString(), Is.EqualTo("held"));
    }

    [Test]
    public async Task Stream_OfAReferencedConversation_WhenCut_IsChargedTheConversation()
    {
        await StartAsync();
        _gateway.Provider.Answer = Answers.Completion(prompt: 5_000, completion: 10);
        var first = (await _user.Caller.PostAsync(Responses, new { model = "odd-model", input = "long", max_output_tokens = Limit })).Expect(200);
        _gateway.Provider.Answer = (request, http) => BeginAndReasonAsync(request, http);
        var next = JsonSerializer.Serialize(new
        {
            model = "odd-model",
            input = "hi",
            stream = true,
            max_output_tokens = Limit,
            previous_response_id = first.Json.GetProperty("id").GetString(),
        });

        await LeaveAsync(next, read: "data:", Responses);

        await SettledAsync();
        Assert.That((await _user.Caller.UsageAsync())[0].GetProperty("promptTokens").GetInt64(), Is.GreaterThanOrEqualTo(5_010));
    }

    private async Task StartAsync(params (string Name, string Value)[] settings)
    {
        _gateway = await GatewayHost.StartAsync(null, [.. settings, ("AI_GATEWAY_PRICES", _folder.Write("prices.json", Prices))]);
        _user = await _gateway.CreateUserAsync();
    }

    private static string Body(string model = "odd-model", string prompt = "Say hello.", bool stream = false) => JsonSerializer.Serialize(
        new { model, max_tokens = Limit, stream, messages = new[] { new { role = "user", content = prompt } } });

    private static string ResponseBody() =>
        JsonSerializer.Serialize(new { model = ReasoningModel, max_output_tokens = Limit, stream = true, input = "Say hello." });

    private Task BillAsync(SeenRequest request, Func<Task> answer)
    {
        lock (_billing) _bill += TestPrices.CostUsd(PromptTokens(request), Limit);
        return answer();
    }

    private Task BillPromptAsync(SeenRequest request, Func<Task> answer)
    {
        lock (_billing) _bill += TestPrices.CostUsd(PromptTokens(request), 0);
        return answer();
    }

    // The true count of these prompts is one token for each word.
    private static long PromptTokens(SeenRequest request) =>
        (JsonNode.Parse(request.Body)?["messages"]?[0]?["content"]?.GetValue<string>() ?? "").Count(character => character == ' ') + 1;

    private static async Task AnswerInOneAsync(SeenRequest request, HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync(
            """
            data: {"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Hello!"}}]}

            data: {"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}


            """);
        await http.Response.Body.FlushAsync();
        var usage = JsonSerializer.Serialize(new
        {
            prompt_tokens = PromptTokens(request),
            completion_tokens = Limit,
            total_tokens = PromptTokens(request) + Limit,
            completion_tokens_details = new { reasoning_tokens = Limit - 1 },
        });
        await http.Response.WriteAsync($"data: {{\"model\":\"m\",\"choices\":[],\"usage\":{usage}}}\n\ndata: [DONE]\n\n");
    }

    private static async Task BeginAndReasonAsync(SeenRequest request, HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync(request.Target.EndsWith("responses", StringComparison.Ordinal)
            ? """
              event: response.created
              data: {"type":"response.created","response":{"id":"resp_9","model":"m","status":"in_progress"}}


              """
            : """
              data: {"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}


              """);
        await http.Response.Body.FlushAsync();
        await Answers.Hang(request, http);
    }

    /// <summary>Sends a request and disconnects once the provider's text has come. Null disconnects once the provider has the request.</summary>
    private async Task LeaveAsync(string body, string? read, string path = Chat)
    {
        var before = _gateway.Provider.Seen.Count;
        using var leave = new CancellationTokenSource();
        using var request = _user.Caller.Request(HttpMethod.Post, path);
        request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var sending = Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leave.Token);
        if (read is null)
        {
            // A refused request is answered at once. An admitted request reaches the provider.
            await Eventually.GetAsync(() => Task.FromResult(sending.IsCompleted || _gateway.Provider.Seen.Count > before), done => done);
            await leave.CancelAsync();
            await Task.WhenAny(sending);
        }
        else
        {
            using var response = await sending;
            await using var stream = await response.Content.ReadAsStreamAsync(leave.Token);
            using var reader = new StreamReader(stream);
            while (response.IsSuccessStatusCode && await reader.ReadLineAsync(leave.Token) is { } line && !line.Contains(read, StringComparison.Ordinal))
            {
            }
        }

        await SettledAsync();
    }

    private Task<bool> SettledAsync() => Eventually.GetAsync(
        async () => (await _user.Caller.UsageAsync()).All(row => row.GetProperty("status").GetString() != "held"), isSettled => isSettled);

    private async Task AssertPaidAsync()
    {
        var rows = await _user.Caller.UsageAsync();
        var charged = rows.Sum(row => row.GetProperty("costUsd").GetDecimal());
        Assert.That(charged, Is.GreaterThanOrEqualTo(_bill), "the provider's bill is charged");
        Assert.That(_bill, Is.LessThanOrEqualTo(Budget), "the provider's bill stays within the budget");
        await _gateway.Admin.VerifyAsync();
    }
}
