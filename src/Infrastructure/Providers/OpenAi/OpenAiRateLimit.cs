using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using AiGateway.Application.Quotas;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>Reads the <c>x-ratelimit-*</c> headers.</summary>
internal static class OpenAiRateLimit
{
    private const string Prefix = "x-ratelimit-";

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>The rate limits of the answer; null when it has none.</summary>
    public static RateLimitInfo? Read(HttpResponseHeaders headers, DateTimeOffset readAt)
    {
        var nothing = new RateLimitInfo(null, null, null, null, null, null, readAt);
        var told = nothing;
        foreach (var (name, values) in headers.NonValidated)
        {
            if (name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) told = With(told, name[Prefix.Length..].ToLowerInvariant(), values.ToString());
        }

        return told == nothing ? null : told;
    }

    /// <summary>
    /// A duration such as <c>6m0s</c>, <c>20ms</c> or <c>1.5s</c>; a bare number means seconds. Null when it is not a
    /// duration.
    /// </summary>
    public static TimeSpan? ParseDuration(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return null;
        var seconds = 0d;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept(Digits);
            if (digits < 0) digits = text.Length;
            if (!double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)) return null;
            text = text[digits..];
            var letters = text.IndexOfAny(Digits);
            if (letters < 0) letters = text.Length;
            if (SecondsIn(text[..letters]) is not { } unit) return null;
            seconds += amount * unit;
            text = text[letters..];
        }

        return seconds <= TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static double? SecondsIn(ReadOnlySpan<char> unit) => unit switch
    {
        "d" => 86_400,
        "h" => 3_600,
        "m" => 60,
        "s" or "" => 1,
        "ms" => 1e-3,
        "us" or "µs" => 1e-6,
        "ns" => 1e-9,
        _ => null,
    };

    private static RateLimitInfo With(RateLimitInfo told, string what, string value) => what switch
    {
        "limit-requests" => told with { LimitRequests = Count(value) },
        "remaining-requests" => told with { RemainingRequests = Count(value) },
        "reset-requests" => told with { ResetRequests = ParseDuration(value) },
        "limit-tokens" => told with { LimitTokens = Count(value) },
        "remaining-tokens" => told with { RemainingTokens = Count(value) },
        "reset-tokens" => told with { ResetTokens = ParseDuration(value) },
        _ => told,
    };

    private static long? Count(string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;
}
