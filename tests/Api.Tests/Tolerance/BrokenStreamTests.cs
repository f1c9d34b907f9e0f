using System.Text;
using System.Text.Json;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;
using static AiGateway.Api.Tests.Tolerance.Streams;

namespace AiGateway.Api.Tests.Tolerance;

/// <summary>Streams that fail: what the client is told, and what is charged.</summary>
internal sealed class BrokenStreamTests : ToleranceFixture
{
    private const string Words = "Words of the provider.";

    // An error before the first token is a reply with the status of the error. Nothing is charged.
    private static IEnumerable<TestCaseData> ErrorsAtFirst()
    {
        yield return Case("429 as code", First("""{"error":{"message":"Words of the provider.","code":429}}"""), 429, "429");
        yield return Case("400 as code", First("""{"error":{"message":"Words of the provider.","code":400,"type":"t"}}"""), 400, "400");
        yield return Case("502 in the choice", First("""{"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error","error":{"code":502,"message":"Words of the provider."}}]}"""), 502, "502");
        yield return Case("context length", First("""{"error":{"message":"Words of the provider.","code":"context_length_exceeded"}}"""), 400, "context_length_exceeded");
        yield return Case("no status", First("""{"error":{"message":"Words of the provider.","code":"odd"}}"""), 502, "odd");
        yield return Case("named event", Body($"event: error\ndata: {{\"message\":\"{Words}\",\"code\":\"rate_limit_exceeded\"}}\n\n"), 429, "rate_limit_exceeded");
        yield return Case("plain JSON", Body($$$"""{"error":{"message":"{{{Words}}}","code":429}}""", "application/json"), 429, "429");
        yield return Case("array", Body($$$"""[{"error":{"message":"{{{Words}}}","code":503,"status":"UNAVAILABLE"}}]""", "application/json"), 502, "503");
        yield return Case("flat", Body($$$"""{"message":"{{{Words}}}","statusCode":422}""", "application/json"), 422, null);
        yield return Case("after pings", Body(": ping\n\nevent: ping\ndata: {}\n\n" + Data($$$"""{"error":{"message":"{{{Words}}}","code":400}}""")), 400, "400");
        yield return Case("after Azure's first chunk", Body(Data("""{"choices":[],"prompt_filter_results":[]}""", $$$"""{"error":{"message":"{{{Words}}}","code":400}}""")), 400, "400");
    }

    [TestCaseSource(nameof(ErrorsAtFirst))]
    public async Task Chat_WhenAnErrorComesFirst_HasItsStatusCodeAndMessage(Answer answer, int status, string? code)
    {
        Gateway.Provider.Answer = answer;

        var reply = (await User.Caller.ChatAsync(stream: true)).Expect(status);

        var error = reply.Json.GetProperty("error");
        Assert.That(error.GetProperty("message").GetString(), Is.EqualTo(Words));
        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo(code));
        await AssertReleasedAsync();
    }

    [TestCaseSource(nameof(ErrorsAtFirst))]
    public async Task Chat_WhenAPlainRequestIsAnsweredWithAnError_HasItsStatusCodeAndMessage(Answer answer, int status, string? code)
    {
        Gateway.Provider.Answer = answer;

        var reply = (await User.Caller.ChatAsync(stream: false)).Expect(status);

        Assert.That(reply.Json.GetProperty("error").GetProperty("message").GetString(), Is.EqualTo(Words));
        Assert.That(reply.Json.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo(code));
        await AssertReleasedAsync();
    }

    [TestCaseSource(nameof(ErrorsAtFirst))]
    public async Task Native_WhenAnErrorComesFirst_HasItsStatusAndMessage(Answer answer, int status, string? code)
    {
        Gateway.Provider.Answer = answer;

        var reply = (await User.Caller.NativeAsync(stream: true)).Expect(status);

        Assert.That(reply.Json.GetProperty("detail").GetString(), Does.EndWith(Words), code);
        await AssertReleasedAsync();
    }

    // After the first token, the stream ends with the error, and its possible cost is charged.
    private static IEnumerable<TestCaseData> ErrorsLater()
    {
        yield return Case("code and words", Later($$$"""{"error":{"message":"{{{Words}}}","code":"context_length_exceeded","type":"invalid_request_error","param":"messages"}}"""), Words, "context_length_exceeded");
        yield return Case("status as code", Later($$$"""{"error":{"message":"{{{Words}}}","code":502}}"""), Words, "502");
        yield return Case("in the choice", Later($$$"""{"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error","error":{"code":502,"message":"{{{Words}}}"}}]}"""), Words, "502");
        yield return Case("account", Later("""{"error":{"message":"Insufficient Balance","code":402}}"""), "The provider openai refuses to serve the gateway's account. The operator must check the account there.", "provider_failed");
        yield return Case("key", Later($$$"""{"error":{"message":"Bad {{{GatewayHost.ProviderKey}}}.","code":500}}"""), "Bad [redacted].", "500");
        yield return Case("broken JSON", Later("""{"choices":[{"""), "The provider openai gave a malformed reply.", "provider_failed");
        yield return Case("invalid UTF-8", Body([.. Encoding.UTF8.GetBytes(Data(Chunk("a")) + "data: {\"choices\":[],\"x\":\""), 0xC3, 0x28, .. "\"}\n\n"u8]), "The provider openai gave a malformed reply.", "provider_failed");
        yield return Case("end without a finish reason", Body(Data(Chunk("a"))), "The provider openai broke off its reply.", "provider_failed");
        yield return Case("empty finish reasons are none", Body(Data(Chunk("a").Replace("null}", "\"\"}", StringComparison.Ordinal))), "The provider openai broke off its reply.", "provider_failed");
    }

    [TestCaseSource(nameof(ErrorsLater))]
    public async Task Chat_WhenItFailsLater_EndsWithTheErrorAndIsCharged(Answer answer, string words, string code)
    {
        Gateway.Provider.Answer = answer;

        var text = await ReadCutAsync();

        var last = JsonElement.Parse(text.TrimEnd().Split("data: ")[^1]);
        Assert.Multiple(() =>
        {
            Assert.That(text, Does.Contain("\"a\"").And.Not.Contain("[DONE]"));
            Assert.That(last.GetProperty("error").GetProperty("message").GetString(), Is.EqualTo(words));
            Assert.That(last.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo(code));
            Assert.That(text, Does.Not.Contain(GatewayHost.ProviderKey));
        });
        await AssertHeldIsChargedAsync();
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Chat_WhenTheConnectionIsReset_EndsWithTheErrorAndIsCharged(bool hasFinished)
    {
        var hasRead = new TaskCompletionSource();
        Gateway.Provider.Answer = Reset(Data(hasFinished ? [Chunk("a"), Finish] : [Chunk("a")]), hasRead.Task);
        using var request = await RawRequest.BeginAsync(User.Caller, "/v1/chat/completions", JsonSerializer.Serialize(ChatBody()), withheld: 0);

        var text = await request.ReadToEndAsync(signalAt: hasFinished ? "\"stop\"" : "\"a\"", hasRead.SetResult);

        Assert.That(text, Does.Contain("broke off its reply").And.Not.Contain("[DONE]"));
        await AssertHeldIsChargedAsync();
    }

    [Test]
    public async Task Chat_WhenAnErrorFollowsTheRoleAlone_ChargesNothing()
    {
        Gateway.Provider.Answer = Body(Data(
            """{"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""", $$$"""{"error":{"message":"{{{Words}}}","code":429}}"""));

        var text = await ReadCutAsync();

        Assert.That(text, Does.Contain(Words));
        await AssertReleasedAsync();
    }

    [Test]
    public async Task Chat_WhenAPlainReplyFailsWithUsage_IsChargedThatUsage()
    {
        Gateway.Provider.Answer = Body(
            $$$"""{"choices":[{"index":0,"message":{"role":"assistant","content":"a"},"finish_reason":"error","error":{"code":502,"message":"{{{Words}}}"}}],"usage":{{{Usage}}}}""",
            "application/json");

        var reply = (await User.Caller.ChatAsync(stream: false)).Expect(502);

        Assert.That(reply.Json.GetProperty("error").GetProperty("message").GetString(), Is.EqualTo(Words));
        var row = await RecordAsync();
        Assert.That(row.GetProperty("status").GetString(), Is.EqualTo("unknown"));
        Assert.That(row.GetProperty("costUsd").GetDecimal(), Is.EqualTo(TestPrices.CostUsd(7, 2)));
    }

    private static Answer First(string data) => Body(Data(data));

    private static Answer Later(string data) => Body(Data(Chunk("a"), data));

    /// <summary>The stream as far as it came before it was cut.</summary>
    private async Task<string> ReadCutAsync()
    {
        using var request = await RawRequest.BeginAsync(User.Caller, "/v1/chat/completions", JsonSerializer.Serialize(ChatBody()), withheld: 0);
        return await request.ReadToEndAsync();
    }

    private static object ChatBody() =>
        new { model = TestPrices.Model, max_tokens = 50, stream = true, messages = new[] { new { role = "user", content = "Hi" } } };
}
