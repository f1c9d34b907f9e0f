using System.Net.Http.Json;
using System.Text;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;
using Microsoft.AspNetCore.Http;

namespace AiGateway.Api.Tests.Processes;

/// <summary>
/// A gateway is asked to stop. Requests that end within the drain time-out are finished, the others are ended and their outcome is unknown.
/// Both are settled at once, without an expired lease.
/// </summary>
internal sealed class StopTests
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(60) };
    private TempFolder _folder = null!;
    private ScriptedProvider _provider = null!;

    [SetUp]
    public async Task StartAsync() => (_folder, _provider) = (new TempFolder(), await ScriptedProvider.StartAsync(Answers.Completion()));

    [TearDown]
    public async Task StopAsync()
    {
        await _provider.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Gateway_WhenAskedToStop_FinishesPlainRequestsAndOpenStreams()
    {
        var release = new TaskCompletionSource();
        _provider.Answer = (request, http) => request.Body.Contains("\"stream\":true", StringComparison.Ordinal)
            ? StreamAsync(http, chunks: 3, release.Task)
            : Answers.After(release.Task, Answers.Completion())(request, http);
        await using (var gateway = await ServeAsync(providerTimeoutMs: 30_000))
        {
            var caller = gateway.Caller(GatewayHost.AdminKey);
            var plain = Enumerable.Range(0, 3).Select(_ => caller.GenerateAsync()).ToArray();
            var streams = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => OpenStreamAsync(caller)));
            await _provider.ArrivalsAsync(6);

            await AskToStopAsync(gateway);
            release.SetResult();

            foreach (var reply in await Task.WhenAll(plain)) reply.Expect(200);
            foreach (var stream in streams) Assert.That(await ReadToTheEndAsync(stream), Does.Contain("[DONE]"));
            Assert.That(await gateway.ExitAsync(), Is.Zero);
        }

        await AssertSettledAsync(count: 6, source: "provider");
    }

    [Test]
    public async Task Gateway_WhenRequestsOutlastTheDrain_EndsThemWithAnUnknownOutcomeAndChargesThem()
    {
        _provider.Answer = (request, http) => request.Body.Contains("\"stream\":true", StringComparison.Ordinal)
            ? StreamAsync(http, chunks: int.MaxValue)
            : Answers.Hang(request, http);
        await using (var gateway = await ServeAsync(providerTimeoutMs: 600_000, drainMs: 1000))
        {
            var caller = gateway.Caller(GatewayHost.AdminKey);
            var plain = Enumerable.Range(0, 3).Select(_ => caller.GenerateAsync()).ToArray();
            var streams = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => OpenStreamAsync(caller)));
            await _provider.ArrivalsAsync(6);

            await AskToStopAsync(gateway);

            foreach (var reply in await Task.WhenAll(plain)) Assert.That(reply.Expect(504, "provider_timeout").Text, Does.Contain("The gateway stops"));
            foreach (var stream in streams) Assert.That(await ReadToTheEndAsync(stream), Does.Contain("word").And.Not.Contain("[DONE]"));
            Assert.That(await gateway.ExitAsync(), Is.Zero);
        }

        await AssertUnknownAsync(count: 6);
    }

    [Test]
    public async Task Gateway_WhenAPlainRequestFailsDuringTheDrain_TellsItsFailure()
    {
        _provider.Answer = Answers.Hang;
        await using (var gateway = await ServeAsync(providerTimeoutMs: 3000))
        {
            var underWay = gateway.Caller(GatewayHost.AdminKey).GenerateAsync();
            await _provider.ArrivalsAsync();

            await AskToStopAsync(gateway);

            Assert.That((await underWay).Expect(504, "provider_timeout").Text, Does.Not.Contain("The gateway stops"));
            Assert.That(await gateway.ExitAsync(), Is.Zero);
        }

        await AssertUnknownAsync(count: 1);
    }

    [Test]
    public async Task Gateway_WhileItStops_RefusesNewRequestsOrClosesTheirConnections()
    {
        var release = new TaskCompletionSource();
        _provider.Answer = Answers.After(release.Task, Answers.Completion());
        await using var gateway = await ServeAsync(providerTimeoutMs: 30_000);
        var caller = gateway.Caller(GatewayHost.AdminKey);
        for (var i = 0; i < 4; i++) (await caller.GetAsync("/api/v1/ai/quota")).Expect(200);
        var underWay = caller.GenerateAsync();
        await _provider.ArrivalsAsync();

        await AskToStopAsync(gateway);
        for (var i = 0; i < 10; i++)
        {
            // The request uses the kept connection or a new one.
            try
            {
                (await caller.GenerateAsync(new { prompt = "Too late." })).Expect(503);
            }
            catch (HttpRequestException)
            {
                // The connection was closed, which tells the client to use another gateway.
            }
        }

        release.SetResult();
        (await underWay).Expect(200);
        Assert.That(await gateway.ExitAsync(), Is.Zero);
        Assert.That(_provider.Seen, Has.Count.EqualTo(1), "no request after the stop was forwarded");
    }

    private static async Task AskToStopAsync(GatewayProcess gateway)
    {
        gateway.Terminate();
        await Eventually.GetAsync(() => Task.FromResult(gateway.Output), output => output.Contains("shutting down", StringComparison.Ordinal));
    }

    /// <summary>Requests a stream and waits for its first event.</summary>
    private static async Task<StreamReader> OpenStreamAsync(GatewayClient caller)
    {
        var request = caller.Request(HttpMethod.Post, "/v1/chat/completions");
        request.Content = JsonContent.Create(new { model = TestPrices.Model, stream = true, messages = new[] { new { role = "user", content = "Go on." } } });
        var response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var reader = new StreamReader(await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync());
        Assert.That(await reader.ReadLineAsync(), Does.StartWith("data: "));
        return reader;
    }

    private static async Task<string> ReadToTheEndAsync(StreamReader stream)
    {
        var text = new StringBuilder();
        try
        {
            while (await stream.ReadLineAsync() is { } line) text.AppendLine(line);
        }
        catch (IOException)
        {
            // The stream was cut.
        }

        return text.ToString();
    }

    /// <summary>Streams a word every 20 ms. With a signal, all words but the first wait for it, and usage follows.</summary>
    private static async Task StreamAsync(HttpContext http, int chunks, Task? signal = null)
    {
        http.Response.ContentType = "text/event-stream";
        for (var i = 0; i < chunks && !http.RequestAborted.IsCancellationRequested; i++)
        {
            await SendAsync(http, """{"id":"c","object":"chat.completion.chunk","model":"odd-model","choices":[{"index":0,"delta":{"content":"word "}}]}""");
            if (signal is not null) await signal;
            else await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        await SendAsync(http, """{"id":"c","object":"chat.completion.chunk","model":"odd-model","choices":[],"usage":{"prompt_tokens":11,"completion_tokens":3,"total_tokens":14}}""");
        await SendAsync(http, "[DONE]");
    }

    private static async Task SendAsync(HttpContext http, string data)
    {
        await http.Response.WriteAsync($"data: {data}\n\n");
        await http.Response.Body.FlushAsync();
    }

    private async Task AssertSettledAsync(int count, string source)
    {
        await using var next = await ServeAsync(providerTimeoutMs: 30_000);
        var caller = next.Caller(GatewayHost.AdminKey);
        var rows = await caller.UsageAsync();
        Assert.That(rows.Select(row => row.GetProperty("status").GetString()), Is.All.EqualTo("settled").And.Exactly(count).Items);
        Assert.That(rows.Select(row => row.GetProperty("usageSource").GetString()), Is.All.EqualTo(source));
        Assert.That(rows.Select(row => row.GetProperty("costUsd").GetDecimal()), Is.All.GreaterThan(0));
        Assert.That((await caller.VerifyAsync()).GetProperty("held").GetInt64(), Is.Zero);
    }

    private async Task AssertUnknownAsync(int count)
    {
        await using var next = await ServeAsync(providerTimeoutMs: 30_000);
        var caller = next.Caller(GatewayHost.AdminKey);
        var rows = await caller.UsageAsync();
        Assert.That(rows.Select(row => row.GetProperty("status").GetString()), Is.All.EqualTo("unknown").And.Exactly(count).Items);
        Assert.That(rows.Select(row => row.GetProperty("usageSource").GetString()), Is.All.EqualTo("held"), "the provider may bill them in full");
        Assert.That(rows.Select(row => row.GetProperty("costUsd").GetDecimal()), Is.All.GreaterThan(0));
        Assert.That((await caller.VerifyAsync()).GetProperty("held").GetInt64(), Is.Zero);
    }

    private Task<GatewayProcess> ServeAsync(int providerTimeoutMs, int drainMs = 35_000) => GatewayProcess.ServeAsync(
        _folder.Path,
        ("OPENAI_API_KEY", GatewayHost.ProviderKey),
        ("OPENAI_BASE_URL", $"{_provider.Address}v1"),
        ("OPENAI_MODEL", TestPrices.Model),
        ("AI_GATEWAY_PRICES", _folder.Write("prices.json", TestPrices.Json)),
        ("AI_GATEWAY_DRAIN_TIMEOUT", $"{drainMs}"),
        ("AI_GATEWAY_BOOTSTRAP_KEY", GatewayHost.AdminKey),
        ("AI_QUOTA_MONTHLY_SPEND_LIMIT", "10000"),
        ("AI_GATEWAY_MAX_RETRIES", "0"),
        ("AI_GATEWAY_CHECK_INTERVAL", "0"),
        ("AI_GATEWAY_REQUEST_TIMEOUT", $"{providerTimeoutMs}"));
}
