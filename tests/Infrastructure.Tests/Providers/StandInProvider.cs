using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Infrastructure.Tests.Providers;

/// <summary>Writes one answer of the stand-in.</summary>
internal delegate Task Answer(HttpContext http);

/// <summary>What the stand-in was sent.</summary>
internal sealed record SeenRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body, string Connection);

/// <summary>
/// A provider on a real socket of this machine. It records every request and gives the scripted answers in turn, the
/// last one again and again.
/// </summary>
internal sealed class StandInProvider : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Answer> _answers;
    private readonly ConcurrentQueue<SeenRequest> _seen = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly TaskCompletionSource _hungUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Answer _last;

    private StandInProvider(WebApplication app, Answer[] answers)
    {
        _app = app;
        _answers = new ConcurrentQueue<Answer>(answers);
        _last = answers.Length == 0 ? Answers.Status(500) : answers[^1];
    }

    public Uri Address { get; private set; } = null!;

    public IReadOnlyList<SeenRequest> Seen => [.. _seen];

    public static async Task<StandInProvider> StartAsync(params Answer[] answers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.AddServerHeader = false;
        });
        var app = builder.Build();
        var standIn = new StandInProvider(app, answers);
        app.Run(standIn.AnswerAsync);
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        standIn.Address = new Uri(addresses.Single());
        return standIn;
    }

    /// <summary>Waits until one more request has come than was waited for so far.</summary>
    public async Task ArrivalAsync() => Assert.That(await _arrived.WaitAsync(Patience), Is.True, "no request came");

    /// <summary>Waits until the gateway has closed the connection of a request that was not answered to its end.</summary>
    public Task HangUpAsync() => _hungUp.Task.WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        // Cancelled at once: requests that hang on purpose must not be waited for.
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _arrived.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync();
        var headers = http.Request.Headers.ToDictionary(
            header => header.Key.ToLowerInvariant(), header => header.Value.ToString(), StringComparer.Ordinal);
        var target = $"{http.Request.Path}{http.Request.QueryString}";
        _seen.Enqueue(new SeenRequest(http.Request.Method, target, headers, body, http.Connection.Id));
        var answer = _answers.TryDequeue(out var next) ? next : _last;
        _last = answer;
        _arrived.Release();
        try
        {
            await answer(http);
        }
        finally
        {
            if (http.RequestAborted.IsCancellationRequested) _hungUp.TrySetResult();
        }
    }
}
