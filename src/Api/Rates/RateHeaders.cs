using System.Globalization;
using AiGateway.Domain;

namespace AiGateway.Api.Rates;

/// <summary>
/// The headers that tell a caller its tightest rates, in the form of each API. The figures came with the hold. Callers without
/// a rate get none of these headers.
/// </summary>
internal static class RateHeaders
{
    private const int Minute = 60;

    /// <summary>The names of all forms, in lower case.</summary>
    public static IEnumerable<string> Names =>
    [
        "ratelimit-policy", "ratelimit",
        .. from metric in (string[])["requests", "tokens"]
           from figure in (string[])["limit", "remaining", "reset"]
           from name in (string[])[$"x-ratelimit-{figure}-{metric}", $"anthropic-ratelimit-{metric}-{figure}"]
           select name,
    ];

    /// <summary>OpenAI's headers.</summary>
    public static void AddOpenAi(HttpResponse response, RateFigures? rates)
    {
        if (rates?.Requests is { } requests) AddOpenAi(response.Headers, "requests", requests);
        if (rates?.Tokens is { } tokens) AddOpenAi(response.Headers, "tokens", tokens);
    }

    /// <summary>Anthropic's headers.</summary>
    public static void AddAnthropic(HttpResponse response, RateFigures? rates)
    {
        if (rates?.Requests is { } requests) AddAnthropic(response.Headers, "requests", requests);
        if (rates?.Tokens is { } tokens) AddAnthropic(response.Headers, "tokens", tokens);
    }

    /// <summary>The structured fields of the IETF's draft: the policies, and what is left of them.</summary>
    public static void AddNative(HttpResponse response, RateFigures? rates)
    {
        if (rates is null) return;
        var (policies, left) = (new List<string>(), new List<string>());
        if (rates.Requests is { } requests) Add("requests", "", requests);
        if (rates.Tokens is { } tokens) Add("tokens", ";qu=\"tokens\"", tokens);
        response.Headers["RateLimit-Policy"] = string.Join(", ", policies);
        response.Headers["RateLimit"] = string.Join(", ", left);

        void Add(string name, string unit, RateUse use)
        {
            policies.Add(string.Create(CultureInfo.InvariantCulture, $"\"{name}\";q={use.Limit}{unit};w={Minute}"));
            left.Add(string.Create(CultureInfo.InvariantCulture, $"\"{name}\";r={use.Remaining};t={RoundUp(use.FullIn.TotalSeconds)}"));
        }
    }

    private static void AddOpenAi(IHeaderDictionary headers, string metric, RateUse use)
    {
        headers[$"x-ratelimit-limit-{metric}"] = Shown(use.Limit);
        headers[$"x-ratelimit-remaining-{metric}"] = Shown(use.Remaining);
        headers[$"x-ratelimit-reset-{metric}"] = $"{Shown(RoundUp(use.FullIn.TotalMilliseconds))}ms";
    }

    private static void AddAnthropic(IHeaderDictionary headers, string metric, RateUse use)
    {
        var seconds = RoundUp((use.FullAt - DateTimeOffset.UnixEpoch).TotalSeconds);
        headers[$"anthropic-ratelimit-{metric}-limit"] = Shown(use.Limit);
        headers[$"anthropic-ratelimit-{metric}-remaining"] = Shown(use.Remaining);
        headers[$"anthropic-ratelimit-{metric}-reset"] =
            DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
    }

    private static long RoundUp(double number) => (long)Math.Ceiling(number);

    private static string Shown(long number) => number.ToString(CultureInfo.InvariantCulture);
}
