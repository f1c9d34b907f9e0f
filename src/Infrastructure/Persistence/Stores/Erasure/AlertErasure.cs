using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Stores.Erasure;

/// <summary>
/// Erases names in alerts and in their deliveries. An alert stays, because it keeps its threshold from being told again. What
/// receivers already have is theirs.
/// </summary>
internal static class AlertErasure
{
    /// <summary>Deletes the deliveries that name a user or one of its keys.</summary>
    public static Task<int> ForgetUserAsync(this GatewayContext context, Guid userId, IReadOnlyCollection<Guid> keyIds, CancellationToken cancellationToken)
    {
        var scopes = keyIds.Append(userId).Select(static id => (Guid?)id).ToArray();
        return context.WebhookDeliveries
            .Where(delivery => context.Alerts.Any(alert => alert.Id == delivery.EventId && scopes.Contains(alert.ScopeId)))
            .ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Replaces end users in alerts. Finished deliveries of these alerts are deleted; others have their 30 days.</summary>
    public static async Task ForgetEndUsersAsync(this GatewayContext context, IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        await context.WebhookDeliveries
            .Where(delivery => delivery.Status != DeliveryStatus.Pending
                && context.Alerts.Any(alert => alert.Id == delivery.EventId && names.Contains(alert.EndUser)))
            .ExecuteDeleteAsync(cancellationToken);
        await context.Alerts.Where(alert => names.Contains(alert.EndUser))
            .ExecuteUpdateAsync(alert => alert.SetProperty(each => each.EndUser, User.ErasedName), cancellationToken);
    }
}
