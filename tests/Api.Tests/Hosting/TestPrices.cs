namespace AiGateway.Api.Tests.Hosting;

/// <summary>The price file of every gateway under test. The amounts are chosen to make rounding errors visible.</summary>
internal static class TestPrices
{
    public const string Model = "odd-model";
    public const string Retired = "old-model";
    public const long InputNanoUsdPerMillion = 123_456_789;
    public const long CachedNanoUsdPerMillion = 12_345_679;
    public const long OutputNanoUsdPerMillion = 7_654_321_987;

    public const string Json = """
        {"models": [
          {"model": "odd-model", "provider": "openai", "contextWindow": 100000, "maxOutputTokens": 4000, "tokenizer": "o200k_base",
           "prices": [{"effectiveFrom": "2020-01-01", "inputUsdPerMillion": "0.123456789", "cachedInputUsdPerMillion": "0.012345679", "outputUsdPerMillion": "7.654321987"}]},
          {"model": "old-model", "provider": "openai", "contextWindow": 100000, "maxOutputTokens": 4000, "retiredOn": "2021-02-03", "successor": "odd-model",
           "prices": [{"effectiveFrom": "2020-01-01", "inputUsdPerMillion": "1.00", "outputUsdPerMillion": "2.00"}]},
          {"model": "odd-embedding", "provider": "openai", "contextWindow": 8000, "maxOutputTokens": 0, "capabilities": ["embeddings"],
           "prices": [{"effectiveFrom": "2020-01-01", "inputUsdPerMillion": "0.02", "outputUsdPerMillion": "0"}]}
        ]}
        """;

    /// <summary>The documented formula, written a second time by hand.</summary>
    public static decimal CostUsd(long prompt, long completion, long cached = 0)
    {
        var exact = ((prompt - cached) * InputNanoUsdPerMillion) + (cached * CachedNanoUsdPerMillion) + (completion * OutputNanoUsdPerMillion);
        return decimal.Ceiling(exact / 1_000_000m) / 1_000_000_000m;
    }
}
