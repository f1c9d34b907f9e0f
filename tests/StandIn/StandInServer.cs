using AiGateway.StandIn.Replies;
using AiGateway.StandIn.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiGateway.StandIn;

/// <summary>
/// A strict, deterministic server with the APIs of OpenAI and of Anthropic. It refuses what they refuse, counts tokens with OpenAI's
/// tokenizers, records every request, and fails in every way that a test asks for.
/// </summary>
public sealed class StandInServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly StandInOptions _options;

    private StandInServer(WebApplication app, StandInOptions options, RequestLog requests, ReplyScript script)
    {
        (_app, _options, Requests, Script) = (app, options, requests, script);
        Address = new Uri(app.Urls.First());
    }

    /// <summary>The address on which it listens.</summary>
    public Uri Address { get; }

    /// <summary>The base URL for clients, with the version of the API.</summary>
    public Uri BaseUrl => new(Address, "/v1");

    /// <summary>A key that the server accepts.</summary>
    public string ApiKey => _options.ApiKey ?? "any";

    /// <summary>The requests that the server received.</summary>
    public RequestLog Requests { get; }

    /// <summary>The plans of its replies.</summary>
    public ReplyScript Script { get; }

    /// <summary>Starts a server.</summary>
    /// <param name="options">The settings; null for a free port and any key.</param>
    public static async Task<StandInServer> StartAsync(StandInOptions? options = null)
    {
        options ??= new StandInOptions();
        var requests = new RequestLog(options.LogFile, options.RemembersRequests);
        var script = new ReplyScript();
        var routes = new Routes(options, requests, script);
        var app = Build(options);
        app.Run(routes.AnswerAsync);
        await app.StartAsync();
        return new StandInServer(app, options, requests, script);
    }

    /// <summary>Completes when the process is told to stop.</summary>
    public Task WaitForShutdownAsync() => ((IHost)_app).WaitForShutdownAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
        Requests.Dispose();
    }

    private static WebApplication Build(StandInOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<SocketTransportOptions>(sockets =>
        {
            // A flush then ends only when the operating system has taken the bytes. A test therefore knows what was sent before a cut, and a client
            // that does not read slows the sender down at once.
            sockets.MaxWriteBufferSize = 2;
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinResponseDataRate = null;
        });
        builder.WebHost.UseUrls(options.Url);
        return builder.Build();
    }
}
