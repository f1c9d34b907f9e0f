using AiGateway.Application.Usage;
using AiGateway.Domain;

namespace AiGateway.Application.Receipts;

/// <summary>Reads what is stored of one request.</summary>
public interface IReceiptStore
{
    /// <summary>The stored parts of a request; null: there is no such record among the selected ones.</summary>
    Task<StoredReceipt?> FindAsync(Guid requestId, UsageSelection within, CancellationToken cancellationToken);

    /// <summary>Whether records of a UTC day were moved to an archive file.</summary>
    Task<bool> IsArchivedAsync(DateOnly day, CancellationToken cancellationToken);
}

/// <summary>The stored parts of a request.</summary>
/// <param name="Record">Its usage record.</param>
public sealed record StoredReceipt(UsageRecord Record)
{
    /// <summary>The scopes that it is charged to, from the widest to the key.</summary>
    public required IReadOnlyList<ReceiptScope> Scopes { get; init; }

    /// <summary>The models of its plan besides the requested one. Budgets of these models count it as well.</summary>
    public required IReadOnlyList<string> OtherModels { get; init; }

    /// <summary>Tags that its key has now.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>Its corrections, oldest first, each with the name that the administrator has now; null: deleted.</summary>
    public required IReadOnlyList<(UsageCorrection Correction, string? By)> Corrections { get; init; }

    /// <summary>Ids of the objects that its provider stores for it.</summary>
    public required IReadOnlyList<string> StoredObjects { get; init; }
}

/// <summary>A scope that a request is charged to.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">The name that it has now; null: it is deleted.</param>
/// <param name="TimeZone">IANA name of the time zone in which its days began when the request was held; null: a user or key, which counts in UTC.</param>
public sealed record ReceiptScope(ScopeKind Kind, Guid Id, string? Name, string? TimeZone);
