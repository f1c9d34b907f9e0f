using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using AiGateway.Application.Providers;

namespace AiGateway.Infrastructure.Providers.Exchange;

/// <summary>Reads the headers of rate limits: OpenAI's, Groq's, Mistral's, Together's and Anthropic's names.</summary>
internal static class RateLimitHeaders
{
    // From here on a plain number is a time since 1970, in seconds or in milliseconds.
    private const double FirstUnixSecond = 1e9;
    private const double FirstUnixMillisecond = 1e11;

    private static readonly string[] Prefixes = ["x-ratelimit-", "anthropic-ratelimit-", "x-tokenlimit-"];

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>The rate limits of the answer; null when it has none.</summary>
    public static RateLimitInfo? Read(HttpResponseHeaders headers, DateTimeOffset readAt)
    {
        RateLimitInfo? told = null;
        foreach (var (name, values) in headers.NonValidated)
        {
            foreach (var prefix in Prefixes)
            {
                if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) told = With(told ?? Nothing(readAt), NameOf(prefix, name).ToLowerInvariant(), values.ToString());
            }
        }

        return told is null || told == Nothing(readAt) ? null : told;
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

    private static RateLimitInfo Nothing(DateTimeOffset readAt) => new(null, null, null, null, null, null, readAt);

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

    private static string NameOf(string prefix, string header) =>
        prefix == "x-tokenlimit-" ? $"tokens-{header[prefix.Length..]}" : header[prefix.Length..];

    private static RateLimitInfo With(RateLimitInfo told, string what, string value) => what switch
    {
        "limit-requests" or "limit-req-minute" or "requests-limit" or "limit" => told with { LimitRequests = Count(value) },
        "remaining-requests" or "remaining-req-minute" or "requests-remaining" or "remaining" => told with { RemainingRequests = Count(value) },
        "reset-requests" or "requests-reset" or "reset" => told with { ResetRequests = Until(value, told.ReadAt) },
        "limit-tokens" or "limit-tokens-minute" or "tokens-limit" => told with { LimitTokens = Count(value) },
        "remaining-tokens" or "remaining-tokens-minute" or "tokens-remaining" => told with { RemainingTokens = Count(value) },
        "reset-tokens" or "tokens-reset" => told with { ResetTokens = Until(value, told.ReadAt) },
        _ => told,
    };

    // A duration, a time as RFC 3339, or a time since 1970.
    private static TimeSpan? Until(string value, DateTimeOffset readAt)
    {
        if (double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= FirstUnixSecond)
            return number < FirstUnixMillisecond * 1_000 ? Left(DateTimeOffset.UnixEpoch.AddSeconds(number < FirstUnixMillisecond ? number : number / 1000), readAt) : null;
        if (value.Contains('T', StringComparison.Ordinal))
            return DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? Left(at, readAt) : null;
        return ParseDuration(value);
    }

    private static TimeSpan Left(DateTimeOffset at, DateTimeOffset readAt) => at > readAt ? at - readAt : TimeSpan.Zero;

    private static long? Count(string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;
}
