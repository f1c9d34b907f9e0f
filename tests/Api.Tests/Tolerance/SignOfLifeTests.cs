using System.Net.Http.Json;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using static AiGateway.Api.Tests.Tolerance.Streams;

namespace AiGateway.Api.Tests.Tolerance;

/// <summary>While the provider sends nothing, the gateway sends comments or events to the client. The tests set the time.</summary>
internal sealed class SignOfLifeTests
{
    private const string Comment = ": keep-alive";
    private static readonly HttpClient Http = new(new SocketsHttpHandler());

    private FakeTimeProvider _time = null!;
    private GatewayHost _gateway = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        _gateway = await GatewayHost.StartAsync(_time, ("AI_GATEWAY_REQUEST_TIMEOUT", "600000"), ("AI_GATEWAY_STREAM_IDLE_TIMEOUT", "60000"));
    }

    [TearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [TestCase("/v1/chat/completions")]
    [TestCase("/v1/responses")]
    [TestCase("/api/v1/ai/generate")]
    public async Task Client_BeforeTheProviderAnswers_GetsACommentEveryTenSeconds(string path)
    {
        var answer = new TaskCompletionSource();
        _gateway.Provider.Reset(Answers.After(answer.Task, Streams.Body(path.EndsWith("responses", StringComparison.Ordinal)
            ? Created + Delta("ab") + Completed
            : Data(Chunk("ab"), Finish, UsageChunk) + Done)));
        var sending = SendAsync(path);
        await _gateway.Provider.ArrivalsAsync();

        using var reader = await OpenAsync(await PassTimeUntilAsync(sending));
        Assert.That(await PassTimeUntilAsync(reader.ReadLineAsync()), Is.EqualTo(Comment));
        Assert.That(await reader.ReadLineAsync(), Is.Empty);
        Assert.That(await PassTimeUntilAsync(reader.ReadLineAsync()), Is.EqualTo(Comment));
        answer.SetResult();

        var rest = await reader.ReadToEndAsync();
        Assert.That(rest, Does.Contain("\"ab\"").And.Not.Contain(Comment));
    }

    [Test]
    public async Task Client_BetweenChunks_GetsACommentEveryTenSeconds()
    {
        var answer = new TaskCompletionSource();
        _gateway.Provider.Reset(Halves(Data(Chunk("a")), answer.Task, Data(Chunk("b"), Finish, UsageChunk) + Done));
        using var reader = await OpenAsync(await SendAsync("/v1/chat/completions"));
        Assert.That(await reader.ReadLineAsync(), Does.Contain("\"a\""));
        Assert.That(await reader.ReadLineAsync(), Is.Empty);

        Assert.That(await PassTimeUntilAsync(reader.ReadLineAsync()), Is.EqualTo(Comment));
        answer.SetResult();
        Assert.That(await reader.ReadToEndAsync(), Does.Contain("\"b\"").And.Contain("[DONE]"));
    }

    [Test]
    public async Task Response_InProgress_IsRepeatedAsAnEvent()
    {
        var answer = new TaskCompletionSource();
        _gateway.Provider.Reset(Halves(Created + InProgress, answer.Task, Delta("ab") + Completed));
        var sending = SendAsync("/v1/responses");
        await _gateway.Provider.ArrivalsAsync();

        // Events before any output are held back for ten seconds. The next ten seconds pass without an event.
        using var reader = await OpenAsync(await PassTimeUntilAsync(sending));
        var lines = new List<string>();
        while (lines.Count(line => line == "event: response.in_progress") < 2) lines.Add((await PassTimeUntilAsync(reader.ReadLineAsync()))!);

        answer.SetResult();
        var rest = await reader.ReadToEndAsync();
        Assert.That(lines.Where(line => line.StartsWith("event:", StringComparison.Ordinal)).Take(2), Is.EqualTo(["event: response.created", "event: response.in_progress"]));
        Assert.That(rest, Does.Contain("\"ab\""));
    }

    [Test]
    public async Task Failure_AfterASignOfLife_IsReportedInTheStream()
    {
        var answer = new TaskCompletionSource();
        _gateway.Provider.Reset(Answers.After(answer.Task, Answers.Error(400, "Words of the provider.", code: "context_length_exceeded")));
        var sending = SendAsync("/v1/responses");
        await _gateway.Provider.ArrivalsAsync();

        var response = await PassTimeUntilAsync(sending);
        answer.SetResult();

        using var reader = await OpenAsync(response);
        var lines = await ReadUntilCutAsync(reader);
        Assert.That((int)response.StatusCode, Is.EqualTo(200));
        Assert.That(lines, Does.Contain("event: error"));
        Assert.That(string.Concat(lines), Does.Contain("Words of the provider.").And.Contain("context_length_exceeded"));
        var row = (await Eventually.GetAsync(() => _gateway.Admin.UsageAsync(), rows => rows.All(each => each.GetProperty("status").GetString() != "held")))[0];
        Assert.That(row.GetProperty("status").GetString(), Is.EqualTo("released"));
    }

    [Test]
    public async Task Failure_WithinTenSeconds_HasItsOwnStatus()
    {
        _gateway.Provider.Reset(Answers.Error(400, "Words of the provider."));

        using var response = await SendAsync("/v1/chat/completions");

        Assert.That((int)response.StatusCode, Is.EqualTo(400));
    }

    private static Answer Halves(string first, Task allowed, string second) => async (_, http) =>
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync(first);
        await http.Response.Body.FlushAsync();
        await allowed;
        await http.Response.WriteAsync(second);
    };

    private async Task<T> PassTimeUntilAsync<T>(Task<T> awaited)
    {
        await Eventually.GetAsync(
            () =>
            {
                if (!awaited.IsCompleted) _time.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(awaited.IsCompleted);
            },
            isCompleted => isCompleted);
        return await awaited;
    }

    private Task<HttpResponseMessage> SendAsync(string path)
    {
        var request = _gateway.Admin.Request(HttpMethod.Post, path);
        object body = path switch
        {
            "/v1/responses" => new { model = TestPrices.Model, stream = true, input = "Hi" },
            "/v1/chat/completions" => new { model = TestPrices.Model, stream = true, messages = new[] { new { role = "user", content = "Hi" } } },
            _ => new { prompt = "Hi", stream = true },
        };
        request.Content = JsonContent.Create(body);
        return Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task<StreamReader> OpenAsync(HttpResponseMessage response) => new(await response.Content.ReadAsStreamAsync());

    private static async Task<List<string>> ReadUntilCutAsync(StreamReader reader)
    {
        var lines = new List<string>();
        try
        {
            while (await reader.ReadLineAsync() is { } line) lines.Add(line);
        }
        catch (IOException)
        {
            // The stream was cut, as every failed stream is.
        }

        return lines;
    }
}
