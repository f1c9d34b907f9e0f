using System.Buffers;
using System.ClientModel.Primitives;
using System.Globalization;
using AiGateway.Application.Quotas;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>Reads the <c>x-ratelimit-*</c> headers.</summary>
internal static class OpenAiRateLimit
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>What the answer told; null when it told nothing of rate limits.</summary>
    public static RateLimitInfo? Read(PipelineResponseHeaders headers, DateTimeOffset readAt)
    {
        var told = new RateLimitInfo(
            Count(headers, "x-ratelimit-limit-requests"),
            Count(headers, "x-ratelimit-remaining-requests"),
            Duration(headers, "x-ratelimit-reset-requests"),
            Count(headers, "x-ratelimit-limit-tokens"),
            Count(headers, "x-ratelimit-remaining-tokens"),
            Duration(headers, "x-ratelimit-reset-tokens"),
            readAt);
        return told == Nothing(readAt) ? null : told;
    }

    /// <summary>A duration such as <c>6m0s</c>, <c>20ms</c> or <c>1.5s</c>; a bare number means seconds. Null when it is none.</summary>
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

    private static long? Count(PipelineResponseHeaders headers, string name) =>
        headers.TryGetValue(name, out var value) && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : null;

    private static TimeSpan? Duration(PipelineResponseHeaders headers, string name) =>
        headers.TryGetValue(name, out var value) ? ParseDuration(value) : null;

    private static RateLimitInfo Nothing(DateTimeOffset readAt) => new(null, null, null, null, null, null, readAt);
}
