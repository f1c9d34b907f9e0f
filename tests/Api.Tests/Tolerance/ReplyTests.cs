using System.Text.Json;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;
using Microsoft.AspNetCore.Http;
using static AiGateway.Api.Tests.Tolerance.Streams;

namespace AiGateway.Api.Tests.Tolerance;

/// <summary>Unusual replies, refusals and errors of providers, as clients of each API see them.</summary>
internal sealed class ReplyTests : ToleranceFixture
{
    private const string Chat = "/v1/chat/completions";
    private const string Responses = "/v1/responses";
    private const string Embeddings = "/v1/embeddings";
    private const string Forbidden = """{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","stream_options","include_usage"]}]}}""";
    private const string RefusesOlder = """{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}}""";

    private const string Filtered = """
        {"error":{"message":"The response was filtered.","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{"violence":{"filtered":true,"severity":"high"}}}}}
        """;

    private static IEnumerable<TestCaseData> Compressed()
    {
        foreach (var coding in (string[])["gzip", "br", "deflate"])
        {
            yield return Case($"chat {coding}", Streams.Compressed(Completion, coding, "application/json"), Chat);
            yield return Case($"response {coding}", Streams.Compressed(Response, coding, "application/json"), Responses);
            yield return Case($"embeddings {coding}", Streams.Compressed("""{"object":"list","model":"odd-embedding","data":[],"usage":{"prompt_tokens":7,"total_tokens":7}}""", coding, "application/json"), Embeddings);
        }
    }

    [TestCaseSource(nameof(Compressed))]
    public async Task Reply_ThatIsCompressedWithoutBeingAsked_IsPassedOnDecompressed(Answer answer, string path)
    {
        Gateway.Provider.Answer = answer;

        var reply = (await AskAsync(path)).Expect(200);

        Assert.That(reply.Header("Content-Encoding"), Is.Null);
        Assert.That(reply.Json.ValueKind, Is.EqualTo(JsonValueKind.Object));
        Assert.That((await RecordAsync()).GetProperty("usageSource").GetString(), Is.EqualTo("provider"));
    }

    [Test]
    public async Task Reply_WithATruncatedCompression_IsAFailure()
    {
        var whole = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(whole, System.IO.Compression.CompressionMode.Compress)) gzip.Write(System.Text.Encoding.UTF8.GetBytes(Completion));
        Gateway.Provider.Answer = Body(whole.ToArray()[..^20], "application/json", "gzip");

        (await AskAsync(Chat)).Expect(502);

        await AssertHeldIsChargedAsync();
    }

    [Test]
    public async Task Error_ThatIsCompressed_KeepsItsMessage()
    {
        Gateway.Provider.Answer = async (request, http) =>
        {
            http.Response.StatusCode = 400;
            await Streams.Compressed("""{"error":{"message":"Squeezed words."}}""", "gzip", "application/json")(request, http);
        };

        Assert.That((await AskAsync(Chat)).Expect(400).Text, Does.Contain("Squeezed words."));
    }

    [TestCase(Chat)]
    [TestCase(Responses)]
    [TestCase(Embeddings)]
    public async Task Error_WithinAPlainReply_HasItsStatusCodeAndMessage(string path)
    {
        Gateway.Provider.Answer = Answers.Raw("""{"error":{"message":"Words.","code":429,"type":"t","param":"p"}}""");

        var reply = (await AskAsync(path)).Expect(429);

        Assert.That(reply.Text, Is.EqualTo("""{"error":{"message":"Words.","type":"t","param":"p","code":"429"}}"""));
        await AssertReleasedAsync();
    }

    [TestCase(402, """{"error":{"message":"Insufficient Balance","type":"unknown_error"}}""")]
    [TestCase(403, """{"error":{"message":"quota","code":"insufficient_user_quota"}}""")]
    [TestCase(400, """{"error":{"message":"Your credit balance is too low to access the API."}}""")]
    [TestCase(429, """{"error":{"message":"You exceeded your current quota.","code":"insufficient_quota"}}""")]
    [TestCase(200, """{"error":{"message":"Insufficient credits.","code":402}}""")]
    public async Task Account_ThatIsOutOfFunds_IsAFailureOfTheProviderWithoutItsMessage(int status, string body)
    {
        foreach (var path in (string[])[Chat, Responses, Embeddings])
        {
            Gateway.Provider.Answer = WithStatus(status, body);

            var reply = (await AskAsync(path)).Expect(502);

            var error = reply.Json.GetProperty("error");
            Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("provider_failed"), path);
            Assert.That(reply.Text, Does.Not.Contain("alance").And.Not.Contain("quota").And.Not.Contain("redit"));
        }

        Assert.That((await User.Caller.UsageAsync()).Select(row => row.GetProperty("costUsd").GetDecimal()), Is.All.Zero);
    }

    [Test]
    public async Task Rejection_ByAzuresContentFilter_KeepsTheVerdict()
    {
        Gateway.Provider.Answer = WithStatus(400, Filtered);

        var error = (await AskAsync(Chat)).Expect(400).Json.GetProperty("error");

        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("content_filter"));
        Assert.That(
            error.GetProperty("innererror").GetRawText(),
            Is.EqualTo("""{"code":"ResponsibleAIPolicyViolation","content_filter_result":{"violence":{"filtered":true,"severity":"high"}}}"""));
        await AssertReleasedAsync();
    }

    [Test]
    public async Task Verdict_ThatHoldsTheKey_IsWithheld()
    {
        Gateway.Provider.Answer = WithStatus(400, Filtered.Replace("ResponsibleAIPolicyViolation", GatewayHost.ProviderKey, StringComparison.Ordinal));

        var reply = (await AskAsync(Chat)).Expect(400);

        Assert.That(reply.Text, Does.Not.Contain(GatewayHost.ProviderKey).And.Not.Contain("innererror"));
    }

    [TestCase("""{"prompt_tokens":100,"completion_tokens":2,"total_tokens":419,"completion_tokens_details":{"reasoning_tokens":317}}""", 319, 0)]
    [TestCase("""{"prompt_tokens":100,"completion_tokens":2,"total_tokens":102,"prompt_cache_hit_tokens":64,"prompt_cache_miss_tokens":36}""", 2, 64)]
    [TestCase("""{"prompt_tokens":100,"completion_tokens":2,"total_tokens":102,"num_cached_tokens":64}""", 2, 64)]
    [TestCase("""{"prompt_tokens":100,"completion_tokens":2,"total_tokens":102,"prompt_token_details":{"cached_tokens":64}}""", 2, 64)]
    [TestCase("""{"prompt_tokens":100,"completion_tokens":2,"total_tokens":102,"cached_tokens":64}""", 2, 64)]
    [TestCase("""{"prompt_tokens":100,"completion_tokens":2,"total_tokens":102,"cost":99.5}""", 2, 0)]
    public async Task Usage_InAnotherForm_IsChargedAsTheProviderMeansIt(string usage, long completion, long cached)
    {
        Gateway.Provider.Answer = Answers.Raw(Completion.Replace(Usage, usage, StringComparison.Ordinal));

        (await AskAsync(Chat, maxTokens: 400)).Expect(200);

        var row = await RecordAsync();
        Assert.That(row.GetProperty("usageSource").GetString(), Is.EqualTo("provider"));
        Assert.That(row.GetProperty("costUsd").GetDecimal(), Is.EqualTo(TestPrices.CostUsd(100, completion, cached)));
    }

    [Test]
    public async Task StreamOptions_ThatTheServerForbids_AreLeftOutAfterwards()
    {
        // The test has its own gateway, because a gateway remembers what it has learned about a provider.
        await using var gateway = await GatewayHost.StartAsync();
        var user = await gateway.CreateUserAsync();
        gateway.Provider.Answer = (request, http) => (request.Body.Contains("stream_options", StringComparison.Ordinal)
            ? WithStatus(422, Forbidden)
            : Body(Data(Chunk("a b"), Finish) + Done))(request, http);

        var first = (await user.Caller.ChatAsync(stream: true)).Expect(200);
        var second = (await user.Caller.ChatAsync(stream: true)).Expect(200);
        var asked = await user.Caller.ChatAsync(stream: true, wantsUsage: true);

        Assert.Multiple(() =>
        {
            Assert.That(first.StreamedText() + second.StreamedText(), Is.EqualTo("a ba b"));
            Assert.That(gateway.Provider.Seen, Has.Count.EqualTo(4));
            Assert.That(asked.Status, Is.EqualTo(422), "a member that the client itself sent is not left out");
        });
        var rows = await user.Caller.UsageAsync();
        Assert.That(rows.Select(row => row.GetProperty("status").GetString()), Is.EqualTo(["released", "settled", "settled"]));
        Assert.That(rows.Skip(1).Select(row => row.GetProperty("usageSource").GetString()), Is.All.EqualTo("counted"));
        Assert.That(
            rows[2].GetProperty("attempts").EnumerateArray().Select(attempt => attempt.GetProperty("outcome").GetString()), Is.EqualTo(["refused", "answered"]));
        await gateway.Admin.VerifyAsync();
    }

    [TestCase(Chat, false)]
    [TestCase(Chat, true)]
    [TestCase("/api/v1/ai/generate", false)]
    public async Task OutputLimit_UnderARefusedName_IsRenamedAfterwards(string path, bool stream)
    {
        await using var gateway = await GatewayHost.StartAsync();
        var user = await gateway.CreateUserAsync();
        gateway.Provider.Answer = (request, http) => (request.Body.Contains("\"max_tokens\"", StringComparison.Ordinal)
            ? WithStatus(400, RefusesOlder)
            : stream ? Body(Data(Chunk("ab"), Finish, UsageChunk) + Done) : Answers.Raw(Completion))(request, http);

        for (var i = 0; i < 2; i++)
        {
            (path == Chat ? await user.Caller.ChatAsync(stream) : await user.Caller.NativeAsync(stream)).Expect(200);
        }

        Assert.That(gateway.Provider.Seen, Has.Count.EqualTo(3));
        Assert.That(gateway.Provider.Seen.Skip(1).Select(seen => seen.Body), Is.All.Contains("\"max_completion_tokens\":50"));
        Assert.That((await user.Caller.UsageAsync()).Select(row => row.GetProperty("costUsd").GetDecimal()), Is.All.EqualTo(TestPrices.CostUsd(7, 2)));
    }

    [Test]
    public async Task OutputLimit_WhoseValueIsRefused_IsSentOnce()
    {
        Gateway.Provider.Reset(WithStatus(400, """{"error":{"message":"max_tokens is too large: 50. This model supports at most 10 completion tokens.","type":"invalid_request_error","param":"max_tokens","code":"invalid_value"}}"""));

        (await User.Caller.ChatAsync(stream: false)).Expect(400);

        Assert.That(Gateway.Provider.Seen, Has.Count.EqualTo(1));
        await AssertReleasedAsync();
    }

    private static Answer WithStatus(int status, string body) => (_, http) =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(body);
    };

    private Task<Reply> AskAsync(string path, int maxTokens = 50) => User.Caller.PostAsync(path, path switch
    {
        Embeddings => new { model = "odd-embedding", input = "Hi" },
        Responses => new { model = TestPrices.Model, max_output_tokens = maxTokens, input = "Hi" },
        _ => (object)new { model = TestPrices.Model, max_tokens = maxTokens, messages = new[] { new { role = "user", content = "Hi" } } },
    });
}
