using System.Text.Json;
using AiGateway.Conformance.Tests.Hosting;

namespace AiGateway.Conformance.Tests.Messages;

/// <summary>Each class of failure: the exception that Anthropic's client raises, and how often it tries.</summary>
internal sealed class MessageErrorTests
{
    private const int Once = 1;
    private const int WithTwoRetries = 3;

    [TestCase("""{"messages":"none"}""")]
    [TestCase("""{"messages":[{"role":"user","content":[{"type":"container_upload","file_id":"f"}]}]}""")]
    public async Task Body_ThatTheGatewayRefuses_RaisesBadRequestOnce(string body)
    {
        await using var stage = await MessagesGateway.StartAsync();

        AssertRaised(await AnyAsync(stage.Gateway, body), "BadRequestError", 400, "invalid_request_error", Once);
        Assert.That(stage.Inner.StandIn.Requests.Count, Is.Zero);
    }

    [TestCase("""{"messages":[{"role":"user","content":"x"}],"never_heard_of":1}""")]
    [TestCase("""{"messages":[{"role":"user","content":[{"type":"text","text":""}]}]}""")]
    [TestCase("""{"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"x"}]}]}""")]
    [TestCase("""{"messages":[{"role":"user","content":"x"}],"temperature":0.5}""")]
    public async Task Body_ThatTheProviderRefuses_RaisesWhatTheDirectCallRaises(string body)
    {
        await using var stage = await MessagesGateway.StartAsync();

        var direct = await AnyAsync(stage.Direct, body);
        var through = await AnyAsync(stage.Gateway, body);

        Assert.That(direct.Error, Is.Not.Null);
        var (expected, actual) = (direct.Error!, through.Error!);
        Assert.That((actual.Name, actual.Status, actual.Type, actual.ApiMessage), Is.EqualTo((expected.Name, expected.Status, expected.Type, expected.ApiMessage)));
        Assert.That(through.Tries, Is.EqualTo(Once));
    }

    [Test]
    public async Task Key_Unknown_RaisesAuthenticationErrorOnce()
    {
        await using var stage = await MessagesGateway.StartAsync();

        AssertRaised(await HelloAsync(stage.Gateway with { Key = "agw_unknown" }), "AuthenticationError", 401, "authentication_error", Once);
    }

    [Test]
    public async Task Budget_Spent_RaisesRateLimitErrorOnce()
    {
        await using var stage = await MessagesGateway.StartAsync();
        var key = await stage.Inner.Ledger.CreateKeyAsync(["ai:generate"], monthlySpendUsd: 0.0000001m);

        AssertRaised(await HelloAsync(stage.Gateway with { Key = key }), "RateLimitError", 429, "rate_limit_error", Once);
        Assert.That(stage.Inner.StandIn.Requests.Count, Is.Zero);
    }

    [TestCase("fault:status=500", "InternalServerError", 502, "api_error")]
    [TestCase("fault:status=529", "InternalServerError", 502, "overloaded_error")]
    [TestCase("fault:status=401", "InternalServerError", 502, "api_error")]
    [TestCase("fault:html;status=502", "InternalServerError", 502, "api_error")]
    [TestCase("fault:malformed", "InternalServerError", 502, "api_error")]
    [TestCase("fault:drop", "InternalServerError", 502, "api_error")]
    [TestCase("fault:status=429;retry-after-ms=1", "RateLimitError", 429, "rate_limit_error")]
    public async Task Provider_ThatFails_RaisesAfterRetries(string fault, string name, int status, string type)
    {
        await using var stage = await MessagesGateway.StartAsync();

        AssertRaised(await HelloAsync(stage.Gateway, fault), name, status, type, WithTwoRetries);
        Assert.That((await stage.Inner.Ledger.VerifyAsync()).Balanced, Is.True);
    }

    [Test]
    public async Task Provider_ThatHangs_RaisesATimeoutAfterRetries()
    {
        await using var stage = await MessagesGateway.StartAsync(("AI_GATEWAY_REQUEST_TIMEOUT", "300"));

        AssertRaised(await HelloAsync(stage.Gateway, "fault:hang"), "GatewayTimeoutError", 504, "timeout_error", WithTwoRetries);
    }

    private static Task<SdkResult> HelloAsync(ApiTarget target, string text = "Hello") =>
        AnyAsync(target, JsonSerializer.Serialize(new { messages = new[] { new { role = "user", content = text } } }));

    private static Task<SdkResult> AnyAsync(ApiTarget target, string body) => Sdk.Js.RunAsync("messageAny", target, new { body = JsonElement.Parse(body) });

    private static void AssertRaised(SdkResult result, string name, int status, string type, int tries)
    {
        Assert.That(result.Error, Is.Not.Null);
        Assert.That((result.Error!.Name, result.Error.Status, result.Error.Type), Is.EqualTo((name, (int?)status, type)));
        Assert.That(result.Error.RequestId, Is.Not.Null);
        Assert.That(result.Tries, Is.EqualTo(tries));
    }
}
