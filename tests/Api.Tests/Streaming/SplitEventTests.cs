using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;
using Microsoft.AspNetCore.Http;

namespace AiGateway.Api.Tests.Streaming;

/// <summary>A provider may spread the JSON of one event over several data lines.</summary>
internal sealed class SplitEventTests
{
    private const string SplitChunk = """
        data: {"id":"c","object":"chat.completion.chunk","model":"odd-model",
        data: "choices":[{"index":0,
        data:
        data: "delta":{"content":"word"},"finish_reason":"stop"}]}


        """;

    private const string SplitResponse = """
        event: response.completed
        data: {"type":"response.completed","sequence_number":0,
        data: "response":{"id":"resp_1","status":"completed","model":"odd-model","output":[],
        data: "usage":{"input_tokens":3,"output_tokens":1,"total_tokens":4}}}


        """;

    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _gateway = await GatewayHost.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [TestCase(true)]
    [TestCase(false)]
    public async Task Chat_WhenAnEventHasSeveralDataLines_IsOneEventForTheClient(bool wantsUsage)
    {
        _gateway.Provider.Answer = Events(SplitChunk + "data: [DONE]\n\n");

        var reply = (await _gateway.Admin.PostAsync("/v1/chat/completions", new
        {
            model = TestPrices.Model,
            stream = true,
            stream_options = new { include_usage = wantsUsage },
            messages = new[] { new { role = "user", content = "Hi" } },
        })).Expect(200);

        AssertOnlyFields(reply.Text);
        var events = Read(reply.Text);
        Assert.That(events.Select(each => each.Data).Last(), Is.EqualTo("[DONE]"));
        var delta = JsonElement.Parse(events[0].Data).GetProperty("choices")[0].GetProperty("delta");
        Assert.That(delta.GetProperty("content").GetString(), Is.EqualTo("word"));
    }

    [Test]
    public async Task Response_WhenAnEventHasSeveralDataLines_IsOneEventForTheClient()
    {
        _gateway.Provider.Answer = Events(SplitResponse);

        var reply = (await _gateway.Admin.PostAsync("/v1/responses", new { model = TestPrices.Model, stream = true, input = "Hi" })).Expect(200);

        AssertOnlyFields(reply.Text);
        var only = Read(reply.Text).Single();
        Assert.That(only.EventType, Is.EqualTo("response.completed"));
        Assert.That(JsonElement.Parse(only.Data).GetProperty("response").GetProperty("id").GetString(), Is.EqualTo("resp_1"));
    }

    private static Answer Events(string events) => (_, http) =>
    {
        http.Response.ContentType = "text/event-stream";
        return http.Response.WriteAsync(events.ReplaceLineEndings("\n"));
    };

    // Clients drop a line without a field name, and would lose that part of the JSON.
    private static void AssertOnlyFields(string stream) => Assert.That(
        stream.Split('\n').Where(line => line.Length > 0), Is.All.StartsWith("data:").Or.StartsWith("event:"), stream);

    private static List<SseItem<string>> Read(string stream) =>
        [.. SseParser.Create(new MemoryStream(Encoding.UTF8.GetBytes(stream))).Enumerate()];
}
