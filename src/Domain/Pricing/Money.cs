namespace AiGateway.Domain;

/// <summary>Amounts are whole nano-dollars (1e-9 USD); <see cref="decimal"/> appears only at the edges.</summary>
public static class Money
{
    /// <summary>Nano-dollars in one dollar.</summary>
    public const long NanoUsdPerUsd = 1_000_000_000;

    /// <summary>The largest amount that fits, about 9.2 billion dollars.</summary>
    public const decimal MaxUsd = long.MaxValue / NanoUsdPerUsd;

    /// <summary>Converts dollars to nano-dollars.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The amount does not fit, or is finer than a nano-dollar.</exception>
    public static long FromUsd(decimal usd)
    {
        if (Math.Abs(usd) > MaxUsd) throw new ArgumentOutOfRangeException(nameof(usd), usd, "does not fit in nano-dollars");
        var nano = usd * NanoUsdPerUsd;
        return nano == decimal.Truncate(nano)
            ? (long)nano
            : throw new ArgumentOutOfRangeException(nameof(usd), usd, "is finer than a nano-dollar");
    }

    /// <summary>Converts nano-dollars to dollars, exactly.</summary>
    public static decimal ToUsd(long nanoUsd) => (decimal)nanoUsd / NanoUsdPerUsd;

    /// <inheritdoc cref="ToUsd(long)"/>
    public static decimal? ToUsd(long? nanoUsd) => nanoUsd is { } amount ? ToUsd(amount) : null;
}
