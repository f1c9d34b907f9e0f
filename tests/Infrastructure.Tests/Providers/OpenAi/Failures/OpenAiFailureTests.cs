using AiGateway.Domain;

namespace AiGateway.Infrastructure.Tests.Providers.OpenAi.Failures;

/// <summary>What each status of the provider means, and how often the call is tried.</summary>
[TestFixture]
internal sealed class OpenAiFailureTests
{
    private static readonly (string, string) RetrySoon = ("retry-after-ms", "1");

    [TestCase(400, ErrorCode.ProviderRejected, 1)]
    [TestCase(401, ErrorCode.ProviderFailed, 1)]
    [TestCase(402, ErrorCode.ProviderFailed, 1)]
    [TestCase(403, ErrorCode.ProviderFailed, 1)]
    [TestCase(404, ErrorCode.ProviderRejected, 1)]
    [TestCase(408, ErrorCode.ProviderTimeout, 3)]
    [TestCase(409, ErrorCode.ProviderRejected, 1)]
    [TestCase(413, ErrorCode.ProviderRejected, 1)]
    [TestCase(415, ErrorCode.ProviderRejected, 1)]
    [TestCase(418, ErrorCode.ProviderRejected, 1)]
    [TestCase(422, ErrorCode.ProviderRejected, 1)]
    [TestCase(429, ErrorCode.ProviderRateLimited, 3)]
    [TestCase(500, ErrorCode.ProviderFailed, 3)]
    [TestCase(502, ErrorCode.ProviderFailed, 3)]
    [TestCase(503, ErrorCode.ProviderFailed, 3)]
    [TestCase(504, ErrorCode.ProviderFailed, 3)]
    [TestCase(529, ErrorCode.ProviderFailed, 3)]
    [TestCase(201, ErrorCode.ProviderFailed, 1)]
    public async Task Failure_WithAStatus_IsClassifiedAndTriedAsOftenAsUseful(int status, ErrorCode code, int attempts)
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.Status(status, RetrySoon));

        var failure = await wire.FailAsync();

        Assert.Multiple(() =>
        {
            Assert.That(failure.Code, Is.EqualTo(code));
            Assert.That(failure.Provider, Is.EqualTo("openai"));
            Assert.That(failure.ProviderStatus, Is.EqualTo(status));
            Assert.That(wire.Provider.Seen, Has.Count.EqualTo(attempts));
            Assert.That(failure.WorthAnotherProvider, Is.EqualTo(code != ErrorCode.ProviderRejected));
            Assert.That(failure.Message.Contains("CANARY-MESSAGE", StringComparison.Ordinal), Is.EqualTo(code == ErrorCode.ProviderRejected));
            Assert.That(
                wire.Log.Lines,
                Is.EqualTo(new[] { $"Warning Request {TestCall.RequestId}: provider openai ended with {code.ToName()}, status {status}, after {attempts} attempts" }));
        });
    }

    [TestCase(429)]
    [TestCase(500)]
    [TestCase(408)]
    public async Task Failure_BeforeASuccess_IsRetriedWithoutATrace(int status)
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.Status(status, RetrySoon), Answers.Ok);

        var reply = await wire.AskAsync();

        Assert.Multiple(() =>
        {
            Assert.That(reply.Content, Is.EqualTo("Hello."));
            Assert.That(wire.Provider.Seen, Has.Count.EqualTo(2));
            Assert.That(wire.Provider.Seen[1].Body, Is.EqualTo(wire.Provider.Seen[0].Body));
            Assert.That(wire.Log.Lines, Is.Empty);
        });
    }

    [Test]
    public async Task Failure_WhenNoRetriesAreAllowed_IsReturnedAtOnce()
    {
        await using var wire = await OpenAiWire.StartAsync(new() { MaxRetries = 0 }, TimeProvider.System, Answers.Status(500));

        await wire.FailAsync();

        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Rejection_WithAMessage_PassesItOn()
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.Json(
            """{"error":{"message":"Too long.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""", 400));

        var failure = await wire.FailAsync();

        Assert.Multiple(() =>
        {
            Assert.That(failure.Message, Is.EqualTo("Too long."));
            Assert.That(failure.ProviderErrorType, Is.EqualTo("invalid_request_error"));
            Assert.That(failure.ProviderErrorParam, Is.EqualTo("messages"));
            Assert.That(failure.ProviderErrorCode, Is.EqualTo("context_length_exceeded"));
        });
    }

    [TestCase("""{"error":"Model is gone."}""", "Model is gone.", null)]
    [TestCase("""{"object":"error","message":"No such field.","code":400}""", "No such field.", "400")]
    [TestCase("""{"error":{"message":"m","code":123}}""", "m", "123")]
    [TestCase("""{"error":{"message":7,"code":{}}}""", "The provider openai refused the request with status 400.", null)]
    [TestCase("""{"error":null}""", "The provider openai refused the request with status 400.", null)]
    [TestCase("""{"error":{"message":"\ud800"}}""", "The provider openai refused the request with status 400.", null)]
    [TestCase("""{"error":{"message":"CANARY""", "The provider openai refused the request with status 400.", null)]
    [TestCase("Plain words.", "Plain words.", null)]
    [TestCase("<p>CANARY</p>", "The provider openai refused the request with status 400.", null)]
    [TestCase("""[{"error":{"code":400,"message":"In an array.","status":"INVALID_ARGUMENT"}}]""", "In an array.", "400")]
    [TestCase("""{"message":"Flat.","statusCode":400}""", "Flat.", null)]
    [TestCase("""{"error":{"message":{"detail":"Nested."}}}""", "Nested.", null)]
    [TestCase("""{"detail":"Told as detail."}""", "Told as detail.", null)]
    [TestCase("""{"detail":[{"loc":["body","temperature"],"msg":"Too hot.","type":"value_error"}]}""", "body.temperature: Too hot.", null)]
    [TestCase("""{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","seed"]}]}}""", "body.seed: extra_forbidden", null)]
    [TestCase("""{"errors":[{"message":"One of several.","code":"c"}]}""", "One of several.", "c")]
    [TestCase("""{"code":"client_error","error":"Text beside a code."}""", "Text beside a code.", "client_error")]
    [TestCase("[]", "The provider openai refused the request with status 400.", null)]
    [TestCase("", "The provider openai refused the request with status 400.", null)]
    public async Task Rejection_InAnotherForm_PassesOnOnlyAMessage(string body, string message, string? code)
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.Json(body, 400));

        var failure = await wire.FailAsync();

        Assert.That(failure.Message, Is.EqualTo(message));
        Assert.That(failure.ProviderErrorCode, Is.EqualTo(code));
    }

    [TestCase(400)]
    [TestCase(404)]
    [TestCase(502)]
    public async Task Failure_WhenBodyIsHtml_ShowsNothingOfIt(int status)
    {
        await using var wire = await OpenAiWire.StartAsync(new() { MaxRetries = 0 }, TimeProvider.System, Answers.Html(status));

        var failure = await wire.FailAsync();

        Assert.That(failure.ToString(), Does.Not.Contain("CANARY"));
        Assert.That(failure.ProviderStatus, Is.EqualTo(status));
    }

    [Test]
    public async Task Rejection_WhenLong_IsCut()
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.Json($$$"""{"error":{"message":"{{{new string('m', 1_999)}}}😀😀"}}""", 400));

        var failure = await wire.FailAsync();

        Assert.That(failure.Message, Is.EqualTo(new string('m', 1_999)));
    }

    [Test]
    public async Task Rejection_WhenHuge_LosesOnlyTheProvidersMessage()
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.Json($$$"""{"error":{"message":"{{{new string('m', 100_000)}}}"}}""", 400));

        var failure = await wire.FailAsync();

        Assert.That(failure.Code, Is.EqualTo(ErrorCode.ProviderRejected));
        Assert.That(failure.Message, Is.EqualTo("The provider openai refused the request with status 400."));
    }

    [TestCase("""{"error":{"message":"m","type":"insufficient_quota","code":"credit_balance_exhausted"}}""")]
    [TestCase("""{"error":{"message":"m","type":"requests","code":"insufficient_quota"}}""")]
    [TestCase("""{"error":{"message":"Insufficient Balance","type":"unknown_error","code":"invalid_request_error"}}""", 402)]
    [TestCase("""{"error":{"message":"用户额度不足","type":"new_api_error","code":"insufficient_user_quota"}}""", 403)]
    [TestCase("""{"error":{"message":"Your API key has no access to this resource."}}""", 403)]
    [TestCase("""{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the API."}}""", 400)]
    [TestCase("""{"error":{"message":"You have reached your specified API usage limits.","type":"invalid_request_error"}}""", 400)]
    public async Task Account_WithoutFunds_IsNotRetriedAndRememberedForAMinute(string body, int status = 429)
    {
        var time = new WatchedTime();
        await using var wire = await OpenAiWire.StartAsync(new(), time, Answers.Json(body, status, ("retry-after", "1")));
        Assert.That(wire.Adapter.CheckQuota().HasCapacity, Is.True);

        var failure = await wire.FailAsync();

        var quota = wire.Adapter.CheckQuota();
        Assert.Multiple(() =>
        {
            Assert.That(failure.Code, Is.EqualTo(ErrorCode.ProviderFailed));
            Assert.That(failure.WorthAnotherProvider, Is.True);
            Assert.That(failure.RetryAfter, Is.Null);
            Assert.That(wire.Provider.Seen, Has.Count.EqualTo(1));
            Assert.That(quota.HasCapacity, Is.False);
            Assert.That(quota.RetryAt, Is.EqualTo(time.GetUtcNow().AddSeconds(60)));
        });
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.That(wire.Adapter.CheckQuota(), Is.EqualTo(new Application.Providers.ProviderQuotaStatus(true, null)));
    }

    [Test]
    public async Task Account_AfterAReply_HasCapacityAgain()
    {
        await using var wire = await OpenAiWire.StartAsync(
            Answers.Json("""{"error":{"type":"insufficient_quota"}}""", 429), Answers.Ok);
        await wire.FailAsync();

        await wire.AskAsync();

        Assert.That(wire.Adapter.CheckQuota().HasCapacity, Is.True);
    }

    [TestCase("""{"error":{"message":"Unknown value 'insufficient balance' for tool.","type":"invalid_request_error"}}""")]
    [TestCase("""{"error":{"message":"Model's tool \"spend limit\" is unknown.","type":"invalid_request_error"}}""")]
    public async Task Rejection_ThatQuotesMoneyWordsOfTheRequest_StaysARejection(string body)
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.Json(body, 400));

        var failure = await wire.FailAsync();

        Assert.That(failure.Code, Is.EqualTo(ErrorCode.ProviderRejected));
        Assert.That(wire.Adapter.CheckQuota().HasCapacity, Is.True);
    }

    [Test]
    public async Task RateLimit_WithQuotaWordsAndAWait_IsARateLimit()
    {
        await using var wire = await OpenAiWire.StartAsync(new() { MaxRetries = 0 }, TimeProvider.System, Answers.Json(
            """[{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.4s"}]}}]""", 429));

        var failure = await wire.FailAsync();

        Assert.That(failure.Code, Is.EqualTo(ErrorCode.ProviderRateLimited));
        Assert.That(failure.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(34.4)));
    }

    [TestCase(400, """{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error","n_prompt_tokens":9000,"n_ctx":4096}}""")]
    [TestCase(500, """{"error":{"code":500,"message":"the request exceeds the available context size. try increasing the context size","type":"server_error"}}""")]
    [TestCase(400, """{"object":"error","message":"This model's maximum context length is 4096 tokens. However, you requested 5000 tokens","type":"BadRequestError","code":400}""")]
    [TestCase(400, """[{"error":{"code":400,"message":"The input token count (1189073) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}]""")]
    [TestCase(400, """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 208310 tokens > 200000 maximum"}}""")]
    [TestCase(400, """{"error":"This model's maximum prompt length is 131072 but the request contains 155000 tokens."}""")]
    [TestCase(413, """{"error":{"message":"Please reduce the length of the messages or completion.","type":"invalid_request_error","code":"context_length_exceeded"}}""")]
    [TestCase(400, """{"error":{"message":"Your input exceeds the context window of this model.","code":"context_length_exceeded"}}""")]
    public async Task Prompt_ThatDoesNotFit_IsRecognisedInAnyWording(int status, string body)
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.Json(body, status));

        var failure = await wire.FailAsync();

        Assert.Multiple(() =>
        {
            Assert.That(failure.Code, Is.EqualTo(ErrorCode.ContextLengthExceeded));
            Assert.That(failure.ProviderErrorCode, Is.EqualTo("context_length_exceeded"));
            Assert.That(failure.WorthAnotherProvider, Is.False);
            Assert.That(failure.Message, Does.Not.StartWith("The prompt is longer"), "the message is that of the provider");
            Assert.That(wire.Provider.Seen, Has.Count.EqualTo(1));
        });
    }
}
