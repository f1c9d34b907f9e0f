using System.Buffers;
using AiGateway.Application;
using AiGateway.Application.Administration;
using AiGateway.Application.Ledger;
using AiGateway.Application.Users;
using AiGateway.Benchmarks;
using AiGateway.Domain;
using AiGateway.Infrastructure;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Startup;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace AiGateway.SideBySide.Targets;

/// <summary>
/// The least that a ledger can cost: Kestrel, a hold on the gateway's own ledger in a SQLite file, one call of the provider, and a
/// settlement. There is no routing, key, validation or token count, and bodies are not parsed. What the gateway costs beyond this is the
/// cost of its features.
/// </summary>
internal static class BareLedger
{
    private static readonly QuotaLimits Limits = new(1_000_000_000, 1_000_000_000, 1_000_000 * Money.NanoUsdPerUsd);

    // As in the gateway, its threads do not spin, and a request stays on the thread that read it.
    private static readonly Dictionary<string, string> Environment = new() { ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0" };

    public static Task<Target> StartAsync(Uri upstream, string folder) =>
        Target.StartRoleAsync(["ledger", upstream.ToString(), Path.Combine(folder, "bare.db")], Environment);

    public static async Task<int> RunAsync(string target, string file)
    {
        var app = Server.Build(services => services
            .Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true)
            .AddSingleton(TimeProvider.System)
            .AddSingleton(new GatewayDefaults { Model = "gpt-6-luna", MaxTokens = 100, Limits = Limits })
            .AddPersistence(new DatabaseSettings { ConnectionString = $"Data Source={file}" })
            .AddLedger(new LedgerSettings()));
        await app.Services.StartDatabaseAsync(bootstrapKey: null, isDevelopment: false, CancellationToken.None);
        var user = new User { Id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), Name = "benchmark", CreatedAt = TimeProvider.System.GetUtcNow() };
        await app.Services.GetRequiredService<IUserStore>().AddAsync(user, Actor.Operator, CancellationToken.None);
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, UseCookies = false, ActivityHeadersPropagator = null });
        var (ledger, address) = (app.Services.GetRequiredService<ILedger>(), new Uri(new Uri(target), "v1/chat/completions"));
        app.Run(context => AnswerAsync(context, ledger, http, address, user.Id));
        return await Server.RunAsync(app);
    }

    private static async Task AnswerAsync(HttpContext context, ILedger ledger, HttpMessageInvoker http, Uri address, Guid user)
    {
        var hold = SampleOperations.NewHold(user);
        await ledger.HoldAsync(hold, context.RequestAborted);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ReadOnlyMemoryContent(await ReadAsync(context)) };
        using var response = await http.SendAsync(request, CancellationToken.None);
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        context.Response.ContentLength = response.Content.Headers.ContentLength;
        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        await ledger.SettleAsync(SampleOperations.NewSettlement(hold));
    }

    private static async Task<byte[]> ReadAsync(HttpContext context)
    {
        var read = await context.Request.BodyReader.ReadAtLeastAsync((int)context.Request.ContentLength!.Value);
        var body = read.Buffer.ToArray();
        context.Request.BodyReader.AdvanceTo(read.Buffer.End);
        return body;
    }
}
