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

    /// <summary>Where the figures were read.</summary>
    public string? Source { get; init; }

    /// <summary>The cost of these tokens, in nano-dollars.</summary>
    /// <exception cref="OverflowException">The cost does not fit.</exception>
    public long CostNanoUsd(TokenUsage usage, ServiceTier tier = ServiceTier.Standard)
    {
        var ordinary = usage.PromptTokens - usage.CachedPromptTokens - usage.CacheWriteTokens;
        var input = checked(
            ((Int128)ordinary * InputNanoUsdPerMillion)
            + ((Int128)usage.CachedPromptTokens * (CachedInputNanoUsdPerMillion ?? InputNanoUsdPerMillion))
            + ((Int128)usage.CacheWriteTokens * (CacheWriteNanoUsdPerMillion ?? InputNanoUsdPerMillion)));
        var isLong = usage.PromptTokens > LongContextAboveTokens;
        return Total(
            input,
            (Int128)usage.CompletionTokens * OutputNanoUsdPerMillion,
            isLong ? LongContextInputPercent : 100,
            isLong ? LongContextOutputPercent : 100,
            TierPercent(tier));
    }

    /// <summary>
    /// The maximum cost of a call with at most these tokens, in nano-dollars: every input token in the most expensive class,
    /// in the requested or the standard tier, whichever costs more. A provider may answer in either.
    /// </summary>
    /// <exception cref="OverflowException">The cost does not fit.</exception>
    public long WorstCaseNanoUsd(long promptTokens, long completionTokens, ServiceTier tier = ServiceTier.Standard)
    {
        var inputPrice = Math.Max(
            InputNanoUsdPerMillion,
            Math.Max(CachedInputNanoUsdPerMillion ?? 0, CacheWriteNanoUsdPerMillion ?? 0));
        var isLong = promptTokens > LongContextAboveTokens;
        return Total(
            (Int128)promptTokens * inputPrice,
            (Int128)completionTokens * OutputNanoUsdPerMillion,
            isLong ? Math.Max(100, LongContextInputPercent) : 100,
            isLong ? Math.Max(100, LongContextOutputPercent) : 100,
            MostExpensivePercent(tier));
    }

    private static long Total(Int128 input, Int128 output, int inputPercent, int outputPercent, int tierPercent)
    {
        var percentOfPercent = checked(((input * inputPercent) + (output * outputPercent)) * tierPercent);
        const long Divisor = TokensPerPrice * 100 * 100;
        return checked((long)((percentOfPercent + Divisor - 1) / Divisor));
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
}
