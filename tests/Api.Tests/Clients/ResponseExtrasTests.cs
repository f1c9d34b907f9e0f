using AiGateway.Api.Tests.Bounds;
using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Clients;

/// <summary>The other endpoints of the Responses API that clients call beside <c>POST /v1/responses</c>.</summary>
internal sealed class ResponseExtrasTests
{
    private const string Responses = "/v1/responses";
    private const string InputTokens = "/v1/responses/input_tokens";
    private BoundGateway _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await BoundGateway.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [TestCase("""{"model":"gpt-5-round","input":"Say hello in one word."}""")]
    [TestCase("""{"model":"gpt-5-round","input":[{"role":"user","content":"q"}],"instructions":"Be brief.","tools":[{"type":"function","name":"f"}]}""")]
    public async Task InputTokens_OfARequest_EqualItsHoldAndCostNothing(string body)
    {
        var held = await _stage.HeldForAsync(Responses, body);
        var before = (await _stage.Caller.UsageAsync()).Count;
        _stage.Gateway.Provider.Reset(Answers.Completion());

        var count = (await _stage.Caller.PostAsync(InputTokens, body)).Expect(200).Json;

        Assert.That(count.GetProperty("object").GetString(), Is.EqualTo("response.input_tokens"));
        Assert.That(count.GetProperty("input_tokens").GetInt64(), Is.EqualTo(held));
        Assert.That(_stage.Gateway.Provider.Seen, Is.Empty);
        Assert.That(await _stage.Caller.UsageAsync(), Has.Count.EqualTo(before));
    }

    [Test]
    public async Task InputTokens_OfAStoredResponse_AreCountedForItsOwnerAlone()
    {
        _stage.Gateway.Provider.Reset(Answers.Completion(prompt: 700, completion: 5));
        var stored = (await _stage.Caller.PostAsync(Responses, """{"model":"gpt-5-round","input":"q"}""")).Expect(200).Json.GetProperty("id").GetString();
        var stranger = await _stage.Gateway.CreateUserAsync();
        var body = $$"""{"model":"gpt-5-round","input":"q","previous_response_id":"{{stored}}"}""";

        var count = (await _stage.Caller.PostAsync(InputTokens, body)).Expect(200).Json.GetProperty("input_tokens").GetInt64();

        Assert.That(count, Is.GreaterThan(700));
        (await stranger.Caller.PostAsync(InputTokens, body)).Expect(400);
    }

    [TestCase("""{"model":"gpt-5-round"}""", 400)]
    [TestCase("""{"model":"unknown","input":"q"}""", 404)]
    [TestCase("""{"model":"gpt-5-round","input":"q","tools":[{"type":"web_search"}]}""", 400)]
    public async Task InputTokens_OfARequestThatWouldBeRefused_AreRefused(string body, int status) => await _stage.RefusedAsync(InputTokens, body, status);

    [Test]
    public async Task WebSocket_WhenRequested_Is426AndAPlainGetIs405()
    {
        var handshake = _stage.Caller.Request(HttpMethod.Get, Responses);
        handshake.Headers.Add("Upgrade", "websocket");
        handshake.Headers.Connection.Add("Upgrade");

        var refused = (await _stage.Caller.SendAsync(handshake)).Expect(426);
        var plain = (await _stage.Caller.GetAsync(Responses)).Expect(405);

        Assert.That(refused.Json.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("upgrade_required"));
        Assert.That(plain.Json.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("method_not_allowed"));
    }

    [Test]
    public async Task Compact_WhenRequested_Is404AndNamesTheAlternative()
    {
        var error = await _stage.RefusedAsync("/v1/responses/compact", """{"model":"gpt-5-round","input":"q"}""", 404);

        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("not_found"));
        Assert.That(error.GetProperty("message").GetString(), Does.Contain("/v1/responses/compact").And.Contain("chat/completions"));
    }

    [TestCase("/v1beta/models/gemini-2.5-flash:generateContent")]
    [TestCase("/v1/models/gemini-2.5-flash:streamGenerateContent?alt=sse")]
    [TestCase("/v1/models/publisher/gemini:countTokens")]
    public async Task Path_OfGemini_Is404InGooglesForm(string path)
    {
        var error = await _stage.RefusedAsync(path, "{}", 404);

        Assert.That(error.GetProperty("code").GetInt32(), Is.EqualTo(404));
        Assert.That(error.GetProperty("status").GetString(), Is.EqualTo("NOT_FOUND"));
    }
}
