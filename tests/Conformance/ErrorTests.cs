using System.Globalization;
using System.Text.Json;
using AiGateway.Application.Pricing;
using AiGateway.Conformance.Tests.Hosting;
using AiGateway.Domain;
using AiGateway.StandIn.Replies;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;
using NSubstitute.ExceptionExtensions;

namespace AiGateway.Conformance.Tests;

/// <summary>
/// Each class of failure: the exception that the SDK raises, and how often it tries. Each test has its own gateway with a closed circuit
/// breaker.
/// </summary>
internal sealed class ErrorTests
{
    private const int Once = 1;
    private const int WithTwoRetries = 3;

    [Test]
    public async Task Chat_WhenTheGatewayRefusesTheBody_RaisesBadRequestOnce()
    {
        await using var stage = await StandInGateway.StartAsync();

        var result = await Sdk.Js.RunAsync("chatAny", stage.Gateway, new { body = new { messages = "none" } });

        AssertRaised(result, "BadRequestError", 400, "invalid_request_error", code: null, param: "messages", tries: Once);
        Assert.That(stage.StandIn.Requests.Count, Is.Zero);
    }

    [TestCase("""{"messages":[{"role":"user","content":"x"}],"temperature":3}""")]
    [TestCase("""{"messages":[{"role":"user","content":"x"}],"temperature":"hot"}""")]
    [TestCase("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"ftp://x"}}]}]}""")]
    [TestCase("""{"messages":[{"role":"tool","tool_call_id":"call_9","content":"x"}]}""")]
    public async Task Chat_WhenTheProviderRefusesTheBody_RaisesWhatTheDirectCallRaises(string body)
    {
        await using var stage = await StandInGateway.StartAsync();
        var args = new { body = JsonElement.Parse(body) };

        var direct = await Sdk.Js.RunAsync("chatAny", stage.Direct, args);
        var through = await Sdk.Js.RunAsync("chatAny", stage.Gateway, args);

        Assert.That(direct.Error, Is.Not.Null);
        Assert.That(through.Error! with { RequestId = null }, Is.EqualTo(direct.Error! with { RequestId = null }));
        Assert.That(through.Tries, Is.EqualTo(Once));
        Assert.That((await stage.Ledger.SettledRowAsync(through.Error.RequestId!)).Status, Is.EqualTo("released"));
    }

    [Test]
    public async Task Chat_WhenTheKeyIsUnknown_RaisesAuthenticationErrorOnce()
    {
        await using var stage = await StandInGateway.StartAsync();

        var result = await Sdk.Js.RunAsync("chatAny", stage.Gateway with { Key = "agw_unknown" }, Hello());

        AssertRaised(result, "AuthenticationError", 401, "invalid_request_error", "invalid_api_key", tries: Once);
    }

    [Test]
    public async Task Chat_WhenTheKeyLacksTheScope_RaisesPermissionDeniedOnce()
    {
        await using var stage = await StandInGateway.StartAsync();
        var key = await stage.Ledger.CreateKeyAsync([Scopes.Admin]);

        var result = await Sdk.Js.RunAsync("chatAny", stage.Gateway with { Key = key }, Hello());

        AssertRaised(result, "PermissionDeniedError", 403, "invalid_request_error", "permission_denied", tries: Once);
    }

    [Test]
    public async Task Chat_WhenTheModelIsUnknown_RaisesNotFoundOnce()
    {
        await using var stage = await StandInGateway.StartAsync();

        var result = await Sdk.Js.RunAsync("chatAny", stage.Gateway, Hello("gpt-nowhere"));

        AssertRaised(result, "NotFoundError", 404, "invalid_request_error", "model_not_found", param: "model", tries: Once);
    }

    [Test]
    public async Task Chat_WhenTheBudgetIsUsedUp_RaisesRateLimitErrorOnceAndCallsNoProvider()
    {
        await using var stage = await StandInGateway.StartAsync();
        var key = await stage.Ledger.CreateKeyAsync([Scopes.Generate], monthlySpendUsd: 0.000001m);

        var result = await Sdk.Js.RunAsync("chatAny", stage.Gateway with { Key = key }, Hello());

        AssertRaised(result, "RateLimitError", 429, "insufficient_quota", "insufficient_quota", tries: Once);
        Assert.That(result.Error!.ShouldRetry, Is.EqualTo("false"));
        Assert.That(stage.StandIn.Requests.Count, Is.Zero);
    }

    [Test]
    public async Task Chat_WhenTheCallerIsTooFast_RaisesRateLimitErrorWithRetryAfter()
    {
        await using var stage = await StandInGateway.StartAsync(("AI_GATEWAY_RATE_LIMIT_PER_MINUTE", "1"));
        await Sdk.Js.RunAsync("chatAny", stage.Gateway, Hello());

        var result = await Sdk.Js.RunAsync("chatAny", stage.Gateway, Hello(maxRetries: 0));

        AssertRaised(result, "RateLimitError", 429, "requests", "rate_limit_exceeded", tries: Once);
        Assert.That(int.Parse(result.Error!.RetryAfter!, CultureInfo.InvariantCulture), Is.InRange(1, 60));
    }

    [Test]
    public async Task Chat_WhenTheProviderIsTooBusy_IsRetriedAndThenRaised()
    {
        await using var stage = await StandInGateway.StartAsync();
        stage.StandIn.Script.Follow(_ => new ReplyPlan { Status = 429, RetryAfter = "1" });

        var result = await Sdk.Js.RunAsync("chatAny", stage.Gateway, Hello());

        AssertRaised(result, "RateLimitError", 429, "requests", "rate_limit_exceeded", tries: WithTwoRetries);
        Assert.That(result.Error!.RetryAfter, Is.EqualTo("1"));
        await AssertAllAsync(stage, WithTwoRetries, "released");
    }

    [Test]
    public async Task Chat_WhenTheProviderRecovers_SucceedsAtTheSdksSecondTry()
    {
        await using var stage = await StandInGateway.StartAsync();
        stage.StandIn.Script.Enqueue(new ReplyPlan { Status = 429, RetryAfterMs = "10" });

        var result = await Sdk.Js.RunAsync("chatAny", stage.Gateway, Hello());

        Assert.That((result.Error, result.Tries), Is.EqualTo(((SdkError?)null, 2)));
        var rows = await stage.Ledger.SettledRowsAsync();
        Assert.That(rows.Select(row => row.Status), Is.EqualTo(new[] { "settled", "released" }));
    }

    [Test]
    public async Task Chat_WhenTheProviderRecovers_SucceedsAtTheGatewaysSecondTry()
    {
        await using var stage = await StandInGateway.StartAsync(("AI_GATEWAY_MAX_RETRIES", "1"));
        stage.StandIn.Script.Enqueue(new ReplyPlan { Status = 503 });

        var result = await Sdk.Js.RunAsync("chatAny", stage.Gateway, Hello());

        Assert.That((result.Error, result.Tries, stage.StandIn.Requests.Count), Is.EqualTo(((SdkError?)null, Once, 2L)));
        Assert.That(await stage.Ledger.SettledRowsAsync(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Chat_WhenTheGatewayItselfFails_RaisesInternalServerErrorWithoutDetails()
    {
        var broken = Substitute.For<ITokenCounter>();
        broken.BoundPrompt(default!, default!).ThrowsForAnyArgs(new InvalidOperationException("a secret detail"));
        await using var stage = await StandInGateway.StartAsync(services => services.AddSingleton(broken));

        var result = await Sdk.Js.RunAsync("chatAny", stage.Gateway, Hello());

        AssertRaised(result, "InternalServerError", 500, "server_error", "internal_error", tries: WithTwoRetries);
        Assert.That(result.Error!.Message, Does.Not.Contain("secret"));
    }

    [TestCase("fault:status=500", "released")]
    [TestCase("fault:status=503", "released")]
    [TestCase("fault:status=401", "released")]
    [TestCase("fault:html", "unknown")]
    [TestCase("fault:html;status=502", "released")]
    [TestCase("fault:malformed", "unknown")]
    [TestCase("fault:drop", "unknown")]
    public async Task Chat_WhenTheProviderFails_RaisesInternalServerErrorAfterRetries(string fault, string status)
    {
        await using var stage = await StandInGateway.StartAsync();

        var result = await Sdk.Js.RunAsync("chatAny", stage.Gateway, new { body = new { messages = new[] { new { role = "user", content = fault } } } });

        AssertRaised(result, "InternalServerError", 502, "server_error", "provider_failed", tries: WithTwoRetries);
        Assert.That(result.Error!.Message, Does.Not.Contain("<html>").And.Not.Contain("asked for"));
        await AssertAllAsync(stage, WithTwoRetries, status);
    }

    [Test]
    public async Task Chat_WhenTheLedgerCannotBeWritten_RaisesInternalServerErrorAndCallsNoProvider()
    {
        await using var stage = await StandInGateway.StartAsync(("AI_GATEWAY_LEDGER_TIMEOUT", "300"));
        await Sdk.Js.RunAsync("chatAny", stage.Gateway, Hello());
        using var hog = new SqliteConnection($"Data Source={stage.DatabaseFile};Pooling=False");
        hog.Open();
        using var begin = hog.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        begin.ExecuteNonQuery();

        var result = await Sdk.Js.RunAsync("chatAny", stage.Gateway, Hello());

        AssertRaised(result, "InternalServerError", 503, "server_error", "ledger_unavailable", tries: WithTwoRetries);
        Assert.That(result.Error!.RetryAfter, Is.Not.Null);
        Assert.That(stage.StandIn.Requests.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Chat_WhenTheProviderHangs_RaisesInternalServerErrorAfterRetries()
    {
        await using var stage = await StandInGateway.StartAsync(("AI_GATEWAY_REQUEST_TIMEOUT", "300"));

        var result = await Sdk.Js.RunAsync("chatAny", stage.Gateway, new { body = new { messages = new[] { new { role = "user", content = "fault:hang" } } } });

        AssertRaised(result, "InternalServerError", 504, "server_error", "provider_timeout", tries: WithTwoRetries);
        await AssertAllAsync(stage, WithTwoRetries, "unknown");
    }

    [Test]
    public async Task Chat_WhenTheSdkTimesOut_RaisesTimeoutAndIsStillChargedOnce()
    {
        await using var stage = await StandInGateway.StartAsync();

        var result = await Sdk.Js.RunAsync(
            "chatAny",
            stage.Gateway,
            new { timeout = 300, maxRetries = 0, body = new { messages = new[] { new { role = "user", content = "wait-ms=1500 Slowly" } } } });

        Assert.That((result.Error!.Name, result.Tries), Is.EqualTo(("APIConnectionTimeoutError", Once)));

        // A plain reply is charged in full, even if its caller has left.
        var row = (await stage.Ledger.SettledRowsAsync()).Single();
        Assert.That((row.Status, row.UsageSource), Is.EqualTo(("settled", "provider")));
        Assert.That((await stage.Ledger.VerifyAsync()).Balanced, Is.True);
    }

    private static object Hello(string model = TestPrices.Plain, int maxRetries = 2) =>
        new { maxRetries, body = new { model, messages = new[] { new { role = "user", content = "Hello" } } } };

    private static void AssertRaised(
        SdkResult result, string name, int status, string type, string? code, int tries, string? param = null)
    {
        Assert.That(result.Error, Is.Not.Null);
        var error = result.Error!;
        Assert.That((error.Name, error.Status, error.Type, error.Code, error.Param), Is.EqualTo((name, (int?)status, type, code, param)));
        Assert.That(Guid.TryParse(error.RequestId, out _), Is.True, $"the request id {error.RequestId}");
        Assert.That(result.Tries, Is.EqualTo(tries));
    }

    /// <summary>Refused requests cost nothing. A request that was sent and not fully answered costs what was held.</summary>
    private static async Task AssertAllAsync(StandInGateway stage, int count, string status)
    {
        var rows = await stage.Ledger.SettledRowsAsync();
        Assert.That(rows.Select(row => row.Status), Is.EqualTo(Enumerable.Repeat(status, count)));
        Assert.That(rows.Select(row => row.CostUsd), Is.EqualTo(rows.Select(row => status == "released" ? 0 : row.HeldUsd)));
        var found = await stage.Ledger.VerifyAsync();
        Assert.That((found.Balanced, found.Held), Is.EqualTo((true, 0L)));
    }
}
