using AiGateway.Application.Ledger;
using AiGateway.Application.Quotas;
using AiGateway.Domain;
using MediatR;

namespace AiGateway.Application.Budgets;

/// <summary>The limits of a caller and their use now.</summary>
/// <param name="UserId">The user.</param>
/// <param name="ApiKeyId">The key in use; null for a JWT.</param>
/// <param name="Path">The organisation, team and project; null: none.</param>
public sealed record GetQuotaStatus(Guid UserId, Guid? ApiKeyId = null, ScopePath? Path = null) : IRequest<QuotaStatus>, IReadsLedger;

internal sealed class GetQuotaStatusHandler(IQuotaStore quotas, IBudgetStore budgets, IRateStore rates, GatewayDefaults defaults, TimeProvider time)
    : IRequestHandler<GetQuotaStatus, QuotaStatus>
{
    public async Task<QuotaStatus> Handle(GetQuotaStatus query, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var limits = await quotas.FindLimitsAsync(query.UserId, cancellationToken) ?? defaults.Limits;
        var status = QuotaStatus.Of(limits, await quotas.ReadUseAsync(query.UserId, now, cancellationToken), now);
        return status with
        {
            Budgets = await ReadBudgetsAsync(query, now, cancellationToken),
            Rates = await ReadRatesAsync(query, cancellationToken),
        };
    }

    private async Task<IReadOnlyList<ScopedBudget>> ReadBudgetsAsync(GetQuotaStatus query, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var all = new List<ScopedBudget>();
        foreach (var (kind, id, name) in ScopesOf(query))
        {
            var own = await budgets.ReadAsync(kind, id, now, cancellationToken);
            all.AddRange(own.Budgets.Where(use => use.Budget.IsValidAt(now)).Select(use => new ScopedBudget(use, name)));
        }

        // One instance stands for none, so that equal answers compare equal.
        if (all.Count == 0) return [];
        return all;
    }

    private async Task<IReadOnlyList<ScopedRate>> ReadRatesAsync(GetQuotaStatus query, CancellationToken cancellationToken)
    {
        var names = ScopesOf(query).ToDictionary(scope => scope.Id, scope => scope.Name);
        var all = await rates.ReadAsync([.. names.Keys], cancellationToken);
        if (all.Count == 0) return [];
        return [.. all.Select(state => new ScopedRate(state, names[state.Rate.ScopeId]))];
    }

    private static IEnumerable<(ScopeKind Kind, Guid Id, string? Name)> ScopesOf(GetQuotaStatus query)
    {
        if (query.ApiKeyId is { } key) yield return (ScopeKind.Key, key, null);
        yield return (ScopeKind.User, query.UserId, null);
        foreach (var step in (query.Path ?? ScopePath.Empty).Steps.Reverse()) yield return (step.Kind, step.Id, step.Name);
    }
}
