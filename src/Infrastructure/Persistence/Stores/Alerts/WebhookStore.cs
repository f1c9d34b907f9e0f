using AiGateway.Application.Administration;
using AiGateway.Application.Alerts;
using AiGateway.Domain;
using AiGateway.Infrastructure.Alerts.Formats;
using AiGateway.Infrastructure.Persistence.Audit;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Stores.Alerts;

internal sealed class WebhookStore(IDbContextFactory<GatewayContext> contexts) : IWebhookStore
{
    private const int MostWebhooks = 50;

    public Task AddAsync(Webhook webhook, Actor by, CancellationToken cancellationToken) => contexts.ChangeAsync(
        by,
        webhook.CreatedAt,
        async (context, attempt) =>
        {
            if (await context.Webhooks.CountAsync(attempt) >= MostWebhooks)
                throw new AiGatewayException(ErrorCode.Conflict, $"There are {MostWebhooks} webhooks, which is the most. Nothing was added. Delete one first.");
            context.Webhooks.Add(webhook);
            return new Audited<bool>(
                true, new AuditedChange(AdminActions.CreateWebhook, AdminTargets.Webhook, webhook.Id, before: null, WebhookState.Of(webhook)));
        },
        cancellationToken);

    public async Task<IReadOnlyList<Webhook>> ListAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return [.. (await context.Webhooks.AsNoTracking().ToListAsync(cancellationToken)).OrderBy(webhook => webhook.Id)];
    }

    public async Task<Webhook?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Webhooks.AsNoTracking().SingleOrDefaultAsync(webhook => webhook.Id == id, cancellationToken);
    }

    public Task<Webhook?> UpdateAsync(Guid id, WebhookChanges changes, Actor by, DateTimeOffset at, CancellationToken cancellationToken) =>
        contexts.ChangeAsync<Webhook?>(
            by,
            at,
            async (context, attempt) =>
            {
                if (await context.Webhooks.SingleOrDefaultAsync(each => each.Id == id, attempt) is not { } webhook) return new(null);
                var before = WebhookState.Of(webhook);
                Apply(webhook, changes, at);
                if (context.ChangeTracker.HasChanges()) webhook.ChangedAt = at;
                var action = changes.Secret is null ? AdminActions.UpdateWebhook : AdminActions.RotateWebhook;
                return new(webhook, new AuditedChange(action, AdminTargets.Webhook, id, before, WebhookState.Of(webhook)));
            },
            cancellationToken);

    public Task<bool> DeleteAsync(Guid id, Actor by, DateTimeOffset at, CancellationToken cancellationToken) => contexts.ChangeAsync<bool>(
        by,
        at,
        async (context, attempt) =>
        {
            if (await context.Webhooks.SingleOrDefaultAsync(each => each.Id == id, attempt) is not { } webhook) return new(false);
            await context.WebhookDeliveries.Where(delivery => delivery.WebhookId == id).ExecuteDeleteAsync(attempt);
            context.Webhooks.Remove(webhook);
            return new(true, new AuditedChange(AdminActions.DeleteWebhook, AdminTargets.Webhook, id, WebhookState.Of(webhook), after: null));
        },
        cancellationToken);

    public async Task<WebhookDelivery?> AddTestAsync(Guid id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Webhooks.AsNoTracking().SingleOrDefaultAsync(each => each.Id == id, cancellationToken) is not { } webhook) return null;
        var eventId = Guid.CreateVersion7(at);
        var delivery = new WebhookDelivery
        {
            Id = Guid.CreateVersion7(at),
            WebhookId = id,
            EventId = eventId,
            Kind = AlertKind.Test,
            Body = EventBody.Of(webhook.Format, AlertEvent.Test(eventId, at)),
            NextAttemptAt = at,
            CreatedAt = at,
        };
        context.WebhookDeliveries.Add(delivery);
        await context.SaveChangesAsync(cancellationToken);
        return delivery;
    }

    public async Task<IReadOnlyList<WebhookDelivery>> ListDeliveriesAsync(Guid id, Guid? before, int limit, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var deliveries = context.WebhookDeliveries.AsNoTracking().Where(delivery => delivery.WebhookId == id);
        if (before is { } end)
        {
            // By time first: SQL Server sorts ids by their random end.
            var last = context.WebhookDeliveries.Where(delivery => delivery.Id == end);
            deliveries = deliveries.Where(delivery => last.Any(
                each => delivery.CreatedAt < each.CreatedAt || (delivery.CreatedAt == each.CreatedAt && delivery.Id < each.Id)));
        }

        return await deliveries.OrderByDescending(delivery => delivery.CreatedAt).ThenByDescending(delivery => delivery.Id)
            .Take(limit).ToListAsync(cancellationToken);
    }

    private static void Apply(Webhook webhook, WebhookChanges changes, DateTimeOffset at)
    {
        webhook.Url = changes.Url ?? webhook.Url;
        webhook.Events = changes.Events ?? webhook.Events;
        webhook.Format = changes.Format ?? webhook.Format;
        if (changes.Disabled == false) webhook.Stop = null;
        else if (changes.Disabled == true) webhook.Stop ??= WebhookStop.Disabled;
        if (changes.Secret is not { } secret) return;
        (webhook.Secret, webhook.SecretSince) = (secret, at);
    }
}
