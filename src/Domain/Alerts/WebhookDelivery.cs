namespace AiGateway.Domain;

/// <summary>One event on its way to one webhook.</summary>
public sealed class WebhookDelivery
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The webhook.</summary>
    public required Guid WebhookId { get; init; }

    /// <summary>The id of the event, the same in every attempt and at every webhook.</summary>
    public required Guid EventId { get; init; }

    /// <summary>What the event is about.</summary>
    public required AlertKind Kind { get; init; }

    /// <summary>The JSON, the same in every attempt.</summary>
    public required string Body { get; init; }

    /// <summary>How far it is.</summary>
    public DeliveryStatus Status { get; init; }

    /// <summary>Attempts that were begun.</summary>
    public int Attempts { get; init; }

    /// <summary>
    /// When the next attempt is due. While an attempt is in progress it is the end of its lease; another gateway takes over
    /// then.
    /// </summary>
    public required DateTimeOffset NextAttemptAt { get; init; }

    /// <summary>The HTTP status of the last answer; null: there was none.</summary>
    public int? LastStatus { get; init; }

    /// <summary>Why the last attempt had no answer; null: it had one.</summary>
    public DeliveryFault? LastFault { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was delivered or given up; null: it is pending.</summary>
    public DateTimeOffset? FinishedAt { get; init; }
}

/// <summary>How far a delivery is. The numbers are stored.</summary>
public enum DeliveryStatus
{
    /// <summary>An attempt is due or in progress.</summary>
    Pending = 0,

    /// <summary>The receiver answered with a status from 200 to 299.</summary>
    Delivered = 1,

    /// <summary>It was given up.</summary>
    Failed = 2,
}

/// <summary>Why an attempt had no answer. The numbers are stored.</summary>
public enum DeliveryFault
{
    /// <summary>No connection: the name is not known, nothing listens, or TLS failed.</summary>
    NotConnected = 0,

    /// <summary>The name leads only to addresses that webhooks never reach.</summary>
    ForbiddenAddress = 1,

    /// <summary>No answer came in time.</summary>
    TimedOut = 2,

    /// <summary>The connection broke, or the answer was not HTTP.</summary>
    BrokenOff = 3,
}
