using AiGateway.Application.Administration;
using AiGateway.Domain;

namespace AiGateway.Application.Budgets;

/// <summary>Rates of scopes, and their use.</summary>
public interface IRateStore
{
    /// <summary>The rates of these scopes and their use now, in the order of the scopes; requests before tokens.</summary>
    Task<IReadOnlyList<RateState>> ReadAsync(IReadOnlyList<Guid> scopes, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces the rates of a scope. They apply from the ledger's next decision on, on every gateway. A rate with another amount
    /// keeps the share of the minute that is used, and requests in progress give nothing back to it.
    /// </summary>
    /// <param name="kind">The kind of the scope.</param>
    /// <param name="id">The scope.</param>
    /// <param name="amounts">Its rates from now on.</param>
    /// <param name="by">The author.</param>
    /// <param name="at">The time of the change.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task ReplaceAsync(ScopeKind kind, Guid id, RateAmounts amounts, Actor by, DateTimeOffset at, CancellationToken cancellationToken);
}

/// <summary>The rates of a scope; null: none.</summary>
/// <param name="RequestsPerMinute">Requests a minute.</param>
/// <param name="TokensPerMinute">Prompt and output tokens a minute.</param>
public sealed record RateAmounts(long? RequestsPerMinute, long? TokensPerMinute)
{
    /// <summary>No rate.</summary>
    public static readonly RateAmounts None = new(null, null);
}
