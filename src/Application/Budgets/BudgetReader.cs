using AiGateway.Application.Administration;
using AiGateway.Application.Quotas;
using AiGateway.Domain;

namespace AiGateway.Application.Budgets;

/// <summary>The budgets of a scope.</summary>
/// <param name="IsDefault">Whether they are the configured defaults of users, because the user has none of its own.</param>
/// <param name="Budgets">The budgets and their use.</param>
public sealed record BudgetList(bool IsDefault, IReadOnlyList<BudgetUse> Budgets);

/// <summary>Reads the budgets of a scope. The three limits of a user are shown as budgets.</summary>
internal sealed class BudgetReader(IBudgetStore budgets, IQuotaStore quotas, GatewayDefaults defaults, TimeProvider time)
{
    /// <exception cref="AiGatewayException"><see cref="ErrorCode.NotFound"/>: there is no such scope.</exception>
    public async Task RequireAsync(ScopeKind kind, Guid id, CancellationToken cancellationToken)
    {
        if (!await budgets.ExistsAsync(kind, id, cancellationToken)) throw MissingTarget.Of(kind, id);
    }

    public async Task<BudgetList> ReadAsync(ScopeKind kind, Guid id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var own = await budgets.ReadAsync(kind, id, now, cancellationToken);
        if (kind != ScopeKind.User) return new(IsDefault: false, own.Budgets);
        var used = await quotas.ReadUseAsync(id, now, cancellationToken);
        var limits = LimitsOf(id, QuotaStatus.Of(own.Limits ?? defaults.Limits, used, now), now)
            .Where(limit => !own.Budgets.Any(row => IsSame(row.Budget, limit.Budget)));
        return new(own.Limits is null && own.Budgets.Count == 0, [.. limits, .. own.Budgets]);
    }

    // A row with more members, such as alerts, stands for the same limit.
    private static bool IsSame(Budget row, Budget limit) =>
        row.IsLimitOfUser && row.Metric == limit.Metric && row.Window == limit.Window && row.Amount == limit.Amount;

    private static IEnumerable<BudgetUse> LimitsOf(Guid userId, QuotaStatus status, DateTimeOffset at)
    {
        return new[]
        {
            Of(QuotaLimit.DailyRequests, status.DailyRequests),
            Of(QuotaLimit.MonthlyRequests, status.MonthlyRequests),
            Of(QuotaLimit.MonthlySpend, status.MonthlySpendNanoUsd),
        }.OfType<BudgetUse>();

        BudgetUse? Of(QuotaLimit limit, LimitUse use) => use.Limit is { } amount
            ? new(new Budget
            {
                Id = userId,
                ScopeKind = ScopeKind.User,
                ScopeId = userId,
                Metric = limit.Metric,
                WindowKind = limit.Window.Kind,
                Amount = amount,
                CountedSince = at,
            }, amount, use.Used, use.Held, use.ResetsAt)
            : null;
    }
}
