using System.Text;
using System.Text.Json;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;
using static AiGateway.Api.Tests.Tolerance.Streams;

namespace AiGateway.Api.Tests.Tolerance;

/// <summary>Unusual streams and replies of the Responses API.</summary>
internal sealed class ResponseTests : ToleranceFixture
{
    private const string Words = "Words of the provider.";
    private static readonly string Whole = Created + InProgress + Delta("a") + Delta("b") + Completed;

    private static IEnumerable<TestCaseData> WholeStreams()
    {
        yield return Case("as it should be", Body(Whole));
        yield return Case("pings", Body(": ping\n\n" + Created + "event: ping\ndata: {}\n\n\n\nretry: 7\n\n" + Delta("a") + Delta("b") + Completed));
        yield return Case("no names", Body(string.Concat(Whole.Split('\n').Where(line => !line.StartsWith("event:", StringComparison.Ordinal)).Select(line => line + "\n"))));
        yield return Case("CRLF", Body(Whole.ReplaceLineEndings("\r\n")));
        yield return Case("CR", Body(Whole.ReplaceLineEndings("\r")));
        yield return Case("BOM and no blank", Body("\uFEFF" + Whole.Replace("data: ", "data:", StringComparison.Ordinal)));
        yield return Case("one line end between events", Body(Whole.Replace("\n\n", "\n", StringComparison.Ordinal) + "\n"));
        yield return Case("[DONE] at its end", Body(Whole + Done));
        yield return Case("gzip", Compressed(Whole, "gzip"));
        yield return Case("br", Compressed(Whole, "br"));
        yield return Case("a plain reply", Body(Response, "application/json"));
    }

    [TestCaseSource(nameof(WholeStreams))]
    public async Task Response_WhenTheStreamIsOdd_IsWholeAndCharged(Answer answer)
    {
        Gateway.Provider.Answer = answer;

        var reply = (await User.Caller.ResponseAsync(stream: true)).Expect(200);

        var events = reply.Events();
        Assert.That(reply.StreamedText(), Is.EqualTo("ab"), reply.Text);
        Assert.That(events[0].EventType, Is.EqualTo("response.created"));
        Assert.That(events[^1].EventType, Is.EqualTo("response.completed"));
        Assert.That(JsonElement.Parse(events[^1].Data).GetProperty("response").GetProperty("id").GetString(), Is.EqualTo("resp_t"));
        await AssertChargedAsync();
    }

    [TestCaseSource(nameof(WholeStreams))]
    public async Task Response_WhenAPlainRequestIsAnsweredInAnotherForm_IsAResponse(Answer answer)
    {
        Gateway.Provider.Answer = answer;

        var reply = (await User.Caller.ResponseAsync(stream: false)).Expect(200);

        Assert.That(reply.Json.GetProperty("id").GetString(), Is.EqualTo("resp_t"));
        Assert.That(reply.Json.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString(), Is.EqualTo("ab"));
        await AssertChargedAsync();
    }

    [Test]
    public async Task Response_WithReasoningThatAnotherAccountEncrypted_IsSentOnceMoreWithoutIt()
    {
        var unreadable = Answers.Error(400, "The encrypted content could not be verified.", "invalid_request_error", "invalid_encrypted_content");
        var readable = Body(Response, "application/json");
        Gateway.Provider.Reset((seen, http) => seen.Body.Contains("encrypted_content", StringComparison.Ordinal) ? unreadable(seen, http) : readable(seen, http));

        (await User.Caller.PostAsync("/v1/responses", $$"""
            {"model":"{{TestPrices.Model}}","input":[{"role":"user","content":"Hi"}, {"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"abc"},{"role":"user","content":"Go on"}],"store":false}
            """)).Expect(200);

        var sent = Gateway.Provider.Seen;
        Assert.That(sent, Has.Count.EqualTo(2));
        Assert.That(JsonElement.Parse(sent[1].Body).GetProperty("input").EnumerateArray().Select(item => item.GetProperty("content").GetString()), Is.EqualTo(["Hi", "Go on"]));
        await AssertChargedAsync();
    }

    private static IEnumerable<TestCaseData> ErrorsBeforeOutput()
    {
        var limited = Named("error", $$$"""{"type":"error","code":"rate_limit_exceeded","message":"{{{Words}}}","param":null}""");
        yield return Case("first", Body(limited), 429, "rate_limit_exceeded");
        yield return Case("after created and in progress", Body(Created + InProgress + limited), 429, "rate_limit_exceeded");
        yield return Case("context length", Body(Created + Named("error", $$$"""{"type":"error","code":"context_length_exceeded","message":"{{{Words}}}"}""")), 400, "context_length_exceeded");
        yield return Case("failed", Body(Created + Named("response.failed", """{"type":"response.failed","response":{"id":"resp_t","status":"failed","error":{"code":"server_error","message":"Words of the provider."}}}""")), 502, "server_error");
        yield return Case("plain", Body($$$"""{"error":{"code":"rate_limit_exceeded","message":"{{{Words}}}"}}""", "application/json"), 429, "rate_limit_exceeded");
    }

    [TestCaseSource(nameof(ErrorsBeforeOutput))]
    public async Task Response_WhenItFailsBeforeAnyOutput_HasTheStatusCodeAndMessage(Answer answer, int status, string code)
    {
        Gateway.Provider.Answer = answer;

        var reply = (await User.Caller.ResponseAsync(stream: true)).Expect(status);

        Assert.That(reply.Json.GetProperty("error").GetProperty("message").GetString(), Is.EqualTo(Words));
        Assert.That(reply.Json.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo(code));
        await AssertReleasedAsync();
    }

    private static IEnumerable<TestCaseData> ErrorsLater()
    {
        yield return Case("broken JSON", Body(Created + Delta("a") + Named("response.output_text.delta", """{"type":"response""") + Completed), "provider_failed");
        yield return Case("invalid UTF-8", Body([.. Encoding.UTF8.GetBytes(Created + Delta("a") + "event: x\ndata: {\"type\":\"x\",\"y\":\""), 0xFF, .. "\"}\n\n"u8, .. Encoding.UTF8.GetBytes(Completed)]), "provider_failed");
        yield return Case("error", Body(Created + Delta("a") + Named("error", $$$"""{"type":"error","code":"server_error","message":"{{{Words}}}"}""")), "server_error");
        yield return Case("end without the last event", Body(Created + Delta("a")), "provider_failed");
    }

    [TestCaseSource(nameof(ErrorsLater))]
    public async Task Response_WhenItFailsLater_EndsWithAnErrorEventAndIsCharged(Answer answer, string code)
    {
        Gateway.Provider.Answer = answer;
        using var request = await RawRequest.BeginAsync(
            User.Caller, "/v1/responses", JsonSerializer.Serialize(new { model = TestPrices.Model, max_output_tokens = 50, stream = true, input = "Hi" }), withheld: 0);

        var text = await request.ReadToEndAsync();

        Assert.That(text, Does.Contain("event: error").And.Contain($"\"code\":\"{code}\"").And.Not.Contain("response.completed"));
        await AssertHeldIsChargedAsync();
    }

    [Test]
    public async Task Response_WhenTheConnectionIsReset_EndsWithAnErrorEventAndIsCharged()
    {
        var hasRead = new TaskCompletionSource();
        Gateway.Provider.Answer = Reset(Created + Delta("a"), hasRead.Task);
        using var request = await RawRequest.BeginAsync(
            User.Caller, "/v1/responses", JsonSerializer.Serialize(new { model = TestPrices.Model, max_output_tokens = 50, stream = true, input = "Hi" }), withheld: 0);

        var text = await request.ReadToEndAsync(signalAt: "\"a\"", hasRead.SetResult);

        Assert.That(text, Does.Contain("event: error"));
        await AssertHeldIsChargedAsync();
    }

    [Test]
    public async Task Response_WhenItsClientLeavesAStalledStreamBeforeAnyOutput_ClosesTheConnection()
    {
        Gateway.Provider.Reset(Stall(Created + InProgress));
        using (await RawRequest.BeginAsync(
            User.Caller, "/v1/responses", JsonSerializer.Serialize(new { model = TestPrices.Model, max_output_tokens = 50, stream = true, input = "Hi" }), withheld: 0))
        {
            await Gateway.Provider.ArrivalsAsync();
        }

        await Gateway.Provider.HangUpAsync();
        var row = await RecordAsync();
        Assert.That(row.GetProperty("errorCode").GetString(), Is.EqualTo("client_closed_request"));
        Assert.That(row.GetProperty("costUsd").GetDecimal(), Is.Positive);
    }
}
