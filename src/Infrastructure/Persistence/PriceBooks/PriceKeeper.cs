using System.Data.Common;
using AiGateway.Application.Pricing;
using AiGateway.Infrastructure.Pricing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Persistence.PriceBooks;

/// <summary>Stores the running price book once for each version, so receipts show the prices of the charge later as well.</summary>
internal sealed partial class PriceKeeper(
    IDbContextFactory<GatewayContext> contexts, IPriceBook prices, TimeProvider time, ILogger<PriceKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(1);

    // The first requests after a start need the processor.
    private static readonly TimeSpan StartDelay = TimeSpan.FromSeconds(5);

    /// <summary>Stores the running version, unless it is there.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        if (await IsKeptAsync(cancellationToken)) return;
        try
        {
            await contexts.ExecuteAsync(
                "INSERT INTO price_books (version, first_used_at, content) VALUES (@version, @at, @content)",
                [
                    ("@version", prices.Version),
                    ("@at", time.GetUtcNow().ToUnixTimeMilliseconds()),
                    ("@content", PriceFileText.Write(new PriceFile(prices.Models, prices.CheckedOn))),
                ],
                cancellationToken);
        }
        catch (DbException)
        {
            // Another gateway may have stored the same version meanwhile.
            if (!await IsKeptAsync(cancellationToken)) throw;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(StartDelay, time, stoppingToken);
        for (var isFirst = true; !await TryKeepAsync(isFirst, stoppingToken); isFirst = false)
            await Task.Delay(RetryInterval, time, stoppingToken);
    }

    private async Task<bool> TryKeepAsync(bool isFirst, CancellationToken cancellationToken)
    {
        try
        {
            await KeepAsync(cancellationToken);
            return true;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // No failure may stop the host: later receipts of these requests would lack the prices alone.
            if (isFirst) Log.Failed(logger, failure);
            return false;
        }
    }

    private async Task<bool> IsKeptAsync(CancellationToken cancellationToken) =>
        (await contexts.ReadAsync(
            "SELECT 1 FROM price_books WHERE version = @version", [("@version", prices.Version)], static _ => true, cancellationToken)).Count > 0;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The price book could not be stored, which is tried again every minute; receipts show its prices while it is in use")]
        public static partial void Failed(ILogger logger, Exception failure);
    }
}
