using System.Text;
using System.Text.Json;
using AiGateway.Api.Tests.Clients;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;
using Microsoft.AspNetCore.Http;

namespace AiGateway.Api.Tests.Anthropic;

/// <summary>The Anthropic-compatible API before a server of Anthropic's wire on a socket: requests of well-known clients, charges, cuts.</summary>
internal sealed class MessagesEndToEndTests
{
    private const string Usage = """{"input_tokens":5,"cache_creation_input_tokens":7,"cache_read_input_tokens":3,"cache_creation":{"ephemeral_5m_input_tokens":4,"ephemeral_1h_input_tokens":3},"output_tokens":2}""";

    private static readonly (string Type, string Json)[] Events =
    [
        ("message_start", $$$"""{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":[],"stop_reason":null,"stop_sequence":null,"usage":{{{Usage}}}}}"""),
        ("ping", """{"type":"ping"}"""),
        ("content_block_start", """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"""),
        ("content_block_delta", """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}"""),
        ("content_block_stop", """{"type":"content_block_stop","index":0}"""),
        ("message_delta", $$$"""{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{{{Usage}}}}"""),
        ("message_stop", """{"type":"message_stop"}"""),
    ];

    private static readonly HttpClient Http = new(new SocketsHttpHandler());
    private ScriptedProvider _provider = null!;
    private GatewayHost _gateway = null!;
    private TestUser _user = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _provider = await ScriptedProvider.StartAsync(AnswerAsync);
        _gateway = await GatewayHost.StartAsync(
            null,
            ("Providers:0:Name", "anthropic"),
            ("Providers:0:Preset", "anthropic"),
            ("Providers:0:BaseUrl", _provider.Address.AbsoluteUri.TrimEnd('/')),
            ("Providers:0:ApiKey", "sk-ant-the-gateways-own-key"));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _gateway.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [SetUp]
    public async Task ResetAsync()
    {
        _provider.Reset(AnswerAsync);
        _user = await _gateway.CreateUserAsync();
    }

    [TestCaseSource(nameof(Recordings))]
    public async Task Request_OfAClient_ReachesTheServerByteForByte(Recording recording)
    {
        var body = recording.Body!.Value.GetRawText();

        var reply = await _user.Caller.SendAsync(recording.ToRequest(_user.Caller, body));

        Assert.That(reply.Status, Is.EqualTo(200), reply.Text);
        var seen = _provider.Seen.Single();
        Assert.That(seen.Body, Is.EqualTo(body));
        Assert.That(seen.Headers["anthropic-version"], Is.EqualTo(recording.Json.GetProperty("headers").GetProperty("anthropic-version").GetString()));
        Assert.That(seen.Headers["x-api-key"], Is.EqualTo("sk-ant-the-gateways-own-key"));
        Assert.That(reply.Header("request-id"), Is.EqualTo("req_1"));
        if (body.Contains("\"stream\":true", StringComparison.Ordinal) || reply.Header("content-type")!.StartsWith("text/event-stream", StringComparison.Ordinal))
            Assert.That(reply.Text, Is.EqualTo(string.Concat(Events.Select(ToText))));
        await _gateway.Admin.VerifyAsync();
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Cost_OfAMessage_IsItsUsageAtTheirPrices(bool isStreamed)
    {
        (await _user.Caller.PostAsync(MessagesGateway.Path, Body(isStreamed))).Expect(200);

        var row = (await Eventually.GetAsync(() => _user.Caller.UsageAsync(), rows => rows.All(each => each.GetProperty("status").GetString() != "held"))).Single();

        // claude-sonnet-4-5: 3.00, read 0.30, written 3.75 and 6.00, output 15.00 dollars a million.
        const decimal Expected = ((5 * 3.00m) + (3 * 0.30m) + (4 * 3.75m) + (3 * 6.00m) + (2 * 15.00m)) / 1_000_000m;
        Assert.That(row.GetProperty("costUsd").GetDecimal(), Is.EqualTo(Expected));
        Assert.That(row.GetProperty("promptTokens").GetInt64(), Is.EqualTo(15));
    }

    [Test]
    public async Task Stream_ThatIsCutAfterAnyEvent_EndsWithAnErrorAndOneRecord()
    {
        for (var count = 1; count < Events.Length; count++)
        {
            var user = await _gateway.CreateUserAsync();
            _provider.Reset(Cut(count));

            Assert.That(await ReadToAnyEndAsync(user.Caller), Does.Contain("\"type\":\"error\""), $"after {count} events");
            var rows = await Eventually.GetAsync(() => user.Caller.UsageAsync(), each => each.All(row => row.GetProperty("status").GetString() != "held"));
            Assert.That(rows, Has.Count.EqualTo(1));
        }

        Assert.That((await _gateway.Admin.VerifyAsync()).GetProperty("held").GetInt64(), Is.Zero);
    }

    private static IEnumerable<Recording> Recordings() => Recording.All().Where(recording => recording.IsMessage);

    private static string Body(bool isStreamed) =>
        $$"""{"model":"claude-sonnet-4-5","max_tokens":16,"stream":{{(isStreamed ? "true" : "false")}},"messages":[{"role":"user","content":"q"}]}""";

    private static string ToText((string Type, string Json) each) => $"event: {each.Type}\ndata: {each.Json}\n\n";

    // Before the first text a cut is a reply with an error status; after it the connection breaks off.
    private static async Task<string> ReadToAnyEndAsync(GatewayClient caller)
    {
        var request = caller.Request(HttpMethod.Post, MessagesGateway.Path);
        request.Content = new StringContent(Body(isStreamed: true), Encoding.UTF8, "application/json");
        using var response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var text = new StringBuilder();
        try
        {
            while (await reader.ReadLineAsync() is { } line) text.AppendLine(line);
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            // Broken off.
        }

        return text.ToString();
    }

    private static Answer Cut(int count) => async (_, http) =>
    {
        http.Response.ContentType = "text/event-stream";
        foreach (var each in Events.Take(count)) await http.Response.WriteAsync(ToText(each));
        await http.Response.Body.FlushAsync();
        http.Abort();
    };

    private static async Task AnswerAsync(SeenRequest request, HttpContext http)
    {
        http.Response.Headers["request-id"] = "req_1";
        if (request.Target.Contains("count_tokens", StringComparison.Ordinal))
        {
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync("""{"input_tokens":14}""");
        }
        else if (JsonElement.Parse(request.Body).TryGetProperty("stream", out var stream) && stream.GetBoolean())
        {
            http.Response.ContentType = "text/event-stream";
            foreach (var each in Events) await http.Response.WriteAsync(ToText(each));
        }
        else
        {
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync($$"""{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{{Usage}}}""");
        }
    }
}
