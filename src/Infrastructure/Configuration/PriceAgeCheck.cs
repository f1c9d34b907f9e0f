using AiGateway.Application.Pricing;

namespace AiGateway.Infrastructure.Configuration;

/// <summary>Checks how old the prices are. Vendors change prices several times a month.</summary>
public static class PriceAgeCheck
{
    private const int MaxAgeDays = 90;

    /// <summary>A warning to log when the prices were last checked more than 90 days ago; null: no warning.</summary>
    /// <param name="prices">The price book.</param>
    /// <param name="today">The UTC day.</param>
    public static string? Check(IPriceBook prices, DateOnly today)
    {
        if (prices.CheckedOn is not { } day || today.DayNumber - day.DayNumber <= MaxAgeDays) return null;
        return $"The prices are older than {MaxAgeDays} days: they were last checked on {day:yyyy-MM-dd}. "
            + "Providers may bill other prices by now, and the gateway charges the old ones. "
            + $"Import newer prices with the command prices import, or correct the file of {KnownSettings.PricesFile.Name}.";
    }
}
