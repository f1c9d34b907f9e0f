namespace AiGateway.Domain;

/// <summary>What decides which budgets a request counts for. All of it is stored with its record, and never changes.</summary>
/// <param name="UserId">Its user.</param>
/// <param name="ApiKeyId">Its key; null for a JWT.</param>
/// <param name="At">When it came.</param>
/// <param name="RequestedModel">The model that the caller named, or that was chosen.</param>
/// <param name="EndUser">The end user that the caller named; null: none.</param>
/// <param name="ChargeSet">Its path and its other models; null: none.</param>
public sealed record CountedRequest(
    Guid UserId, Guid? ApiKeyId, DateTimeOffset At, string RequestedModel, string? EndUser, ChargeSet? ChargeSet)
{
    /// <summary>Its scopes, the most specific first. The days of users and keys are UTC.</summary>
    public IEnumerable<ChargedScope> Scopes()
    {
        if (ApiKeyId is { } key) yield return new(ScopeKind.Key, key, LocalDays.Utc);
        yield return new(ScopeKind.User, UserId, LocalDays.Utc);
        if (ChargeSet is null) yield break;
        for (var i = ChargeSet.Scopes.Count - 1; i >= 0; i--) yield return ChargeSet.Scopes[i];
    }

    /// <summary>Whether it may use a model of this pattern.</summary>
    public bool MayUse(string pattern) => ModelPattern.Matches(pattern, RequestedModel)
        || (ChargeSet is not null && ChargeSet.Models.Any(model => ModelPattern.Matches(pattern, model)));

    /// <summary>How it counts for a budget of one of its scopes; null: it does not.</summary>
    public CountedBudget? CountFor(Budget budget, ChargedScope scope)
    {
        if (budget.Model is { } pattern && !MayUse(pattern)) return null;
        var counted = new CountedScope(scope.Kind, scope.Id, budget.Model, budget.PerEndUser ? EndUser ?? "" : null);
        return new(budget, counted, budget.Window.StartOf(LocalDays.DayOf(At, scope.TimeZone)), scope.TimeZone);
    }
}

/// <summary>A budget that a request counts for, in the window of the request.</summary>
/// <param name="Budget">The budget.</param>
/// <param name="Scope">What its counter counts.</param>
/// <param name="Start">First day of the window.</param>
/// <param name="TimeZone">The time zone of the day.</param>
public sealed record CountedBudget(Budget Budget, CountedScope Scope, DateOnly Start, string TimeZone)
{
    /// <summary>When the next window begins; null: never.</summary>
    public DateTimeOffset? ResetsAt => Budget.Window.EndOf(Start) is { } end ? LocalDays.BeginningOf(end, TimeZone) : null;

    /// <summary>The window whose unused amount is carried over; null: none is.</summary>
    public DateOnly? CarriedFrom => Budget.RollOverCap is null || LocalDays.BeginningOf(Start, TimeZone) <= Budget.CountedSince
        ? null
        : Budget.Window.Before(Start);

    /// <summary>
    /// Whether a window without a counter has no records: it began after all gateways counted for the budget. A day allows for
    /// clocks that differ.
    /// </summary>
    public bool StartsAtZero(DateOnly start) =>
        Budget.WindowKind != PeriodKind.Total && LocalDays.BeginningOf(start, TimeZone) >= Budget.CountedSince.AddDays(1);
}
