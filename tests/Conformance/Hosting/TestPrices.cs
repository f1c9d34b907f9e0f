namespace AiGateway.Conformance.Tests.Hosting;

/// <summary>Models of this suite alone. The retirement of a real model cannot make a test fail.</summary>
internal static class TestPrices
{
    public const string Plain = "gpt-conformance";
    public const string Reasoning = "gpt-5-conformance";
    public const string Claude = "claude-conformance";
    public const string StrictClaude = "claude-strict-conformance";
    public const string Embedding = "text-embedding-conformance";

    public const string Json = """
        {"models": [
          {"model": "gpt-conformance", "provider": "openai", "contextWindow": 1000000, "maxOutputTokens": 100000, "tokenizer": "o200k_base",
           "capabilities": ["chat", "tools", "structuredOutput", "vision"],
           "prices": [{"effectiveFrom": "2026-01-01", "inputUsdPerMillion": "2.00", "cachedInputUsdPerMillion": "0.50", "outputUsdPerMillion": "8.00", "source": "test"}]},
          {"model": "gpt-5-conformance", "provider": "openai", "contextWindow": 1000000, "maxOutputTokens": 100000,
           "capabilities": ["chat", "tools", "structuredOutput", "vision", "reasoning"],
           "prices": [{"effectiveFrom": "2026-01-01", "inputUsdPerMillion": "2.00", "outputUsdPerMillion": "8.00", "source": "test"}]},
          {"model": "claude-conformance", "provider": "anthropic", "contextWindow": 1000000, "maxOutputTokens": 100000,
           "capabilities": ["chat", "tools", "structuredOutput", "vision"],
           "prices": [{"effectiveFrom": "2026-01-01", "inputUsdPerMillion": "2.00", "cachedInputUsdPerMillion": "0.20", "cacheWriteUsdPerMillion": "2.50",
             "cacheWrite1hUsdPerMillion": "4.00", "outputUsdPerMillion": "10.00", "source": "test"}]},
          {"model": "claude-strict-conformance", "provider": "anthropic", "contextWindow": 1000000, "maxOutputTokens": 100000,
           "capabilities": ["chat", "tools", "structuredOutput", "vision", "reasoning"],
           "traits": {"sampling": false, "forcedToolChoice": false, "prefill": false, "audio": false, "thinking": ["adaptive"], "efforts": ["low", "medium", "high"]},
           "prices": [{"effectiveFrom": "2026-01-01", "inputUsdPerMillion": "2.00", "outputUsdPerMillion": "10.00", "source": "test"}]},
          {"model": "text-embedding-conformance", "provider": "openai", "contextWindow": 8192, "maxOutputTokens": 1, "tokenizer": "cl100k_base",
           "capabilities": ["embeddings"],
           "prices": [{"effectiveFrom": "2026-01-01", "inputUsdPerMillion": "0.02", "outputUsdPerMillion": "0.00", "source": "test"}]}
        ]}
        """;
}
