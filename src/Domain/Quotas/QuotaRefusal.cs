using System.Globalization;

namespace AiGateway.Domain;

/// <summary>The limit that a request would exceed. Amounts are requests, tokens, or nano-dollars for a spend limit.</summary>
/// <param name="Limit">The exceeded limit.</param>
/// <param name="LimitAmount">Its amount in the window.</param>
/// <param name="UsedAmount">The settled and held amount in the window.</param>
/// <param name="NeededAmount">What the request would add.</param>
/// <param name="ResetsAt">When the next window begins; null: never, or it is a rate.</param>
public sealed record QuotaRefusal(
    QuotaLimit Limit, long LimitAmount, long UsedAmount, long NeededAmount, DateTimeOffset? ResetsAt)
{
    /// <summary>Whose limit it is; null: the user's.</summary>
    public LimitedScope? Scope { get; init; }

    /// <summary>
    /// The largest output limit of one choice with which the request would be admitted, in tokens; 0: none would do. Null:
    /// unknown, or the output limit is not the cause.
    /// </summary>
    public long? FittingOutputLimit { get; init; }

    /// <summary>The wait after which the same request is admitted, when it is alone; null: no wait is known to suffice.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the request needs more of a rate than a whole minute has, so no wait suffices.</summary>
    public bool IsTooLarge { get; init; }

    /// <summary>The capacity left, in the unit of the limit; at least 0.</summary>
    public long LeftAmount => Math.Max(0, LimitAmount - UsedAmount);

    /// <summary>The limit's name on the wire, such as <c>monthly_spend</c>.</summary>
    public string LimitName => Limit.Name;

    /// <summary>Whether the limit is fully used, so every other request would be refused as well.</summary>
    public bool IsSpent => UsedAmount >= LimitAmount;

    /// <summary>A sentence for the caller.</summary>
    public string Describe() => Limit.IsRate ? DescribeRate() : DescribeBudget();

    private string DescribeBudget() => Limit.Metric switch
    {
        BudgetMetric.Spend => $"The {Owned} limit of {Usd(LimitAmount)} USD would be exceeded: {Usd(UsedAmount)} USD are used or held, "
            + $"and this request may cost {Usd(NeededAmount)} USD.{Advice}{Reset}",
        BudgetMetric.Tokens => $"The {Owned} limit of {LimitAmount} would be exceeded: {UsedAmount} tokens are used or held, "
            + $"and this request may need {NeededAmount}.{Advice}{Reset}",
        BudgetMetric.Concurrent => $"The {Owned} limit of {LimitAmount} is reached. Retry when one of the requests in progress has finished.",
        _ => $"The {Owned} limit of {LimitAmount} is used up.{Reset}",
    };

    private string DescribeRate()
    {
        if (IsTooLarge)
        {
            return $"Request too large for the {Owned} limit: it may need {NeededAmount} tokens, and the limit is {LimitAmount}. "
                + $"A wait does not help.{Advice}";
        }

        var wait = $"Retry in {Math.Ceiling((RetryAfter ?? TimeSpan.Zero).TotalSeconds):0} s.";
        return Limit.Metric == BudgetMetric.Tokens
            ? $"The {Owned} limit of {LimitAmount} would be exceeded: {LeftAmount} tokens are left, and this request may need {NeededAmount}. {wait}{Advice}"
            : $"The {Owned} limit of {LimitAmount} is used up. {wait}";
    }

    private string Owned => Scope is null ? LimitName : $"{LimitName} {Scope.Describe()}";

    private string Reset => ResetsAt is not { } at
        ? " It never resets. An administrator can raise it."
        : Limit.Metric == BudgetMetric.Requests ? $" It resets at {Shown(at)}." : $" The limit resets at {Shown(at)}.";

    private string Advice => (FittingOutputLimit, Limit.Metric) switch
    {
        (null, _) => "",
        (0, BudgetMetric.Spend) => " Its prompt alone is too expensive for what is left.",
        (0, _) when IsTooLarge => " Its prompt alone is too long. Send a shorter one.",
        (0, _) => " Its prompt alone is too long for what is left.",
        (var limit, _) when Limit.IsRate && !IsTooLarge => $" It fits now with an output limit of at most {limit} tokens.",
        (var limit, _) => $" It fits with an output limit of at most {limit} tokens.",
    };

    private static string Shown(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static string Usd(long nanoUsd) => Money.ToUsd(nanoUsd).ToString("0.#########", CultureInfo.InvariantCulture);
}

/// <summary>The scope of a limit.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its display name; null: not known.</param>
/// <param name="Model">The models that the limit is for, as <see cref="Budget.Model"/>; null: all.</param>
/// <param name="IsPerEndUser">Whether each end user has the limit for itself.</param>
public sealed record LimitedScope(ScopeKind Kind, Guid Id, string? Name, string? Model = null, bool IsPerEndUser = false)
{
    /// <summary>The kind on the wire: <c>organisation</c>, <c>team</c>, <c>project</c>, <c>user</c> or <c>key</c>.</summary>
    public string KindName => Kind.ToName();

    /// <summary>Such as <c>(team Search, models gpt-6*)</c>.</summary>
    public string Describe() =>
        $"({KindName} {Name ?? Id.ToString()}{(Model is null ? "" : $", models {Model}")}{(IsPerEndUser ? ", for each end user" : "")})";
}
