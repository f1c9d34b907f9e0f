using AiGateway.Api.Tests.Bounds;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;
using Microsoft.AspNetCore.Http;

namespace AiGateway.Api.Tests.Clients;

/// <summary>Tools that the provider runs are bounded, held and charged by the call when the operator gives them prices.</summary>
internal sealed class PricedToolTests
{
    private const string Prices = """
        {"models": [{"model": "gpt-5-searching", "provider": "openai", "contextWindow": 100000, "maxOutputTokens": 4000, "capabilities": ["chat", "tools"],
          "toolCalls": {"web_search": "0.01"},
          "prices": [{"effectiveFrom": "2020-01-01", "inputUsdPerMillion": "1.00", "outputUsdPerMillion": "2.00"}]}]}
        """;

    private const string Output = """[{"type":"web_search_call","id":"ws_1","status":"completed"},{"type":"web_search_call","id":"ws_2","status":"completed"},{"type":"function_call","id":"fc_1","name":"f","arguments":"{}"}]""";
    private const string Usage = """{"input_tokens":1000,"output_tokens":100,"total_tokens":1100}""";
    private BoundGateway _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await BoundGateway.StartAtPricesAsync(Prices, ("AI_GATEWAY_PROVIDER_TOOLS", "price"));

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [TestCase(null, false, 8)]
    [TestCase(null, true, 8)]
    [TestCase(3, false, 3)]
    [TestCase(3, true, 3)]
    public async Task Response_WithAPricedTool_IsHeldAndChargedByTheCall(int? limit, bool stream, int sent)
    {
        _stage.Gateway.Provider.Reset(AnswerAsync);
        var given = limit is null ? "" : $"\"max_tool_calls\":{limit},";

        var reply = await _stage.Caller.PostAsync("/v1/responses", $$"""{"model":"gpt-5-searching","stream":{{(stream ? "true" : "false")}},{{given}}"max_output_tokens":1000,"input":"q","tools":[{"type":"web_search"}]}""");

        reply.Expect(200);
        Assert.That(_stage.Gateway.Provider.Seen.Single().Body, Does.Contain($"\"max_tool_calls\":{sent}"));
        var row = await Eventually.GetAsync(
            async () => (await _stage.Caller.UsageAsync("?limit=1")).Single(), each => each.GetProperty("status").GetString() == "settled");
        Assert.That(row.GetProperty("costUsd").GetDecimal(), Is.EqualTo(0.02m + 0.001m + 0.0002m));
        Assert.That(row.GetProperty("heldUsd").GetDecimal(), Is.EqualTo((sent * 0.01m) + 0.1m + 0.002m), "the hold covers the calls, the context window and the output");
        await _stage.Gateway.Admin.VerifyAsync();
    }

    [Test]
    public async Task Response_WithAToolThatHasNoPrice_IsRefused()
    {
        var error = await _stage.RefusedAsync("/v1/responses", """{"model":"gpt-5-searching","input":"q","tools":[{"type":"web_search"},{"type":"image_generation"}]}""");

        Assert.That(error.GetProperty("message").GetString(), Does.Contain("image_generation").And.Contain("no price"));
    }

    private static async Task AnswerAsync(SeenRequest request, HttpContext http)
    {
        var whole = $$"""{"id":"resp_1","object":"response","status":"completed","model":"gpt-5-searching","output":{{Output}},"usage":{{Usage}} }""";
        if (!request.Body.Contains("\"stream\":true", StringComparison.Ordinal))
        {
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(whole);
            return;
        }

        http.Response.ContentType = "text/event-stream";
        foreach (var item in new[] { "web_search_call", "web_search_call", "function_call" })
            await http.Response.WriteAsync($$"""data: {"type":"response.output_item.done","item":{"type":"{{item}}","id":"i"} }""" + "\n\n");
        await http.Response.WriteAsync($$"""data: {"type":"response.completed","response":{{whole}} }""" + "\n\n");
    }
}
