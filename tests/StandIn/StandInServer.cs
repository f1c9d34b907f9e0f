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
/// A strict, deterministic server that speaks the APIs of OpenAI and of Anthropic: it refuses what they refuse, counts tokens with OpenAI's
/// tokenizers, remembers every request, and fails in every way it is told to.
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

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>The address a client is given: with the API's version.</summary>
    public Uri BaseUrl => new(Address, "/v1");

    /// <summary>A key that it accepts.</summary>
    public string ApiKey => _options.ApiKey ?? "any";

    /// <summary>What was asked of it.</summary>
    public RequestLog Requests { get; }

    /// <summary>How it is to answer.</summary>
    public ReplyScript Script { get; }

    /// <summary>Starts one.</summary>
    /// <param name="options">How it is set up; null: on a free port, accepting any key.</param>
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

    /// <summary>Completes once the process is told to end.</summary>
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
            // A flush then ends when the bytes are with the network, so that what was sent before a cut is known, and a
            // client that does not read holds the sender back at once.
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
