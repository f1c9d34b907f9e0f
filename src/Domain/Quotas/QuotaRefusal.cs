using System.Globalization;

namespace AiGateway.Domain;

/// <summary>The limit that a request would exceed. Amounts are requests, or nano-dollars for the spend limit.</summary>
/// <param name="Limit">The exceeded limit.</param>
/// <param name="LimitAmount">Its amount in the period.</param>
/// <param name="UsedAmount">The settled and held amount in the period.</param>
/// <param name="NeededAmount">What the request would add.</param>
/// <param name="ResetsAt">When the next period begins.</param>
public sealed record QuotaRefusal(
    QuotaLimit Limit, long LimitAmount, long UsedAmount, long NeededAmount, DateTimeOffset ResetsAt)
{
    /// <summary>
    /// The largest output limit of one choice with which the request would be admitted, in tokens; 0: none would do. Null:
    /// unknown, or the output limit is not the cause.
    /// </summary>
    public long? FittingOutputLimit { get; init; }

    /// <summary>The capacity left, in the unit of the limit; at least 0.</summary>
    public long LeftAmount => Math.Max(0, LimitAmount - UsedAmount);

    /// <summary>The limit's name on the wire, such as <c>monthly_spend</c>.</summary>
    public string LimitName => Limit switch
    {
        QuotaLimit.DailyRequests => "daily_requests",
        QuotaLimit.MonthlyRequests => "monthly_requests",
        _ => "monthly_spend",
    };

    /// <summary>Whether the limit is fully used, so every other request would be refused as well.</summary>
    public bool IsSpent => UsedAmount >= LimitAmount;

    /// <summary>A sentence for the caller.</summary>
    public string Describe()
    {
        var reset = ResetsAt.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        return Limit == QuotaLimit.MonthlySpend
            ? $"The {LimitName} limit of {Usd(LimitAmount)} USD would be exceeded: {Usd(UsedAmount)} USD are used or held, "
                + $"and this request may cost {Usd(NeededAmount)} USD.{Advice} The limit resets at {reset}."
            : $"The {LimitName} limit of {LimitAmount} is used up. It resets at {reset}.";
    }

    private string Advice => FittingOutputLimit switch
    {
        null => "",
        0 => " Its prompt alone is too expensive for what is left.",
        var limit => $" It fits with an output limit of at most {limit} tokens.",
    };

    private static string Usd(long nanoUsd) => Money.ToUsd(nanoUsd).ToString("0.#########", CultureInfo.InvariantCulture);
}

/// <summary>The limits that can refuse a request.</summary>
public enum QuotaLimit
{
    /// <summary>Requests a day.</summary>
    DailyRequests,

    /// <summary>Requests a calendar month.</summary>
    MonthlyRequests,

    /// <summary>Spend a calendar month.</summary>
    MonthlySpend,
}
