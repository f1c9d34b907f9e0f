using AiGateway.Api.Tests.Hosting;
using AiGateway.Domain;

namespace AiGateway.Api.Tests.Anthropic;

/// <summary>Failures in Anthropic's form.</summary>
internal sealed class AnthropicErrorTests
{
    private MessagesGateway _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await MessagesGateway.StartAsync(null, TestTokens.Settings);

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [SetUp]
    public void Reset() => _stage.Provider.Reset();

    [TestCase(ErrorCode.ProviderRateLimited, 429, "rate_limit_error")]
    [TestCase(ErrorCode.ProviderFailed, 502, "api_error")]
    [TestCase(ErrorCode.ProviderTimeout, 504, "timeout_error")]
    [TestCase(ErrorCode.GatewayBusy, 503, "overloaded_error")]
    [TestCase(ErrorCode.LedgerUnavailable, 503, "overloaded_error")]
    [TestCase(ErrorCode.InternalError, 500, "api_error")]
    [TestCase(ErrorCode.PermissionDenied, 403, "permission_error")]
    [TestCase(ErrorCode.ProviderRejected, 400, "invalid_request_error")]
    public async Task Failure_HasTheTypeOfItsStatus(ErrorCode code, int status, string type)
    {
        _stage.Provider.Answer = _ => throw new ProviderException(code, "claude-server", "What happened.");

        AssertError(await PostAsync(), status, type, "What happened.");
    }

    [Test]
    public async Task Refusal_OfTheProvider_KeepsItsTypeWordsStatusAndRequestId()
    {
        _stage.Provider.Answer = _ => throw new ProviderException(ErrorCode.ProviderRejected, "claude-server", "thinking.type: Input tag 'x'.")
        {
            ProviderStatus = 422,
            ProviderErrorType = "odd_error",
            ProviderRequestId = "req_7",
        };

        var reply = await PostAsync();

        Assert.That((reply.Status, reply.Header("request-id")), Is.EqualTo((422, "req_7")));
        Assert.That(reply.Text, Is.EqualTo("""{"type":"error","error":{"type":"odd_error","message":"thinking.type: Input tag 'x'."},"request_id":"req_7"}"""));
    }

    [TestCase("This model's maximum context length is 8192 tokens.", "prompt is too long: This model's maximum context length is 8192 tokens.")]
    [TestCase("prompt is too long: 9 tokens > 8 maximum", "prompt is too long: 9 tokens > 8 maximum")]
    public async Task PromptAboveTheWindow_IsToldInTheWordsThatAgentsActOn(string words, string expected)
    {
        _stage.Provider.Answer = _ => throw new ProviderException(ErrorCode.ContextLengthExceeded, "claude-server", words);

        AssertError(await PostAsync(), 400, "invalid_request_error", expected);
    }

    [Test]
    public async Task SpentBudget_IsNotRetried()
    {
        var user = await _stage.Gateway.CreateUserAsync();
        await _stage.Gateway.Admin.SetQuotaAsync(user.Id, daily: 0);

        var reply = await user.Caller.PostAsync(MessagesGateway.Path, MessagesGateway.Body("\"q\""));

        AssertError(reply, 429, "rate_limit_error");
        Assert.That(reply.Header("x-should-retry"), Is.EqualTo("false"));
    }

    [TestCase("POST", "/v1/messages", 401, "authentication_error")]
    [TestCase("POST", "/v1/messages/count_tokens", 401, "authentication_error")]
    public async Task Request_WithoutCredentials_IsRefused(string method, string path, int status, string type) => AssertError(
        await _stage.Gateway.Anonymous.SendAsync(new HttpMethod(method), path, MessagesGateway.Body("\"q\"")), status, type);

    [TestCase("x-api-key")]
    [TestCase("Authorization")]
    [TestCase("x-api-key", "Authorization")]
    public async Task Key_InEitherHeaderOrBoth_IsAccepted(params string[] headers) =>
        (await SendAsync([.. headers.Select(header => (header, _stage.Caller.Credentials!))])).Expect(200);

    [Test]
    public async Task Keys_ThatDiffer_AreRefused()
    {
        var other = await _stage.Gateway.CreateUserAsync();

        var reply = await SendAsync(("x-api-key", _stage.Caller.Credentials!), ("Authorization", other.Caller.Credentials!));

        AssertError(reply, 401, "authentication_error");
        Assert.That(reply.Text, Does.Contain("different credentials"));
    }

    [TestCase("GET", "/v1/messages", 404)]
    [TestCase("POST", "/v1/messages/batches", 404)]
    public async Task Address_ThatIsNotOffered_IsNotFound(string method, string path, int status) =>
        AssertError(await _stage.Caller.SendAsync(new HttpMethod(method), path, method == "POST" ? "{}" : null), status, "not_found_error");

    [Test]
    public async Task Body_OfAnotherTypeOrMalformed_IsRefused()
    {
        var text = _stage.Caller.Request(HttpMethod.Post, MessagesGateway.Path);
        text.Content = new StringContent("hello");

        AssertError(await _stage.Caller.SendAsync(text), 415, "invalid_request_error");
        AssertError(await _stage.Caller.PostAsync(MessagesGateway.Path, "{"), 400, "invalid_request_error");
        AssertError(await _stage.Caller.PostAsync(MessagesGateway.Path, """{"model":"m","model":"n"}"""), 400, "invalid_request_error");
        AssertError(await _stage.Caller.PostAsync(MessagesGateway.Path, MessagesGateway.Body("\"q\"", model: "gpt-none")), 404, "not_found_error");
    }

    [Test]
    public async Task Request_OfAClientOfAnthropicAtAnAddressThatIsMissing_IsToldInItsForm()
    {
        var request = _stage.Caller.Request(HttpMethod.Get, "/v1/files");
        request.Headers.Add("anthropic-version", "2023-06-01");

        AssertError(await _stage.Caller.SendAsync(request), 404, "not_found_error");
    }

    private Task<Reply> PostAsync() => _stage.Caller.PostAsync(MessagesGateway.Path, MessagesGateway.Body("\"q\""));

    private Task<Reply> SendAsync(params (string Name, string Value)[] credentials)
    {
        var request = _stage.Gateway.Anonymous.Request(HttpMethod.Post, MessagesGateway.Path);
        request.Content = new StringContent(MessagesGateway.Body("\"q\""), System.Text.Encoding.UTF8, "application/json");
        foreach (var (name, value) in credentials) request.Headers.TryAddWithoutValidation(name, name == "Authorization" ? $"Bearer {value}" : value);
        return _stage.Gateway.Anonymous.SendAsync(request);
    }

    private static void AssertError(Reply reply, int status, string type, string? message = null)
    {
        Assert.That(reply.Status, Is.EqualTo(status), reply.Text);
        var error = reply.Json.GetProperty("error");
        Assert.That((reply.Json.GetProperty("type").GetString(), error.GetProperty("type").GetString()), Is.EqualTo(("error", type)));
        if (message is not null) Assert.That(error.GetProperty("message").GetString(), Is.EqualTo(message));
        Assert.That(reply.Json.GetProperty("request_id").GetString(), Is.EqualTo(reply.Header("x-request-id")));
        Assert.That(reply.Header("request-id"), Is.EqualTo(reply.Header("x-request-id")));
    }
}
