using System.Collections.Concurrent;
using System.Text;
using AiGateway.Application.Pricing;
using AiGateway.Domain;
using AiGateway.Infrastructure.Pricing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Persistence.PriceBooks;

/// <summary>Reads each version of the price book that the database keeps.</summary>
internal sealed partial class PriceHistory(IDbContextFactory<GatewayContext> contexts, ILogger<PriceHistory> logger) : IPriceHistory
{
    /// <summary>The most versions in memory. Receipts of more are read again from the database.</summary>
    private const int MaxCached = 8;

    private readonly ConcurrentDictionary<string, IPriceRows> _cached = new(StringComparer.Ordinal);

    public async Task<IPriceRows?> FindAsync(string version, CancellationToken cancellationToken)
    {
        if (_cached.TryGetValue(version, out var cached)) return cached;
        var kept = await contexts.ReadAsync(
            "SELECT content FROM price_books WHERE version = @version", [("@version", version)], static row => row.GetString(0), cancellationToken);
        if (kept.Count == 0 || Read(version, kept[0]) is not { } rows) return null;
        if (_cached.Count >= MaxCached) _cached.Clear();
        return _cached[version] = rows;
    }

    private PriceRows? Read(string version, string content)
    {
        var faults = new List<string>();
        var file = PriceFile.Read(Encoding.UTF8.GetBytes(content), faults);
        if (faults.Count == 0) return PriceRows.OfKept(file.Models);
        Log.Unreadable(logger, version, faults[0]);
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The kept price book {Version} cannot be read; receipts show no prices of it: {Fault}")]
        public static partial void Unreadable(ILogger logger, string version, string fault);
    }
}
