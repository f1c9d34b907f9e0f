using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Testing;

/// <summary>Writes the provider's answer to one request.</summary>
public delegate Task Answer(SeenRequest request, HttpContext http);

/// <summary>A request that the provider received.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Target">The path and the query.</param>
/// <param name="Headers">The headers, with names in lower case.</param>
/// <param name="Body">The body.</param>
/// <param name="Connection">The id of the connection.</param>
public sealed record SeenRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body, string Connection);

/// <summary>
/// A provider on a real socket of this machine. It records every request before it answers. The answers follow the script, and the last
/// answer repeats.
/// </summary>
public sealed class ScriptedProvider : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Answer> _answers;
    private readonly ConcurrentQueue<SeenRequest> _seen = new();
    private readonly SemaphoreSlim _arrivals = new(0);
    private readonly TaskCompletionSource _hungUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Answer _answer;

    private ScriptedProvider(WebApplication app, Answer[] answers)
    {
        _app = app;
        _answers = new ConcurrentQueue<Answer>(answers[..^1]);
        _answer = answers[^1];
    }

    public Uri Address { get; private set; } = null!;

    /// <summary>The answer to every further request. Setting it ends the script.</summary>
    public Answer Answer
    {
        get => _answer;
        set
        {
            _answer = value;
            _answers.Clear();
        }
    }

    public IReadOnlyList<SeenRequest> Seen => [.. _seen];

    /// <param name="answers">The script; at least one answer.</param>
    public static async Task<ScriptedProvider> StartAsync(params Answer[] answers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.AddServerHeader = false;
        });
        var app = builder.Build();
        var provider = new ScriptedProvider(app, answers);
        app.Run(provider.RecordAndAnswerAsync);
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        provider.Address = new Uri(addresses.Single());
        return provider;
    }

    /// <summary>Clears the recorded requests and sets the answer.</summary>
    public void Reset(Answer answer)
    {
        _seen.Clear();
        while (_arrivals.Wait(0)) { }
        Answer = answer;
    }

    /// <summary>Waits for this number of further requests. Requests that an earlier call waited for do not count.</summary>
    public async Task ArrivalsAsync(int count = 1)
    {
        for (var i = 0; i < count; i++)
        {
            if (!await _arrivals.WaitAsync(Patience)) throw new TimeoutException($"Of {count} requests only {i} came to the provider.");
        }
    }

    /// <summary>Waits until the gateway has closed the connection of a request that was not fully answered.</summary>
    public Task HangUpAsync() => _hungUp.Task.WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        // The stop is cancelled at once, because some requests hang on purpose.
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
        var seen = new SeenRequest(http.Request.Method, $"{http.Request.Path}{http.Request.QueryString}", headers, body, http.Connection.Id);
        _seen.Enqueue(seen);
        var answer = _answers.TryDequeue(out var next) ? next : _answer;
        _arrivals.Release();
        try
        {
            await answer(seen, http);
        }
        finally
        {
            if (http.RequestAborted.IsCancellationRequested) _hungUp.TrySetResult();
        }
    }
}
