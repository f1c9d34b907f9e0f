using AiGateway.Domain;

namespace AiGateway.Application.Pricing;

/// <summary>The price book of every version that a gateway of this database ran with.</summary>
public interface IPriceHistory
{
    /// <summary>The rows of a version; null: it is not kept, or its content cannot be read.</summary>
    Task<IPriceRows?> FindAsync(string version, CancellationToken cancellationToken);
}
