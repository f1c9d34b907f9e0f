namespace AiGateway.Application.Usage;

/// <summary>Which usage records to read.</summary>
public sealed record UsageFilter
{
    /// <summary>Only records of this user.</summary>
    public required Guid UserId { get; init; }

    /// <summary>Created at or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Created before.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Answered by this model.</summary>
    public string? Model { get; init; }

    /// <summary>Only records older than this one: the end of the previous page.</summary>
    public UsageCursor? Before { get; init; }

    /// <summary>Most records to return.</summary>
    public required int Limit { get; init; }
}
