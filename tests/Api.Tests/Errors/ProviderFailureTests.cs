using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Errors;

/// <summary>Each way in which a provider fails: what the caller is told, and what is charged.</summary>
// Calls have a real time-out of a second. Other fixtures would take the processor from them.
[NonParallelizable]
internal sealed class ProviderFailureTests
{
    private const string Words = "Words of the provider.";
    private GatewayHost _gateway = null!;

    // Each test has its own gateway, because failures open the circuit breaker.
    [SetUp]
    public async Task StartAsync() => _gateway = await GatewayHost.StartAsync(
        null, ("AI_GATEWAY_REQUEST_TIMEOUT", "1000"), ("AI_QUOTA_DAILY_LIMIT", "5"));

    [TearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    private static IEnumerable<TestCaseData> Failures()
    {
        yield return Case("401", Answers.Error(401, Words), 502, "provider_failed");
        yield return Case("403", Answers.Error(403, Words), 502, "provider_failed");
        yield return Case("500", Answers.Error(500, Words), 502, "provider_failed");
        yield return Case("503", Answers.Error(503, Words), 502, "provider_failed");
        yield return Case("exhausted account", Answers.Error(429, Words, "insufficient_quota"), 502, "provider_failed");
        yield return Case("empty account", Answers.Error(402, "Insufficient Balance"), 502, "provider_failed");
    }

    private static IEnumerable<TestCaseData> UnknownOutcomes()
    {
        yield return Case("malformed JSON", Answers.Raw("""{"choices":["""), 502, "provider_failed");
        yield return Case("no JSON", Answers.Raw("<html>"), 502, "provider_failed");
        yield return Case("dropped connection", Answers.Drop, 502, "provider_failed");
        yield return Case("silence", Answers.Hang, 504, "provider_timeout");
    }

    [TestCaseSource(nameof(UnknownOutcomes))]
    public async Task Generate_WhenTheOutcomeIsUnknown_ChargesTheMaximumAndStaysCounted(Answer answer, int status, string code)
    {
        var user = await _gateway.CreateUserAsync();
        await _gateway.Admin.SetQuotaAsync(user.Id, daily: 1, monthly: 1, spend: 1);
        _gateway.Provider.Answer = answer;

        (await user.Caller.GenerateAsync()).Expect(status, code);

        var row = (await user.Caller.UsageAsync()).Single();
        Assert.That(row.GetProperty("status").GetString(), Is.EqualTo("unknown"));
        Assert.That(row.GetProperty("usageSource").GetString(), Is.EqualTo("held"));
        Assert.That(row.GetProperty("costUsd").GetDecimal(), Is.Positive.And.EqualTo(row.GetProperty("heldUsd").GetDecimal()));
        var attempt = row.GetProperty("attempts").EnumerateArray().Single();
        Assert.That(attempt.GetProperty("outcome").GetString(), Is.EqualTo("unknown"));
        Assert.That(attempt.GetProperty("costUsd").GetDecimal(), Is.EqualTo(row.GetProperty("costUsd").GetDecimal()));
        _gateway.Provider.Answer = Answers.Completion();
        (await user.Caller.GenerateAsync()).Expect(429, "quota_exceeded");
        await _gateway.Admin.VerifyAsync();
    }

    [TestCaseSource(nameof(Failures))]
    public async Task Generate_WhenTheProviderFails_TellsTheCallerAndChargesNothing(Answer answer, int status, string code)
    {
        var user = await _gateway.CreateUserAsync();
        await _gateway.Admin.SetQuotaAsync(user.Id, daily: 1, monthly: 1, spend: 1);
        _gateway.Provider.Answer = answer;

        var reply = (await user.Caller.GenerateAsync()).Expect(status, code);

        Assert.That(reply.Json.GetProperty("provider").GetString(), Is.EqualTo("openai"));
        Assert.That(reply.Text, Does.Not.Contain(Words).And.Not.Contain(GatewayHost.ProviderKey).And.Not.Contain("Exception"));
        await AssertReleasedAsync(user, reply, code);
    }

    [TestCase(400)]
    [TestCase(404)]
    [TestCase(422)]
    public async Task Generate_WhenTheProviderRejectsTheRequest_PassesOnItsStatusAndMessage(int status)
    {
        var user = await _gateway.CreateUserAsync();
        await _gateway.Admin.SetQuotaAsync(user.Id, daily: 1, monthly: 1, spend: 1);
        _gateway.Provider.Answer = Answers.Error(status, $"{Words} Key: {GatewayHost.ProviderKey}.", "invalid_request_error", "bad_thing", "messages");

        var reply = (await user.Caller.GenerateAsync()).Expect(status, "provider_rejected");

        Assert.That(reply.Json.GetProperty("detail").GetString(), Does.StartWith(Words));
        Assert.That(reply.Text, Does.Not.Contain(GatewayHost.ProviderKey));
        await AssertReleasedAsync(user, reply, "provider_rejected");
    }

    [Test]
    public async Task OpenAiApi_WhenTheProviderRejectsTheRequest_PassesOnItsWholeError()
    {
        _gateway.Provider.Answer = Answers.Error(400, Words, "some_type", "bad_thing", "messages");

        var reply = (await _gateway.Admin.PostAsync("/v1/chat/completions", new { messages = new[] { new { role = "user", content = "Hi" } } })).Expect(400);

        Assert.That(reply.Text, Is.EqualTo($$$"""{"error":{"message":"{{{Words}}}","type":"some_type","param":"messages","code":"bad_thing"}}"""));
    }

    [Test]
    public async Task Generate_WhenTheProviderSendsRetryAfter_PassesItOn()
    {
        var user = await _gateway.CreateUserAsync();
        await _gateway.Admin.SetQuotaAsync(user.Id, daily: 1, monthly: 1, spend: 1);
        _gateway.Provider.Answer = Answers.Error(429, Words, "requests", retryAfter: "7");

        var reply = (await user.Caller.GenerateAsync()).Expect(429, "provider_rate_limited");

        Assert.That(reply.Header("Retry-After"), Is.EqualTo("7"));
        await AssertReleasedAsync(user, reply, "provider_rate_limited");
    }

    [Test]
    public async Task Generate_WhenItFailsOnceAndMayBeRetried_SucceedsAndIsChargedOnce()
    {
        await using var patient = await GatewayHost.StartAsync(null, ("AI_GATEWAY_MAX_RETRIES", "1"));
        var attempts = 0;
        var user = await patient.CreateUserAsync();
        patient.Provider.Answer = (request, http) =>
            (Interlocked.Increment(ref attempts) == 1 ? Answers.Error(500, Words) : Answers.Completion())(request, http);

        (await user.Caller.GenerateAsync()).Expect(200);

        Assert.That(patient.Provider.Seen, Has.Count.EqualTo(2));
        Assert.That(await user.Caller.UsageAsync(), Has.Count.EqualTo(1));
        await patient.Admin.VerifyAsync();
    }

    [Test]
    public async Task Generate_WhenEveryProviderFails_NamesEach()
    {
        await using var second = await ScriptedProvider.StartAsync(Answers.Completion());
        await using var two = await GatewayHost.StartAsync(
            null, ("AZURE_OPENAI_ENDPOINT", $"{second.Address}"), ("AZURE_OPENAI_API_KEY", "azure-key"));
        var user = await two.CreateUserAsync();
        two.Provider.Answer = Answers.Error(500, Words);
        second.Answer = Answers.Error(503, Words);

        var reply = (await user.Caller.GenerateAsync()).Expect(502, "all_providers_failed");
        second.Answer = Answers.Completion("From the second.");
        var rescued = (await user.Caller.GenerateAsync()).Expect(200);

        Assert.That(reply.Json.GetProperty("detail").GetString(), Is.EqualTo("Every provider failed: openai: provider_failed; azure-openai: provider_failed."));
        Assert.That(rescued.Json.GetProperty("provider").GetString(), Is.EqualTo("azure-openai"));
        var rows = await user.Caller.UsageAsync();
        Assert.That(rows.Select(row => row.GetProperty("status").GetString()), Is.EqualTo(new[] { "settled", "released" }));
        Assert.That(rows[0].GetProperty("provider").GetString(), Is.EqualTo("azure-openai"));
        Assert.That(rows[1].GetProperty("errorCode").GetString(), Is.EqualTo("all_providers_failed"));
        await two.Admin.VerifyAsync();
    }

    private static TestCaseData Case(string name, Answer answer, int status, string code) =>
        new TestCaseData(answer, status, code).SetArgDisplayNames(name, $"{status}", code);

    /// <summary>The usage record names the failure, and the request does not count against the quota.</summary>
    private async Task AssertReleasedAsync(TestUser user, Reply failed, string code)
    {
        var row = (await user.Caller.UsageAsync()).Single();
        Assert.That(row.GetProperty("id").GetGuid(), Is.EqualTo(failed.RequestId));
        Assert.That(row.GetProperty("status").GetString(), Is.EqualTo("released"));
        Assert.That(row.GetProperty("errorCode").GetString(), Is.EqualTo(code));
        Assert.That(row.GetProperty("costUsd").GetDecimal(), Is.Zero);
        await _gateway.Admin.VerifyAsync();
        _gateway.Provider.Answer = Answers.Completion();
        var second = await user.Caller.EstimateAsync(new { prompt = "Say hello." });
        Assert.That(second.GetProperty("allowed").GetBoolean(), Is.True);
        var quota = await user.Caller.QuotaAsync();
        Assert.That(quota.EnumerateObject().Where(each => each.Name is not ("budgets" or "rates")).Sum(limit => limit.Value.GetProperty("used").GetDecimal() + limit.Value.GetProperty("held").GetDecimal()), Is.Zero);
    }
}
