using System.Text;
using AiGateway.Application.Providers;
using AiGateway.Domain;
using AiGateway.Testing;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Api.Tests.Anthropic;

/// <summary>A streamed message: the provider's events as they came.</summary>
internal sealed class MessageStreamTests
{
    private const string Started = """{"type":"message_start","message":{"id":"msg_1","usage":{"input_tokens":11}}}""";
    private const string Delta = """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}""";
    private const string Stopped = """{"type":"message_stop"}""";
    private static readonly HttpClient Http = new(new SocketsHttpHandler());
    private FakeTimeProvider _time = null!;
    private MessagesGateway _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        _stage = await MessagesGateway.StartAsync(_time);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [SetUp]
    public void Reset() => _stage.Provider.Reset();

    [Test]
    public async Task Events_PassWithTheirNamesAndEmptyOnesAreLeftOut()
    {
        _stage.Provider.Answer = _ => Task.FromResult(MessagesAdapter.Stream(Chunks(null,
            ("message_start", Started), ("ping", """{"type":"ping"}"""), ("never_heard_of", """{"type":"never_heard_of", "a": 1}"""),
            ("content_block_delta", Delta), ("content_block_stop", ""), ("message_stop", Stopped))));

        var reply = (await _stage.Caller.PostAsync(MessagesGateway.Path, Body)).Expect(200);

        Assert.That(reply.Text, Is.EqualTo($$"""
            event: message_start
            data: {{Started}}

            event: ping
            data: {"type":"ping"}

            event: never_heard_of
            data: {"type":"never_heard_of", "a": 1}

            event: content_block_delta
            data: {{Delta}}

            event: message_stop
            data: {{Stopped}}


            """));
        Assert.That(reply.Header("content-type"), Does.StartWith("text/event-stream"));
        Assert.That(reply.Header("request-id"), Is.EqualTo(MessagesAdapter.ProviderRequestId));
    }

    [Test]
    public async Task Failure_AfterAnEvent_IsAnEventAndTheConnectionBreaksOff()
    {
        var failure = new ProviderException(ErrorCode.ProviderFailed, "claude-server", "What happened.");
        _stage.Provider.Answer = _ => Task.FromResult(MessagesAdapter.Stream(Chunks(failure, ("message_start", Started))));

        using var response = await SendAsync();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var lines = new List<string>();
        Assert.That(async () => { while (await reader.ReadLineAsync() is { } line) lines.Add(line); }, Throws.InstanceOf<IOException>().Or.InstanceOf<HttpRequestException>());

        Assert.That(lines, Has.Member("event: error"));
        var id = response.Headers.GetValues("x-request-id").Single();
        Assert.That(lines, Has.Member($$"""data: {"type":"error","error":{"type":"api_error","message":"What happened."},"request_id":"{{id}}"}"""));
    }

    [Test]
    public async Task Failure_BeforeTheFirstEvent_HasItsOwnStatus()
    {
        _stage.Provider.Answer = _ => throw new ProviderException(ErrorCode.ProviderRateLimited, "claude-server", "Slow down.") { RetryAfter = TimeSpan.FromSeconds(7) };

        var reply = (await _stage.Caller.PostAsync(MessagesGateway.Path, Body)).Expect(429);

        Assert.That(reply.Json.GetProperty("error").GetProperty("type").GetString(), Is.EqualTo("rate_limit_error"));
        Assert.That(reply.Header("retry-after"), Is.EqualTo("7"));
    }

    [Test]
    public async Task Client_OfASilentProvider_HearsAPing()
    {
        var answer = new TaskCompletionSource<ModelReply>();
        _stage.Provider.Answer = _ => answer.Task;
        var sending = SendAsync();

        using var response = await PassTimeUntilAsync(sending);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(), Encoding.UTF8);
        var first = (await reader.ReadLineAsync(), await reader.ReadLineAsync(), await reader.ReadLineAsync());
        answer.SetResult(MessagesAdapter.Stream(Chunks(null, ("message_start", Started), ("message_stop", Stopped))));

        Assert.That(first, Is.EqualTo(("event: ping", """data: {"type": "ping"}""", "")));
        Assert.That(await reader.ReadToEndAsync(), Does.Contain(Stopped));
        Assert.That(response.Headers.GetValues("request-id"), Is.EqualTo(response.Headers.GetValues("x-request-id")), "the provider's is not known yet");
    }

    private static string Body => MessagesGateway.Body("\"q\"", "\"stream\":true,");

    private Task<HttpResponseMessage> SendAsync()
    {
        var request = _stage.Caller.Request(HttpMethod.Post, MessagesGateway.Path);
        request.Content = new StringContent(Body, Encoding.UTF8, "application/json");
        return Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

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

    private static async IAsyncEnumerable<ReplyChunk> Chunks(ProviderException? failure, params (string Type, string Json)[] events)
    {
        foreach (var (type, json) in events)
        {
            await Task.Yield();
            yield return new ReplyChunk { Json = Encoding.UTF8.GetBytes(json), EventType = type };
        }

        if (failure is not null) throw failure;
    }
}
