using AiGateway.Domain;
using AiGateway.Infrastructure.Alerts.Formats;
using AiGateway.Infrastructure.Alerts.Sending;
using AiGateway.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Alerts;

/// <summary>
/// The deliveries in the database. Alerts become deliveries, each with its final body, in one transaction. An attempt is
/// claimed by a lease, so of several gateways one sends. After a crash another one sends again, with the same id and body.
/// </summary>
internal sealed class Outbox(IDbContextFactory<GatewayContext> contexts, TimeProvider time)
{
    /// <summary>How long an attempt belongs to the gateway that began it. It is longer than the attempt may take.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);

    private const int MostAlertsAtOnce = 100;

    /// <summary>The webhooks that get events.</summary>
    public async Task<List<Webhook>> WebhooksAsync(CancellationToken cancellationToken)
    {
        // Most gateways have none, and then alerts never load Entity Framework.
        const string FindAny = "SELECT CASE WHEN EXISTS (SELECT 1 FROM webhooks) THEN 1 ELSE 0 END";
        if (await contexts.ReadAsync(FindAny, [], static row => row.GetInt32(0), cancellationToken) is not [1]) return [];
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Webhooks.AsNoTracking().Where(webhook => webhook.Stop == null).ToListAsync(cancellationToken);
    }

    /// <summary>Makes the deliveries of new alerts.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> FillAsync(IReadOnlyList<Webhook> webhooks, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var alerts = await context.Alerts.AsNoTracking().Where(alert => alert.QueuedAt == null)
            .OrderBy(alert => alert.At).Take(MostAlertsAtOnce).ToListAsync(cancellationToken);
        foreach (var alert in alerts)
        {
            var name = await ScopeNames.FindAsync(context, alert, cancellationToken);
            var now = time.GetUtcNow();
            var deliveries = webhooks.Where(webhook => webhook.Gets(alert.Kind) && webhook.CreatedAt <= alert.At)
                .Select(webhook => NewDelivery(webhook, new AlertEvent(alert, name), now)).ToList();
            await contexts.RunAsync((fresh, attempt) => QueueAsync(fresh, alert.Id, deliveries, now, attempt), cancellationToken);
        }

        return alerts.Count == MostAlertsAtOnce;
    }

    /// <summary>Deliveries to these webhooks whose next attempt is due, the oldest first.</summary>
    public async Task<List<WebhookDelivery>> DueAsync(IReadOnlyCollection<Guid> webhooks, int limit, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.WebhookDeliveries.AsNoTracking()
            .Where(delivery => delivery.Status == DeliveryStatus.Pending && delivery.NextAttemptAt <= now && webhooks.Contains(delivery.WebhookId))
            .OrderBy(delivery => delivery.NextAttemptAt).Take(limit).ToListAsync(cancellationToken);
    }

    /// <summary>Begins an attempt; false when another gateway did, or it is done.</summary>
    public async Task<bool> TryClaimAsync(WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + Lease;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.WebhookDeliveries
            .Where(each => each.Id == delivery.Id && each.Status == DeliveryStatus.Pending && each.Attempts == delivery.Attempts
                && each.NextAttemptAt == delivery.NextAttemptAt)
            .ExecuteUpdateAsync(
                each => each.SetProperty(row => row.Attempts, row => row.Attempts + 1).SetProperty(row => row.NextAttemptAt, until),
                cancellationToken) == 1;
    }

    /// <summary>Keeps what the attempt of a claimed delivery came to.</summary>
    public async Task FinishAsync(WebhookDelivery claimed, DeliveryAnswer answer, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var next = now + RetryDelay.After(claimed.Attempts + 1, Random.Shared.NextDouble());
        var status = answer.IsTaken ? DeliveryStatus.Delivered
            : answer.IsGone || next > claimed.CreatedAt + RetryDelay.GivenUpAfter ? DeliveryStatus.Failed
            : DeliveryStatus.Pending;
        DateTimeOffset? finishedAt = status == DeliveryStatus.Pending ? null : now;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.WebhookDeliveries.Where(each => each.Id == claimed.Id && each.Status == DeliveryStatus.Pending)
            .ExecuteUpdateAsync(
                each => each.SetProperty(row => row.Status, status)
                    .SetProperty(row => row.NextAttemptAt, next)
                    .SetProperty(row => row.LastStatus, answer.Status)
                    .SetProperty(row => row.LastFault, answer.Fault)
                    .SetProperty(row => row.FinishedAt, finishedAt),
                cancellationToken);
        if (!answer.IsGone) return;
        await context.Webhooks.Where(webhook => webhook.Id == claimed.WebhookId && webhook.Stop == null)
            .ExecuteUpdateAsync(
                webhook => webhook.SetProperty(row => row.Stop, WebhookStop.Gone).SetProperty(row => row.ChangedAt, now), cancellationToken);
    }

    private static WebhookDelivery NewDelivery(Webhook webhook, AlertEvent told, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        WebhookId = webhook.Id,
        EventId = told.Alert.Id,
        Kind = told.Alert.Kind,
        Body = EventBody.Of(webhook.Format, told),
        NextAttemptAt = now,
        CreatedAt = now,
    };

    private static async Task<bool> QueueAsync(
        GatewayContext context, Guid alertId, List<WebhookDelivery> deliveries, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var isMine = await context.Alerts.Where(alert => alert.Id == alertId && alert.QueuedAt == null)
            .ExecuteUpdateAsync(alert => alert.SetProperty(row => row.QueuedAt, now), cancellationToken) == 1;
        if (!isMine) return false;
        context.WebhookDeliveries.AddRange(deliveries);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
