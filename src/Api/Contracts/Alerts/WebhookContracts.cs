using AiGateway.Domain;

namespace AiGateway.Api.Contracts.Alerts;

/// <summary>A webhook to create.</summary>
public sealed record CreateWebhookRequest
{
    /// <summary>The address, https or http, at most 2000 characters. Link-local addresses and metadata services are refused.</summary>
    /// <example>https://hooks.example.com/aigateway</example>
    public string? Url { get; init; }

    /// <summary>Kinds of events: <c>budget</c>, <c>provider</c>, <c>record</c>; left out: all.</summary>
    public IReadOnlyList<string>? Events { get; init; }

    /// <summary><c>generic</c> (the default), <c>slack</c> or <c>teams</c>.</summary>
    /// <example>generic</example>
    public string? Format { get; init; }
}

/// <summary>Changes of a webhook; a member that is left out stays as it is.</summary>
public sealed record UpdateWebhookRequest
{
    /// <summary>The address.</summary>
    public string? Url { get; init; }

    /// <summary>Kinds of events: <c>budget</c>, <c>provider</c>, <c>record</c>.</summary>
    public IReadOnlyList<string>? Events { get; init; }

    /// <summary><c>generic</c>, <c>slack</c> or <c>teams</c>. Deliveries that are made already keep their body.</summary>
    public string? Format { get; init; }

    /// <summary>Whether it gets no events.</summary>
    public bool? Disabled { get; init; }
}

/// <summary>A webhook, without its secret.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Url">The address.</param>
/// <param name="Events">The kinds of events that it gets.</param>
/// <param name="Format"><c>generic</c>, <c>slack</c> or <c>teams</c>.</param>
/// <param name="Disabled">Whether it gets no events.</param>
/// <param name="DisabledBecause"><c>disabled</c> by an administrator, or <c>gone</c>: its receiver answered 410; null: it is not disabled.</param>
/// <param name="SecretSince">When its secret was made.</param>
/// <param name="CreatedAt">When it was created.</param>
public sealed record WebhookResponse(
    Guid Id, string Url, IReadOnlyList<string> Events, string Format, bool Disabled, string? DisabledBecause, DateTimeOffset SecretSince, DateTimeOffset CreatedAt)
{
    internal static WebhookResponse Of(Webhook webhook) => new(
        webhook.Id,
        webhook.Url,
        WordList.Split(webhook.Events)!,
        WireName.Of(webhook.Format),
        webhook.Stop is not null,
        webhook.Stop is { } stop ? WireName.Of(stop) : null,
        webhook.SecretSince,
        webhook.CreatedAt);
}

/// <summary>A new webhook, or a new secret. The secret is shown this once.</summary>
/// <param name="Id">The id of the webhook.</param>
/// <param name="Secret">The secret that signs deliveries: keep it, it cannot be shown again.</param>
/// <param name="Url">The address.</param>
/// <param name="Events">The kinds of events that it gets.</param>
/// <param name="Format"><c>generic</c>, <c>slack</c> or <c>teams</c>.</param>
public sealed record WebhookSecretResponse(Guid Id, string Secret, string Url, IReadOnlyList<string> Events, string Format)
{
    internal static WebhookSecretResponse Of(Webhook webhook) =>
        new(webhook.Id, webhook.Secret, webhook.Url, WordList.Split(webhook.Events)!, WireName.Of(webhook.Format));
}

/// <summary>The webhooks.</summary>
/// <param name="Items">All of them, oldest first.</param>
public sealed record WebhookListResponse(IReadOnlyList<WebhookResponse> Items);

/// <summary>One page of deliveries, newest first.</summary>
/// <param name="Items">The deliveries.</param>
/// <param name="Next">Give this as <c>next</c> to get the following page; null: this is the last one.</param>
public sealed record DeliveryListResponse(IReadOnlyList<DeliveryResponse> Items, Guid? Next);

/// <summary>A delivery of one event.</summary>
/// <param name="Id">Its id.</param>
/// <param name="EventId">The id of the event, as in <c>x-aigateway-event-id</c>.</param>
/// <param name="Event"><c>budget</c>, <c>provider</c>, <c>record</c> or <c>test</c>.</param>
/// <param name="Status"><c>pending</c>, <c>delivered</c> or <c>failed</c>.</param>
/// <param name="Attempts">Attempts that were begun.</param>
/// <param name="LastStatus">The HTTP status of the last answer; null: there was none.</param>
/// <param name="LastFault">
/// Why the last attempt had no answer: <c>not_connected</c>, <c>forbidden_address</c>, <c>timed_out</c> or <c>broken_off</c>; null: it had one.
/// </param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="NextAttemptAt">When it is tried next; null: it is not.</param>
/// <param name="FinishedAt">When it was delivered or given up; null: it is pending.</param>
public sealed record DeliveryResponse(
    Guid Id,
    Guid EventId,
    string Event,
    string Status,
    int Attempts,
    int? LastStatus,
    string? LastFault,
    DateTimeOffset CreatedAt,
    DateTimeOffset? NextAttemptAt,
    DateTimeOffset? FinishedAt)
{
    internal static DeliveryResponse Of(WebhookDelivery delivery) => new(
        delivery.Id,
        delivery.EventId,
        delivery.Kind.ToName(),
        WireName.Of(delivery.Status),
        delivery.Attempts,
        delivery.LastStatus,
        delivery.LastFault is { } fault ? WireName.Of(fault) : null,
        delivery.CreatedAt,
        delivery.Status == DeliveryStatus.Pending ? delivery.NextAttemptAt : null,
        delivery.FinishedAt);
}
