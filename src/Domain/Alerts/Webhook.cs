namespace AiGateway.Domain;

/// <summary>An address that gets events by HTTP POST.</summary>
public sealed class Webhook
{
    /// <summary>Most characters of an address.</summary>
    public const int MaxUrlLength = 2000;

    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The address. It may hold a secret of the receiver.</summary>
    public required string Url { get; set; }

    /// <summary>The kinds of events that it gets, as <see cref="WordList"/> of their names.</summary>
    public required string Events { get; set; }

    /// <summary>The form of the body.</summary>
    public required WebhookFormat Format { get; set; }

    /// <summary>The secret that signs its deliveries. It is shown once, when it is made.</summary>
    public required string Secret { get; set; }

    /// <summary>When the secret was made.</summary>
    public required DateTimeOffset SecretSince { get; set; }

    /// <summary>When an administrator changed it last, or its receiver stopped it.</summary>
    public required DateTimeOffset ChangedAt { get; set; }

    /// <summary>Why it gets no events; null: it gets them.</summary>
    public WebhookStop? Stop { get; set; }

    /// <summary>When it was created. It gets no earlier event.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether it gets events of this kind.</summary>
    public bool Gets(AlertKind kind) => WordList.Split(Events)!.Contains(kind.ToName());
}

/// <summary>The form of the body of a delivery. The numbers are stored.</summary>
public enum WebhookFormat
{
    /// <summary>The gateway's own JSON.</summary>
    Generic = 0,

    /// <summary>A message of a Slack incoming webhook.</summary>
    Slack = 1,

    /// <summary>An Adaptive Card for a Microsoft Teams workflow.</summary>
    Teams = 2,
}

/// <summary>Why a webhook gets no events. The numbers are stored.</summary>
public enum WebhookStop
{
    /// <summary>An administrator disabled it.</summary>
    Disabled = 0,

    /// <summary>The receiver answered 410: it wants no more events.</summary>
    Gone = 1,
}
