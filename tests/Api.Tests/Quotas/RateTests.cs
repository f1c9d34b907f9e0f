using System.Text.Json;
using AiGateway.Api.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Api.Tests.Quotas;

/// <summary>Rates as an administrator sets them, and as callers of the three APIs meet them. The clock stands still unless a test moves it.</summary>
internal sealed class RateTests
{
    private const string Chat = "/v1/chat/completions";
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero));
    private GatewayHost _gateway = null!;
    private TestUser _user = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _gateway = await GatewayHost.StartAsync(_time);

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [SetUp]
    public async Task ResetAsync()
    {
        _gateway.Provider.Reset(Answers.Completion());
        _user = await _gateway.CreateUserAsync();
    }

    [Test]
    public async Task Rates_OfEachKindOfScope_AreSetReadAndRemoved()
    {
        var team = await _gateway.Admin.CreateTeamAsync();
        var project = await _gateway.Admin.CreateAsync("projects", new { name = "Index", teamId = team.Id });
        var key = await _gateway.Admin.CreateAsync("keys", new { userId = _user.Id, name = "rated" });
        foreach (var path in (string[])[$"organisations/{team.OrganisationId}", $"teams/{team.Id}", $"projects/{project}", $"users/{_user.Id}", $"keys/{key}"])
        {
            var url = $"/api/v1/admin/{path}/rates";
            Assert.That((await _gateway.Admin.GetAsync(url)).Expect(200).Text, Is.EqualTo("""{"requestsPerMinute":null,"tokensPerMinute":null}"""));

            var set = (await _gateway.Admin.PutAsync(url, new { requestsPerMinute = 60, tokensPerMinute = 60_000 })).Expect(200);
            Assert.That((await _gateway.Admin.GetAsync(url)).Expect(200).Text, Is.EqualTo(set.Text));
            Assert.That(AmountsOf(set.Json, "requestsPerMinute"), Is.EqualTo((60L, 60L)));
            Assert.That(AmountsOf(set.Json, "tokensPerMinute"), Is.EqualTo((60_000L, 60_000L)));

            var fewer = (await _gateway.Admin.PutAsync(url, new { tokensPerMinute = 500 })).Expect(200).Json;
            Assert.That(fewer.GetProperty("requestsPerMinute").ValueKind, Is.EqualTo(JsonValueKind.Null));
            (await _gateway.Admin.DeleteAsync(url)).Expect(204);
            Assert.That((await _gateway.Admin.GetAsync(url)).Expect(200).Json.GetProperty("tokensPerMinute").ValueKind, Is.EqualTo(JsonValueKind.Null));
        }
    }

    [TestCase("""{"requestsPerMinute":0}""", "requestsPerMinute")]
    [TestCase("""{"requestsPerMinute":10000001}""", "requestsPerMinute")]
    [TestCase("""{"tokensPerMinute":-1}""", "tokensPerMinute")]
    [TestCase("""{"tokensPerMinute":1000000001}""", "tokensPerMinute")]
    [TestCase("""{"tokensPerMinute":1.5}""", "tokensPerMinute")]
    [TestCase("""{"tokensPerMinute":"60"}""", "tokensPerMinute")]
    [TestCase("""{"requestPerMinute":60}""", "requestPerMinute")]
    public async Task Rates_WithAFault_AreRefusedByName(string body, string field)
    {
        var refused = (await _gateway.Admin.SendAsync(HttpMethod.Put, $"/api/v1/admin/users/{_user.Id}/rates", body)).Expect(400, "invalid_request");

        Assert.That(refused.Json.GetProperty("errors")[0].GetProperty("field").GetString(), Is.EqualTo(field));
    }

    [Test]
    public async Task Rates_OfAScopeThatDoesNotExist_AreNotFound([Values("organisations", "teams", "projects", "users", "keys")] string scopes)
    {
        var url = $"/api/v1/admin/{scopes}/{Guid.CreateVersion7(TimeProvider.System.GetUtcNow())}/rates";

        (await _gateway.Admin.GetAsync(url)).Expect(404, "not_found");
        (await _gateway.Admin.PutAsync(url, new { requestsPerMinute = 1 })).Expect(404, "not_found");
        (await _gateway.Admin.DeleteAsync(url)).Expect(404, "not_found");
    }

    [Test]
    public async Task NativeApi_BeyondTheRate_NamesScopeAndLimit_AndAdmitsAfterRetryAfter()
    {
        await SetAsync(new { requestsPerMinute = 2 });
        var first = (await _user.Caller.GenerateAsync()).Expect(200);
        (await _user.Caller.GenerateAsync()).Expect(200);
        var refused = (await _user.Caller.GenerateAsync()).Expect(429, "rate_limited");

        Assert.That((first.Header("RateLimit-Policy"), first.Header("RateLimit")), Is.EqualTo(("\"requests\";q=2;w=60", "\"requests\";r=1;t=30")));
        Assert.That(refused.Header("RateLimit"), Is.EqualTo("\"requests\";r=0;t=60"));
        Assert.That((refused.Header("Retry-After"), refused.Header("retry-after-ms")), Is.EqualTo(("30", "30000")));
        Assert.That(refused.Header("x-should-retry"), Is.Null);
        Assert.That(refused.Json.GetProperty("limit").GetString(), Is.EqualTo("requests_per_minute"));
        Assert.That(refused.Json.GetProperty("scope").GetProperty("kind").GetString(), Is.EqualTo("user"));
        Assert.That(refused.Json.GetProperty("scope").GetProperty("id").GetGuid(), Is.EqualTo(_user.Id));
        Assert.That(refused.Json.GetProperty("detail").GetString(), Is.EqualTo("The requests_per_minute (user Ann) limit of 2 is used up. Retry in 30 s."));
        Assert.That(_gateway.Provider.Seen, Has.Count.EqualTo(2));

        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.That((await _user.Caller.GenerateAsync()).Expect(429).Header("Retry-After"), Is.EqualTo("1"));
        _time.Advance(TimeSpan.FromSeconds(1));
        (await _user.Caller.GenerateAsync()).Expect(200);
        await _gateway.Admin.VerifyAsync();
    }

    [Test]
    public async Task OpenAiApi_BeyondTheRate_AnswersInOpenAisFormWithOpenAisHeaders([Values(Chat, "/openai/deployments/odd-model/chat/completions?api-version=2024-10-21")] string path)
    {
        await SetAsync(new { tokensPerMinute = 1000 });
        var first = (await _user.Caller.PostAsync(path, Message(100))).Expect(200);
        var (held, used) = (1000 - Number(first, "x-ratelimit-remaining-tokens"), first.Json.GetProperty("usage").GetProperty("total_tokens").GetInt64());
        Assert.That((first.Header("x-ratelimit-limit-tokens"), first.Header("x-ratelimit-reset-tokens")), Is.EqualTo(("1000", $"{held * 60}ms")));
        Assert.That(first.Header("x-ratelimit-limit-requests"), Is.EqualTo("100000"), "of the limit in memory");
        Assert.That(await LeftAsync("tokensPerMinute"), Is.EqualTo(1000 - used), "the settlement gave the rest back");

        await SetAsync(new { });
        await SetAsync(new { tokensPerMinute = held + 1 });
        (await _user.Caller.PostAsync(path, Message(100))).Expect(200);
        var refused = (await _user.Caller.PostAsync(path, Message(100))).Expect(429);
        var error = refused.Json.GetProperty("error");
        var seconds = (long)Math.Ceiling((used - 1) * 60m / (held + 1));

        Assert.That((error.GetProperty("code").GetString(), error.GetProperty("type").GetString()), Is.EqualTo(("rate_limit_exceeded", "tokens")));
        Assert.That(error.GetProperty("message").GetString(), Does.Contain($"{held + 1 - used} tokens are left, and this request may need {held}. Retry in {seconds} s."));
        Assert.That(Number(refused, "Retry-After"), Is.EqualTo(seconds));
        Assert.That(Number(refused, "x-ratelimit-remaining-tokens"), Is.EqualTo(held + 1 - used));
        var fits = int.Parse(System.Text.RegularExpressions.Regex.Match(refused.Text, "at most ([0-9]+) tokens").Groups[1].Value, null);
        (await _user.Caller.PostAsync(path, Message(fits + 1))).Expect(429);
        (await _user.Caller.PostAsync(path, Message(fits))).Expect(200);
    }

    [Test]
    public async Task Request_LargerThanAMinute_IsRefusedForGoodWithTheOutputLimitThatFits()
    {
        await SetAsync(new { tokensPerMinute = 300 });

        var refused = (await _user.Caller.PostAsync(Chat, Message(2000))).Expect(429);

        Assert.That(refused.Json.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("rate_limit_exceeded"));
        Assert.That(refused.Text, Does.Contain("Request too large for the tokens_per_minute (user Ann) limit").And.Contain("A wait does not help."));
        Assert.That((refused.Header("Retry-After"), refused.Header("retry-after-ms"), refused.Header("x-should-retry")), Is.EqualTo(((string?)null, (string?)null, "false")));
        var fits = int.Parse(System.Text.RegularExpressions.Regex.Match(refused.Text, "at most ([0-9]+) tokens").Groups[1].Value, null);
        (await _user.Caller.PostAsync(Chat, Message(fits))).Expect(200);
        Assert.That((await _user.Caller.PostAsync(Chat, Message(fits + 1))).Expect(429).Text, Does.Contain("too large"));
    }

    [Test]
    public async Task AnthropicApi_BeyondTheRate_AnswersInAnthropicsFormWithAnthropicsHeaders()
    {
        await SetAsync(new { requestsPerMinute = 1, tokensPerMinute = 100_000 });
        var body = new { model = TestPrices.Model, max_tokens = 16, messages = new[] { new { role = "user", content = "Hi" } } };

        var first = (await _user.Caller.PostAsync("/v1/messages", body)).Expect(200);
        var refused = (await _user.Caller.PostAsync("/v1/messages", body)).Expect(429);

        var reset = _time.GetUtcNow().AddMinutes(1).ToString("yyyy-MM-ddTHH:mm:ssZ", null);
        foreach (var reply in (Reply[])[first, refused])
        {
            Assert.That(
                (reply.Header("anthropic-ratelimit-requests-limit"), reply.Header("anthropic-ratelimit-requests-remaining"), reply.Header("anthropic-ratelimit-requests-reset")),
                Is.EqualTo(("1", "0", reset)));
            Assert.That(reply.Header("anthropic-ratelimit-tokens-limit"), Is.EqualTo("100000"));
        }

        Assert.That(refused.Json.GetProperty("error").GetProperty("type").GetString(), Is.EqualTo("rate_limit_error"));
        Assert.That(refused.Header("retry-after"), Is.EqualTo("60"));
    }

    [Test]
    public async Task Stream_WithARate_TellsItInItsHeaders()
    {
        await SetAsync(new { requestsPerMinute = 5 });

        var reply = (await _user.Caller.PostAsync("/api/v1/ai/generate", new { prompt = "Hi", stream = true })).Expect(200);

        Assert.That(reply.Header("RateLimit"), Is.EqualTo("\"requests\";r=4;t=12"));
    }

    [Test]
    public async Task Estimate_WithARate_DecidesAsGenerateDoes()
    {
        await SetAsync(new { requestsPerMinute = 1, tokensPerMinute = 3000 });
        Assert.That((await EstimateAsync(10)).RefusedBy, Is.Null);
        Assert.That(await EstimateAsync(4000), Is.EqualTo((false, "tokens_per_minute")));

        (await _user.Caller.GenerateAsync()).Expect(200);

        Assert.That(await EstimateAsync(10), Is.EqualTo((false, "requests_per_minute")));

        async Task<(bool IsAllowed, string? RefusedBy)> EstimateAsync(int maxTokens)
        {
            var estimate = await _user.Caller.EstimateAsync(new { prompt = "Hi", options = new { maxTokens } });
            return (estimate.GetProperty("allowed").GetBoolean(), estimate.GetProperty("refusedBy").GetString());
        }
    }

    [Test]
    public async Task Quota_OfACallerBelowATeam_ShowsTheRatesOfAllItsScopes()
    {
        var team = await _gateway.Admin.CreateTeamAsync();
        var made = (await _gateway.Admin.PostAsync("/api/v1/admin/keys", new { userId = _user.Id, name = "rated", teamId = team.Id })).Expect(201).Json;
        var caller = _gateway.Admin.As(made.GetProperty("key").GetString());
        (await _gateway.Admin.PutAsync($"/api/v1/admin/teams/{team.Id}/rates", new { tokensPerMinute = 5000 })).Expect(200);
        await SetAsync(new { requestsPerMinute = 10 });
        (await caller.GenerateAsync()).Expect(200);

        var rates = (await caller.QuotaAsync()).GetProperty("rates");

        Assert.That(rates.EnumerateArray().Select(rate => rate.GetProperty("limit").GetString()), Is.EqualTo(["requests_per_minute", "tokens_per_minute"]));
        Assert.That((rates[0].GetProperty("amount").GetInt64(), rates[0].GetProperty("remaining").GetInt64()), Is.EqualTo((10L, 9L)));
        Assert.That(rates[0].GetProperty("resetsAt").GetDateTimeOffset(), Is.EqualTo(_time.GetUtcNow().AddSeconds(6)));
        Assert.That(rates[1].GetProperty("scope").GetProperty("name").GetString(), Is.EqualTo("Search"));
    }

    [Test]
    public async Task Request_WithoutAnOutputLimit_GetsAQuarterOfTheTokensLeft()
    {
        await SetAsync(new { tokensPerMinute = 12_000 });

        (await _user.Caller.PostAsync(Chat, new { model = TestPrices.Model, messages = new[] { new { role = "user", content = "Hi" } } })).Expect(200);

        var sent = JsonDocument.Parse(_gateway.Provider.Seen[^1].Body).RootElement;
        Assert.That(sent.GetProperty("max_tokens").GetInt64(), Is.InRange(2500, 2999));
    }

    private static object Message(int maxTokens) =>
        new { model = TestPrices.Model, max_tokens = maxTokens, messages = new[] { new { role = "user", content = "Hi" } } };

    private static long Number(Reply reply, string header) => long.Parse(reply.Header(header)!, null);

    private static (long Amount, long Remaining) AmountsOf(JsonElement rates, string name) =>
        (rates.GetProperty(name).GetProperty("amount").GetInt64(), rates.GetProperty(name).GetProperty("remaining").GetInt64());

    private async Task<long> LeftAsync(string name) =>
        AmountsOf((await _gateway.Admin.GetAsync($"/api/v1/admin/users/{_user.Id}/rates")).Expect(200).Json, name).Remaining;

    private async Task SetAsync(object rates) => (await _gateway.Admin.PutAsync($"/api/v1/admin/users/{_user.Id}/rates", rates)).Expect(200);
}
