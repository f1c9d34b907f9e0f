using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Alerts;

/// <summary>
/// Removes old alerts and deliveries. The alert of a budget stays until its window has ended as well, because it keeps the
/// same threshold from being told again.
/// </summary>
internal sealed class AlertRetention(IDbContextFactory<GatewayContext> contexts, TimeProvider time)
{
    /// <summary>How long alerts and deliveries are kept.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    private const string FindAny =
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM webhook_deliveries) OR EXISTS (SELECT 1 FROM alerts) THEN 1 ELSE 0 END";

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private DateTimeOffset _next;

    /// <summary>Removes what is old, at most once an hour.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now < _next) return;
        if (await contexts.ReadAsync(FindAny, [], static row => row.GetInt32(0), cancellationToken) is [1]) await RemoveAsync(now - KeptFor, cancellationToken);
        _next = now + Interval;
    }

    private async Task RemoveAsync(DateTimeOffset oldest, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.WebhookDeliveries.Where(delivery => delivery.CreatedAt < oldest).ExecuteDeleteAsync(cancellationToken);
        await context.Alerts.Where(alert => alert.At < oldest && (alert.Kind != AlertKind.Budget || alert.ResetsAt < oldest))
            .ExecuteDeleteAsync(cancellationToken);
    }
}
