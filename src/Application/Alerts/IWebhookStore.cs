using AiGateway.Application.Administration;
using AiGateway.Domain;

namespace AiGateway.Application.Alerts;

/// <summary>Webhooks and their deliveries.</summary>
public interface IWebhookStore
{
    /// <summary>Adds a webhook.</summary>
    /// <exception cref="AiGatewayException"><see cref="ErrorCode.Conflict"/>: there are too many; nothing was added.</exception>
    Task AddAsync(Webhook webhook, Actor by, CancellationToken cancellationToken);

    /// <summary>All webhooks, oldest first.</summary>
    Task<IReadOnlyList<Webhook>> ListAsync(CancellationToken cancellationToken);

    /// <summary>A webhook, or null.</summary>
    Task<Webhook?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Changes a webhook. Null when there is no such webhook.</summary>
    Task<Webhook?> UpdateAsync(Guid id, WebhookChanges changes, Actor by, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Deletes a webhook and its deliveries. False when there is no such webhook.</summary>
    Task<bool> DeleteAsync(Guid id, Actor by, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Makes a delivery of a test event, also to a disabled webhook's log. Null when there is no such webhook.</summary>
    Task<WebhookDelivery?> AddTestAsync(Guid id, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Deliveries to a webhook before a delivery, newest first.</summary>
    Task<IReadOnlyList<WebhookDelivery>> ListDeliveriesAsync(Guid id, Guid? before, int limit, CancellationToken cancellationToken);
}

/// <summary>Changes of a webhook; null keeps a value.</summary>
public sealed record WebhookChanges
{
    /// <summary>The new address.</summary>
    public string? Url { get; init; }

    /// <summary>The new kinds of events, as they are stored.</summary>
    public string? Events { get; init; }

    /// <summary>The new format.</summary>
    public WebhookFormat? Format { get; init; }

    /// <summary>Whether it gets no events.</summary>
    public bool? Disabled { get; init; }

    /// <summary>The new secret.</summary>
    public string? Secret { get; init; }
}

/// <summary>The alerts.</summary>
public interface IAlertLog
{
    /// <summary>Alerts before an alert, newest first; of one kind, or all.</summary>
    Task<IReadOnlyList<Alert>> ListAsync(AlertKind? kind, Guid? before, int limit, CancellationToken cancellationToken);
}
