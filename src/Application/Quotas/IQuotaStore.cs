using AiGateway.Application.Administration;
using AiGateway.Domain;

namespace AiGateway.Application.Quotas;

/// <summary>Limits and their use.</summary>
public interface IQuotaStore
{
    /// <summary>The limits set for the user; null: the configured defaults apply.</summary>
    Task<QuotaLimits?> FindLimitsAsync(Guid userId, CancellationToken cancellationToken);

    /// <summary>Sets the user's limits. They apply from the ledger's next decision on.</summary>
    Task SaveLimitsAsync(Guid userId, QuotaLimits limits, Actor by, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>The use of the user in the periods of this time.</summary>
    Task<QuotaUse> ReadUseAsync(Guid userId, DateTimeOffset at, CancellationToken cancellationToken);
}
