using AiGateway.Application.Budgets;
using AiGateway.Application.Quotas;
using AiGateway.Domain;

namespace AiGateway.Api.Contracts.Rates;

/// <summary>The rates of a scope; a member that is null, or left out, means no rate.</summary>
public sealed record RatesRequest
{
    /// <summary>Requests a minute, 1 to 10000000.</summary>
    /// <example>60</example>
    public long? RequestsPerMinute { get; init; }

    /// <summary>Prompt and output tokens a minute, 1 to 1000000000.</summary>
    /// <example>60000</example>
    public long? TokensPerMinute { get; init; }
}

/// <summary>The rates of a scope and what is left of them now.</summary>
/// <param name="RequestsPerMinute">Requests a minute; null: no rate.</param>
/// <param name="TokensPerMinute">Prompt and output tokens a minute; null: no rate.</param>
public sealed record RatesResponse(RateResponse? RequestsPerMinute, RateResponse? TokensPerMinute);

/// <summary>One rate.</summary>
/// <param name="Amount">Requests or tokens a minute. A whole minute's worth may be used at once.</param>
/// <param name="Remaining">What is free now.</param>
/// <param name="ResetsAt">When all of it is free.</param>
public sealed record RateResponse(long Amount, long Remaining, DateTimeOffset ResetsAt);

/// <summary>A rate that applies to you.</summary>
/// <param name="Scope">Whose rate it is.</param>
/// <param name="Limit">Its name in refusals: <c>requests_per_minute</c> or <c>tokens_per_minute</c>.</param>
/// <param name="Amount">Requests or tokens a minute. A whole minute's worth may be used at once.</param>
/// <param name="Remaining">What is free now.</param>
/// <param name="ResetsAt">When all of it is free.</param>
public sealed record ScopedRateResponse(BudgetScopeResponse Scope, string Limit, long Amount, long Remaining, DateTimeOffset ResetsAt);

/// <summary>Rates between the wire and the use cases.</summary>
internal static class RateMapping
{
    public static RateAmounts ToAmounts(this RatesRequest request) => new(request.RequestsPerMinute, request.TokensPerMinute);

    public static RatesResponse ToResponse(this IReadOnlyList<RateState> rates) =>
        new(Of(rates, BudgetMetric.Requests), Of(rates, BudgetMetric.Tokens));

    public static ScopedRateResponse ToResponse(this ScopedRate scoped)
    {
        var (rate, use) = (scoped.State.Rate, RateUse.Of(scoped.State));
        return new(new(WireName.Of(rate.ScopeKind), rate.ScopeId, scoped.ScopeName), rate.Limit.Name, use.Limit, use.Remaining, use.FullAt);
    }

    private static RateResponse? Of(IReadOnlyList<RateState> rates, BudgetMetric metric)
    {
        foreach (var state in rates)
        {
            if (state.Rate.Metric == metric) return new(state.Rate.Amount, state.Capacity, state.FullAt);
        }

        return null;
    }
}
