namespace AiGateway.Domain;

/// <summary>
/// A rate at one instant, and the rule by which it is used: GCRA with a burst of one minute. All times are nanoseconds; what is
/// taken is rounded up, and what is given back is rounded down. So the rate is exact to a sixth of a token.
/// </summary>
/// <param name="Rate">The rate.</param>
/// <param name="Tat">When all of it is free again, in nanoseconds since 1970.</param>
/// <param name="Now">The instant, in nanoseconds since 1970, of the clock that all gateways share.</param>
public readonly record struct RateState(Rate Rate, long Tat, long Now)
{
    /// <summary>The period of a rate and its burst, in nanoseconds.</summary>
    public const long Minute = 60_000_000_000;

    /// <summary>
    /// The nanoseconds that may be missing: a sixth of a token at the highest rate. Else the roundings of a few requests would
    /// refuse the last whole token.
    /// </summary>
    public const int Tolerance = 10;

    private const int NanosecondsATick = 100;

    /// <summary>Requests or tokens that are free now, at least 0.</summary>
    public long Capacity => (long)Int128.Min(Rate.Amount, (Int128)(Math.Max(0, Now + Minute - Begin) + Tolerance) * Rate.Amount / Minute);

    /// <summary>How long until all of it is free.</summary>
    public TimeSpan FullIn => ToTimeSpan(Begin - Now);

    /// <summary>When all of it is free, by the clock of <see cref="Now"/>.</summary>
    public DateTimeOffset FullAt => DateTimeOffset.UnixEpoch + ToTimeSpan(Begin);

    // A clock that was set back by up to a minute only delays. A time further ahead comes from a clock that was wrong, and
    // counts as a minute that is used up: nothing more is admitted, and nothing is refused for longer than a minute.
    private long Begin => Tat > Now + (2 * Minute) ? Now + Minute : Math.Max(Now, Tat);

    /// <summary>Instants of a clock in the unit of the times here.</summary>
    public static long InstantOf(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks * NanosecondsATick;

    /// <summary>What a request takes of a rate of this metric.</summary>
    public long NeededOf(HeldAmount request) => Rate.Metric == BudgetMetric.Tokens ? request.Tokens : 1;

    /// <summary>Whether so much is more than a whole minute's worth, so no wait is long enough.</summary>
    public bool IsTooMuch(long needed) => needed > Rate.Amount;

    /// <summary>How long until so much is free; zero: it is free now. It must not be <see cref="IsTooMuch"/>.</summary>
    public TimeSpan WaitFor(long needed)
    {
        var missing = (long)(Begin + CostOf(needed) - Minute - Now);
        return missing <= Tolerance ? TimeSpan.Zero : ToTimeSpan(missing);
    }

    /// <summary>The rate after so much was taken. It must be free.</summary>
    public RateState Take(long taken) => this with { Tat = (long)(Begin + CostOf(taken)) };

    /// <summary>
    /// The rate after a request has used another amount than it had taken. What is free again may be used at once. What was
    /// used beyond the amount taken is free again after a minute at the latest.
    /// </summary>
    public RateState Correct(long taken, long used)
    {
        Int128 begin = Begin;
        var after = used <= taken
            ? Int128.Max(Now, begin - ((Int128)(taken - used) * Minute / Rate.Amount))
            : Int128.Max(begin, Int128.Min(Now + Minute, begin + CostOf(used - taken)));
        return after == begin ? this : this with { Tat = (long)after };
    }

    private Int128 CostOf(long amount) => (((Int128)amount * Minute) + Rate.Amount - 1) / Rate.Amount;

    private static TimeSpan ToTimeSpan(long nanoseconds) => TimeSpan.FromTicks((nanoseconds + NanosecondsATick - 1) / NanosecondsATick);
}
