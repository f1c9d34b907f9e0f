using System.Buffers;
using AiGateway.Application;
using AiGateway.Application.Ledger;
using AiGateway.Application.Users;
using AiGateway.Benchmarks;
using AiGateway.Domain;
using AiGateway.Infrastructure;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Startup;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace AiGateway.SideBySide;

/// <summary>
/// The least that a ledger can cost: Kestrel, a hold on the gateway's own ledger in a SQLite file, one call of the provider, a
/// settlement. No routing, no key, no validation, no counting of tokens, nothing read and nothing counted: what the gateway
/// takes beyond this is what its features take.
/// </summary>
internal static class BareLedger
{
    private static readonly QuotaLimits Limits = new(1_000_000_000, 1_000_000_000, 1_000_000 * Money.NanoUsdPerUsd);

    // Its threads do not spin and its requests stay on the thread that read them, as in the gateway.
    private static readonly Dictionary<string, string> Environment = new() { ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0" };

    public static Task<Target> StartAsync(Uri upstream, string folder) =>
        Target.StartRoleAsync("ledger alone, SQLite", ["ledger", upstream.ToString(), Path.Combine(folder, "bare.db")], Environment);

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
        await app.Services.GetRequiredService<IUserStore>().AddAsync(user, CancellationToken.None);
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, UseCookies = false, ActivityHeadersPropagator = null });
        var (ledger, address) = (app.Services.GetRequiredService<ILedger>(), new Uri(new Uri(target), "v1/chat/completions"));
        app.Run(context => AnswerAsync(context, ledger, http, address, user.Id));
        return await Server.RunAsync(app);
    }

    private static async Task AnswerAsync(HttpContext context, ILedger ledger, HttpMessageInvoker http, Uri address, Guid user)
    {
        var hold = SampleBooking.NewHold(user);
        await ledger.HoldAsync(hold, context.RequestAborted);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ReadOnlyMemoryContent(await ReadAsync(context)) };
        using var response = await http.SendAsync(request, CancellationToken.None);
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        context.Response.ContentLength = response.Content.Headers.ContentLength;
        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        await ledger.SettleAsync(SampleBooking.NewSettlement(hold));
    }

    private static async Task<byte[]> ReadAsync(HttpContext context)
    {
        var read = await context.Request.BodyReader.ReadAtLeastAsync((int)context.Request.ContentLength!.Value);
        var body = read.Buffer.ToArray();
        context.Request.BodyReader.AdvanceTo(read.Buffer.End);
        return body;
    }
}
