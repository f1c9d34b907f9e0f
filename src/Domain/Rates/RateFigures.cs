namespace AiGateway.Domain;

/// <summary>The tightest rates of a request, for its caller.</summary>
/// <param name="Requests">Requests a minute; null: no such rate applies.</param>
/// <param name="Tokens">Tokens a minute; null: no such rate applies.</param>
public sealed record RateFigures(RateUse? Requests, RateUse? Tokens)
{
    /// <summary>The figures of these rates; null: there are none.</summary>
    public static RateFigures? Of(IReadOnlyList<RateState> rates) => rates.Count == 0
        ? null
        : new(Tightest(rates, BudgetMetric.Requests), Tightest(rates, BudgetMetric.Tokens));

    private static RateUse? Tightest(IReadOnlyList<RateState> rates, BudgetMetric metric)
    {
        RateUse? tightest = null;
        foreach (var rate in rates)
        {
            if (rate.Rate.Metric != metric) continue;
            var use = RateUse.Of(rate);
            if (tightest is not { } least || (use.Remaining, use.Limit).CompareTo((least.Remaining, least.Limit)) < 0) tightest = use;
        }

        return tightest;
    }
}

/// <summary>A rate and what is left of it.</summary>
/// <param name="Limit">Requests or tokens a minute.</param>
/// <param name="Remaining">What is free now.</param>
/// <param name="FullIn">How long until all of it is free.</param>
/// <param name="FullAt">When that is.</param>
public readonly record struct RateUse(long Limit, long Remaining, TimeSpan FullIn, DateTimeOffset FullAt)
{
    /// <summary>The use of a rate.</summary>
    public static RateUse Of(RateState state) => new(state.Rate.Amount, state.Capacity, state.FullIn, state.FullAt);
}
