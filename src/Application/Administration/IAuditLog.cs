using AiGateway.Domain;

namespace AiGateway.Application.Administration;

/// <summary>Reads the audit log. It has no method that writes: the stores write each row together with its change.</summary>
public interface IAuditLog
{
    /// <summary>Rows, newest first.</summary>
    Task<IReadOnlyList<AdminAction>> ListAsync(AuditFilter filter, CancellationToken cancellationToken);

    /// <summary>Reads every row and checks the chain of hashes.</summary>
    Task<AuditVerification> VerifyAsync(CancellationToken cancellationToken);
}

/// <summary>Which rows of the audit log to read; null: any.</summary>
public sealed record AuditFilter
{
    /// <summary>Made at or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Made before.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>By whom.</summary>
    public AuditActor? Actor { get; init; }

    /// <summary>The action.</summary>
    public string? Action { get; init; }

    /// <summary>The kind of the target.</summary>
    public string? TargetKind { get; init; }

    /// <summary>The id of the target.</summary>
    public string? TargetId { get; init; }

    /// <summary>Only rows with a lower sequence number: the end of the previous page.</summary>
    public long? Before { get; init; }

    /// <summary>Most rows to return.</summary>
    public required int Limit { get; init; }
}

/// <summary>An author of changes.</summary>
/// <param name="UserId">The user; null: the system.</param>
public sealed record AuditActor(Guid? UserId)
{
    /// <summary>The name of the system where a user's id may stand.</summary>
    public const string System = "system";

    /// <summary>Reads a user's id or <see cref="System"/>; null: neither.</summary>
    public static AuditActor? Parse(string? text) =>
        text == System ? new AuditActor(null as Guid?) : Guid.TryParseExact(text, "D", out var id) ? new AuditActor(id) : null;
}
