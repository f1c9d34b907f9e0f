using AiGateway.Domain;

namespace AiGateway.Application.Ports;

/// <summary>Limits and what is used of them.</summary>
public interface IQuotaStore
{
    /// <summary>The limits set for the user; null: the configured defaults hold.</summary>
    Task<QuotaLimits?> FindLimitsAsync(Guid userId, CancellationToken cancellationToken);

    /// <summary>Sets the user's limits. The ledger follows them from its next decision on.</summary>
    Task SaveLimitsAsync(Guid userId, QuotaLimits limits, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>What the user has used in the periods of this instant.</summary>
    Task<QuotaUse> ReadUseAsync(Guid userId, DateTimeOffset at, CancellationToken cancellationToken);
}
