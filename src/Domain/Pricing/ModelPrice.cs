namespace AiGateway.Domain;

/// <summary>
/// The price of a model from a date on, in nano-dollars per million tokens.
/// A cost is the exact sum over the token classes, rounded up once to a whole nano-dollar.
/// </summary>
public sealed record ModelPrice
{
    private const long TokensPerPrice = 1_000_000;

    /// <summary>First UTC day on which the price holds.</summary>
    public required DateOnly EffectiveFrom { get; init; }

    /// <summary>Price of an ordinary input token.</summary>
    public required long InputNanoUsdPerMillion { get; init; }

    /// <summary>Price of an input token read from the provider's cache; null: as an ordinary one.</summary>
    public long? CachedInputNanoUsdPerMillion { get; init; }

    /// <summary>Price of an input token written to the provider's cache; null: as an ordinary one.</summary>
    public long? CacheWriteNanoUsdPerMillion { get; init; }

    /// <summary>
    /// Price of an input token written to the provider's cache for one hour; null: the higher of
    /// <see cref="CacheWriteNanoUsdPerMillion"/> and <see cref="InputNanoUsdPerMillion"/>.
    /// </summary>
    public long? CacheWrite1hNanoUsdPerMillion { get; init; }

    /// <summary>Price of an output token; zero for models without output, such as embeddings.</summary>
    public required long OutputNanoUsdPerMillion { get; init; }

    /// <summary>A request with more input tokens than this is billed whole at the long-context factors; null: never.</summary>
    public long? LongContextAboveTokens { get; init; }

    /// <summary>Factor on input, cached and cache-write prices of a long request, in percent (200 = twice).</summary>
    public int LongContextInputPercent { get; init; } = 100;

    /// <summary>Factor on the output price of a long request, in percent.</summary>
    public int LongContextOutputPercent { get; init; } = 100;

    /// <summary>Factor on everything in the flex tier, in percent.</summary>
    public int FlexPercent { get; init; } = 100;

    /// <summary>Factor on everything in the priority tier, in percent.</summary>
    public int PriorityPercent { get; init; } = 100;

    /// <summary>Factor on everything of a call that is kept in the United States, in percent.</summary>
    public int UsGeographyPercent { get; init; } = 100;

    /// <summary>Factor on everything of a call in the provider's fast mode, in percent.</summary>
    public int FastPercent { get; init; } = 100;

    /// <summary>Factor on everything of a call that touches <see cref="PeakHours"/>, in percent.</summary>
    public int PeakPercent { get; init; } = 100;

    /// <summary>The hours of <see cref="PeakPercent"/>; empty: none.</summary>
    public IReadOnlyList<PeakHours> PeakHours { get; init; } = [];

    /// <summary>Where the figures were read.</summary>
    public string? Source { get; init; }

    /// <summary>The cost of these tokens, in nano-dollars.</summary>
    /// <exception cref="OverflowException">The cost does not fit.</exception>
    public long CostNanoUsd(TokenUsage usage, ServiceTier tier = ServiceTier.Standard, Surcharges surcharges = Surcharges.None)
    {
        var ordinary = usage.PromptTokens - usage.CachedPromptTokens - usage.CacheWriteTokens;
        var input = checked(
            ((Int128)ordinary * InputNanoUsdPerMillion)
            + ((Int128)usage.CachedPromptTokens * (CachedInputNanoUsdPerMillion ?? InputNanoUsdPerMillion))
            + ((Int128)(usage.CacheWriteTokens - usage.CacheWrite1hTokens) * CacheWritePrice)
            + ((Int128)usage.CacheWrite1hTokens * CacheWrite1hPrice));
        var isLong = usage.PromptTokens > LongContextAboveTokens;
        return Total(
            input,
            (Int128)usage.CompletionTokens * OutputNanoUsdPerMillion,
            isLong ? LongContextInputPercent : 100,
            isLong ? LongContextOutputPercent : 100,
            new Factors(
                TierPercent(tier),
                surcharges.HasFlag(Surcharges.UsGeography) ? UsGeographyPercent : 100,
                surcharges.HasFlag(Surcharges.Fast) ? FastPercent : 100,
                surcharges.HasFlag(Surcharges.Peak) ? PeakPercent : 100));
    }

    /// <summary>
    /// The maximum cost of a call with at most these tokens, in nano-dollars: every input token in the most expensive class,
    /// in the requested or the standard tier, whichever costs more, and in the peak hours. A provider may answer in either
    /// tier, and later than the call begins.
    /// </summary>
    /// <param name="promptTokens">Most input tokens.</param>
    /// <param name="completionTokens">Most output tokens.</param>
    /// <param name="tier">The requested tier.</param>
    /// <param name="possible">Surcharges that the call asks for, or may get without asking.</param>
    /// <exception cref="OverflowException">The cost does not fit.</exception>
    public long WorstCaseNanoUsd(
        long promptTokens, long completionTokens, ServiceTier tier = ServiceTier.Standard, Surcharges possible = Surcharges.None)
    {
        var inputPrice = Math.Max(
            Math.Max(InputNanoUsdPerMillion, CachedInputNanoUsdPerMillion ?? 0),
            Math.Max(CacheWritePrice, CacheWrite1hPrice));
        var isLong = promptTokens > LongContextAboveTokens;
        return Total(
            (Int128)promptTokens * inputPrice,
            (Int128)completionTokens * OutputNanoUsdPerMillion,
            isLong ? Math.Max(100, LongContextInputPercent) : 100,
            isLong ? Math.Max(100, LongContextOutputPercent) : 100,
            new Factors(
                MostExpensivePercent(tier),
                possible.HasFlag(Surcharges.UsGeography) ? Math.Max(100, UsGeographyPercent) : 100,
                possible.HasFlag(Surcharges.Fast) ? Math.Max(100, FastPercent) : 100,
                PeakHours.Count > 0 ? Math.Max(100, PeakPercent) : 100));
    }

    /// <summary>
    /// Those of the surcharges of a request that have no factor of their own. The provider may charge more for them than the
    /// price says.
    /// </summary>
    public Surcharges FindUnpriced(Surcharges requested)
    {
        var unpriced = Surcharges.None;
        if (UsGeographyPercent == 100) unpriced |= Surcharges.UsGeography;
        if (FastPercent == 100) unpriced |= Surcharges.Fast;
        return requested & unpriced;
    }

    /// <summary><see cref="Surcharges.Peak"/> when a call from one instant to another touches the peak hours.</summary>
    public Surcharges PeakOf(DateTimeOffset start, DateTimeOffset end)
    {
        foreach (var hours in PeakHours)
        {
            if (hours.Touches(start, end)) return Surcharges.Peak;
        }

        return Surcharges.None;
    }

    private long CacheWritePrice => CacheWriteNanoUsdPerMillion ?? InputNanoUsdPerMillion;

    private long CacheWrite1hPrice => CacheWrite1hNanoUsdPerMillion ?? Math.Max(CacheWritePrice, InputNanoUsdPerMillion);

    private static long Total(Int128 input, Int128 output, int inputPercent, int outputPercent, Factors factors)
    {
        var scaled = checked(((input * inputPercent) + (output * outputPercent)) * factors.Product);
        const long Divisor = TokensPerPrice * 100 * Factors.Divisor;
        return checked((long)((scaled + Divisor - 1) / Divisor));
    }

    private int MostExpensivePercent(ServiceTier tier) => tier == ServiceTier.Auto
        ? Math.Max(100, Math.Max(FlexPercent, PriorityPercent))
        : Math.Max(100, TierPercent(tier));

    private int TierPercent(ServiceTier tier) => tier switch
    {
        ServiceTier.Flex => FlexPercent,
        ServiceTier.Priority => PriorityPercent,
        _ => 100,
    };

    /// <summary>The factors on everything, each in percent.</summary>
    private readonly record struct Factors(int Tier, int UsGeography, int Fast, int Peak)
    {
        public const long Divisor = 100L * 100 * 100 * 100;

        public long Product => checked((long)Tier * UsGeography * Fast * Peak);
    }
}
