using AiGateway.Application.Providers;
using AiGateway.Domain;
using AiGateway.Testing;

namespace AiGateway.Infrastructure.Tests.Providers.Anthropic;

/// <summary>The provider's errors: what they mean, and which words reach the caller.</summary>
[TestFixture]
internal sealed class AnthropicFailureTests
{
    private static readonly ModelCall Streamed = TestCall.Of(request => request with { Stream = true });

    [TestCase(400, "invalid_request_error", "messages: at least one message is required", ErrorCode.ProviderRejected)]
    [TestCase(400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum", ErrorCode.ContextLengthExceeded)]
    [TestCase(404, "not_found_error", "Not found", ErrorCode.ProviderRejected)]
    [TestCase(413, "request_too_large", "Request exceeds the maximum size", ErrorCode.ProviderRejected)]
    [TestCase(422, "invalid_request_error", "no", ErrorCode.ProviderRejected)]
    public async Task Refusal_OfTheRequest_KeepsItsWords(int status, string type, string message, ErrorCode code)
    {
        await using var wire = await AnthropicWire.StartAsync(AnthropicAnswers.Error(status, type, message));

        var failure = await wire.FailAsync();

        Assert.That((failure.Code, failure.ProviderStatus, failure.Message, failure.ProviderErrorType), Is.EqualTo((code, status, message, type)));
        Assert.That(failure.ProviderRequestId, Is.EqualTo(AnthropicAnswers.RequestId));
        Assert.That(wire.Adapter.CheckQuota().HasCapacity, Is.True);
    }

    [TestCase(409, "conflict_error", ErrorCode.ProviderFailed)]
    [TestCase(500, "api_error", ErrorCode.ProviderFailed)]
    [TestCase(503, "api_error", ErrorCode.ProviderFailed)]
    [TestCase(504, "timeout_error", ErrorCode.ProviderFailed)]
    [TestCase(529, "overloaded_error", ErrorCode.ProviderFailed)]
    public async Task Failure_OfTheProvider_IsToldInItsWordsBesideOurs(int status, string type, ErrorCode code)
    {
        await using var wire = await AnthropicWire.StartAsync(AnthropicAnswers.Error(status, type, "Its own words"));

        var failure = await wire.FailAsync();

        Assert.That(
            (failure.Code, failure.ProviderStatus, failure.ProviderWords, failure.ProviderErrorType, failure.WorthAnotherProvider),
            Is.EqualTo((code, status, "Its own words", type, true)));
        Assert.That(failure.ProviderRequestId, Is.EqualTo(AnthropicAnswers.RequestId));
    }

    [TestCase(401, "authentication_error", "invalid x-api-key")]
    [TestCase(403, "permission_error", "Your API key does not have permission")]
    [TestCase(402, "billing_error", "There is an issue with your billing")]
    public async Task Trouble_WithTheAccount_IsNotToldToTheCaller(int status, string type, string message)
    {
        await using var wire = await AnthropicWire.StartAsync(AnthropicAnswers.Error(status, type, message));

        var failure = await wire.FailAsync();

        Assert.That((failure.Code, failure.ProviderWords, failure.ProviderErrorType), Is.EqualTo((ErrorCode.ProviderFailed, (string?)null, (string?)null)));
        Assert.That(failure.Message, Does.Not.Contain(message));
    }

    [Test]
    public async Task RateLimit_WithAWait_IsOne()
    {
        await using var wire = await AnthropicWire.StartAsync(AnthropicAnswers.Error(429, "rate_limit_error", "This request would exceed your rate limit", ("retry-after", "7")));

        var failure = await wire.FailAsync();

        Assert.That(
            (failure.Code, failure.RetryAfter, failure.ProviderWords),
            Is.EqualTo((ErrorCode.ProviderRateLimited, (TimeSpan?)TimeSpan.FromSeconds(7), "This request would exceed your rate limit")));
        Assert.That(wire.Adapter.CheckQuota().HasCapacity, Is.True);
    }

    [TestCase(429, "rate_limit_error", "This request would exceed a limit", true, true)]
    [TestCase(429, "rate_limit_error", "This request would exceed a limit", false, false)]
    [TestCase(400, "invalid_request_error", "You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.", false, true)]
    [TestCase(400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API.", false, true)]
    [TestCase(402, "billing_error", "Pay", false, true)]
    public async Task Account_WithoutMoney_IsRecognised(int status, string type, string message, bool namesWait, bool isExhausted)
    {
        await using var wire = await AnthropicWire.StartAsync(account => account with { RateLimitNamesWait = namesWait }, AnthropicAnswers.Error(status, type, message));

        var failure = await wire.FailAsync();

        Assert.That(wire.Adapter.CheckQuota().HasCapacity, Is.Not.EqualTo(isExhausted));
        if (isExhausted) Assert.That((failure.Code, failure.ProviderWords), Is.EqualTo((ErrorCode.ProviderFailed, (string?)null)));
    }

    [Test]
    public async Task Account_WithoutMoney_IsRecognisedByTheCodeInTheDetails()
    {
        var body = """{"type":"error","error":{"type":"rate_limit_error","message":"Slow down","details":{"error_code":"enforced_spend_limit_reached"}},"request_id":"req_1"}""";
        await using var wire = await AnthropicWire.StartAsync(AnthropicAnswers.Json(body, 429, ("retry-after", "5")));

        await wire.FailAsync();

        Assert.That(wire.Adapter.CheckQuota().HasCapacity, Is.False);
    }

    [Test]
    public async Task PageOfTheEdge_ForALargeBody_IsARefusalWithItsStatus()
    {
        await using var wire = await AnthropicWire.StartAsync(AnthropicAnswers.TooLargeAtTheEdge);

        var failure = await wire.FailAsync();

        Assert.That((failure.Code, failure.ProviderStatus), Is.EqualTo((ErrorCode.ProviderRejected, 413)));
        Assert.That(failure.Message, Does.Not.Contain("html"));
    }

    [Test]
    public async Task Error_BeforeAnyOutput_IsTheFailureOfTheCall()
    {
        var events = new[] { AnthropicAnswers.MessageStart, """{"type":"ping"}""", AnthropicAnswers.ErrorBody("overloaded_error", "Overloaded") };
        await using var wire = await AnthropicWire.StartAsync(AnthropicAnswers.Stream(events));

        var failure = await wire.FailAsync(Streamed);

        Assert.That(
            (failure.Code, failure.Outcome, failure.ProviderWords, failure.ProviderErrorType),
            Is.EqualTo((ErrorCode.ProviderFailed, AttemptOutcome.Refused, "Overloaded", "overloaded_error")));
    }

    [TestCase("rate_limit_error", ErrorCode.ProviderRateLimited)]
    [TestCase("timeout_error", ErrorCode.ProviderFailed)]
    [TestCase("invalid_request_error", ErrorCode.ProviderRejected)]
    public async Task Error_WithinAStream_EndsIt(string type, ErrorCode code)
    {
        var events = AnthropicAnswers.Events.Take(8).Append(AnthropicAnswers.ErrorBody(type, "Its words"));
        await using var wire = await AnthropicWire.StartAsync(AnthropicAnswers.Stream(events));

        var (payloads, _, failure) = await (await wire.AskAsync(Streamed)).ReadAsync();

        Assert.That(payloads, Has.Count.EqualTo(8));
        Assert.That((((ProviderException)failure!).Code, ((ProviderException)failure).ProviderErrorType), Is.EqualTo((code, type)));
        Assert.That(wire.Adapter.CheckQuota().HasCapacity, Is.True, "an event has no header with a wait");
    }

    [Test]
    public async Task Error_InAReplyOf200_IsOne()
    {
        await using var wire = await AnthropicWire.StartAsync(AnthropicAnswers.Json(AnthropicAnswers.ErrorBody("overloaded_error", "Overloaded")));

        var failure = await wire.FailAsync();

        Assert.That((failure.Code, failure.ProviderWords), Is.EqualTo((ErrorCode.ProviderFailed, "Overloaded")));
    }

    [Test]
    public async Task RateLimits_OfTheHeaders_AreKept()
    {
        var reset = TimeProvider.System.GetUtcNow().AddMinutes(10).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        await using var wire = await AnthropicWire.StartAsync(AnthropicAnswers.Json(
            AnthropicAnswers.Message,
            200,
            ("anthropic-ratelimit-requests-limit", "50"),
            ("anthropic-ratelimit-requests-remaining", "49"),
            ("anthropic-ratelimit-tokens-remaining", "1000"),
            ("anthropic-ratelimit-tokens-reset", reset)));

        await wire.AskAsync();

        var told = wire.Adapter.GetRateLimit()!;
        Assert.That((told.LimitRequests, told.RemainingRequests, told.RemainingTokens), Is.EqualTo(((long?)50, (long?)49, (long?)1000)));
        Assert.That(told.ResetTokens, Is.GreaterThan(TimeSpan.FromMinutes(8)).And.LessThan(TimeSpan.FromMinutes(11)));
    }
}
