using System.Globalization;
using System.Net.Http.Headers;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>Reads how long the provider asks to wait.</summary>
internal static class RetryAfter
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    /// <summary><c>retry-after-ms</c>, else <c>retry-after</c> in seconds or as a date; null when neither makes sense.</summary>
    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (Find(headers, "retry-after-ms") is { } milliseconds && Number(milliseconds) is { } ms) return Bounded(ms / 1000);
        if (Find(headers, "retry-after") is not { } value) return null;
        if (Number(value) is { } seconds) return Bounded(seconds);
        return DateTimeOffset.TryParseExact(
            value, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? Bounded((date - now).TotalSeconds)
            : null;
    }

    private static string? Find(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= 0 ? number : null;

    private static TimeSpan Bounded(double seconds) =>
        TimeSpan.FromSeconds(Math.Clamp(seconds, 0, Longest.TotalSeconds));
}
