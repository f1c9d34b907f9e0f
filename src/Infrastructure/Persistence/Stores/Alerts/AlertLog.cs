using AiGateway.Application.Alerts;
using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Stores.Alerts;

internal sealed class AlertLog(IDbContextFactory<GatewayContext> contexts) : IAlertLog
{
    public async Task<IReadOnlyList<Alert>> ListAsync(AlertKind? kind, Guid? before, int limit, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var alerts = context.Alerts.AsNoTracking();
        if (kind is { } only) alerts = alerts.Where(alert => alert.Kind == only);
        if (before is { } end)
        {
            // By time first: SQL Server sorts ids by their random end.
            var last = context.Alerts.Where(alert => alert.Id == end);
            alerts = alerts.Where(alert => last.Any(each => alert.At < each.At || (alert.At == each.At && alert.Id < each.Id)));
        }

        return await alerts.OrderByDescending(alert => alert.At).ThenByDescending(alert => alert.Id).Take(limit).ToListAsync(cancellationToken);
    }
}
