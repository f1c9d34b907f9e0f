using System.ClientModel.Primitives;
using System.Globalization;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>Reads how long the provider asks to be left alone.</summary>
internal static class RetryAfter
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    /// <summary><c>retry-after-ms</c>, else <c>retry-after</c> in seconds or as a date; null when neither makes sense.</summary>
    public static TimeSpan? Read(PipelineResponseHeaders headers, DateTimeOffset now)
    {
        if (headers.TryGetValue("retry-after-ms", out var milliseconds) && Number(milliseconds) is { } ms) return Bounded(ms / 1000);
        if (!headers.TryGetValue("retry-after", out var value)) return null;
        if (Number(value) is { } seconds) return Bounded(seconds);
        return DateTimeOffset.TryParseExact(
            value, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? Bounded((date - now).TotalSeconds)
            : null;
    }

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= 0 ? number : null;

    private static TimeSpan Bounded(double seconds) =>
        TimeSpan.FromSeconds(Math.Clamp(seconds, 0, Longest.TotalSeconds));
}
