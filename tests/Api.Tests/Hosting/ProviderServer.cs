using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Api.Tests.Hosting;

/// <summary>A provider on a real socket of this machine. It records every request before it gives the scripted answer.</summary>
internal sealed class ProviderServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<SeenRequest> _seen = new();
    private readonly SemaphoreSlim _arrivals = new(0);
    private volatile Answer _answer = Answers.Completion();

    private ProviderServer(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    /// <summary>What every request from now on is answered with.</summary>
    public Answer Answer
    {
        get => _answer;
        set => _answer = value;
    }

    public IReadOnlyList<SeenRequest> Seen => [.. _seen];

    public static async Task<ProviderServer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new ProviderServer(app);
        app.Run(server.RecordAndAnswerAsync);
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        server.Address = new Uri(addresses.Single());
        return server;
    }

    /// <summary>Forgets what it saw and answers with a completion again.</summary>
    public void Reset()
    {
        _seen.Clear();
        while (_arrivals.Wait(0)) { }
        _answer = Answers.Completion();
    }

    /// <summary>Waits until that many more requests have come than were waited for so far.</summary>
    public async Task ArrivalsAsync(int count = 1)
    {
        for (var i = 0; i < count; i++)
            Assert.That(await _arrivals.WaitAsync(Patience), Is.True, $"of {count} requests only {i} came to the provider");
    }

    public async ValueTask DisposeAsync()
    {
        // Cancelled at once: requests that hang on purpose must not be waited for.
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _arrivals.Dispose();
    }

    private async Task RecordAndAnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync();
        var headers = http.Request.Headers.ToDictionary(
            header => header.Key.ToLowerInvariant(), header => header.Value.ToString(), StringComparer.Ordinal);
        var seen = new SeenRequest(http.Request.Method, $"{http.Request.Path}{http.Request.QueryString}", headers, body);
        _seen.Enqueue(seen);
        var answer = _answer;
        _arrivals.Release();
        await answer(seen, http);
    }
}
