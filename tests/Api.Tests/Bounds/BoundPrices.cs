namespace AiGateway.Api.Tests.Bounds;

/// <summary>Prices of the models whose holds are tested. A million tokens cost one dollar, hence a token costs 1,000 nano-dollars.</summary>
internal static class BoundPrices
{
    /// <summary>A model whose tokenizer the gateway does not know.</summary>
    public const string Llama = "tiny-llama";

    /// <summary>A model of OpenAI, whose tokenizer the gateway knows.</summary>
    public const string Known = "gpt-4o";

    /// <summary>A model of OpenAI with a context window small enough to fill.</summary>
    public const string Small = "gpt-4o-small";

    /// <summary>A reasoning model of another vendor.</summary>
    public const string Reasoner = "magistral";

    /// <summary>A reasoning model of OpenAI.</summary>
    public const string OpenAiReasoner = "o3";

    public const decimal TokenUsd = 0.000001m;

    public static string Json => $$"""
        {"models": [
          {{Model(Llama, 4000)}},
          {{Model(Known, 4000, vision: true)}},
          {{Model("openai/gpt-4o-mini", 4000, vision: true)}},
          {{Model("ft:gpt-4o-mini:org::id", 4000, vision: true)}},
          {{Model(Small, 100, window: 200)}},
          {{Model(Reasoner, 4000, reasoning: true)}},
          {{Model(OpenAiReasoner, 4000, reasoning: true)}}
        ]}
        """;

    private static string Model(string name, int output, bool vision = false, bool reasoning = false, int window = 100_000)
    {
        var capabilities = (vision, reasoning) switch
        {
            (true, _) => """["chat", "vision"]""",
            (_, true) => """["chat", "reasoning"]""",
            _ => """["chat"]""",
        };
        return $$"""
            {"model": "{{name}}", "provider": "openai", "contextWindow": {{window}}, "maxOutputTokens": {{output}}, "capabilities": {{capabilities}},
             "prices": [{"effectiveFrom": "2020-01-01", "inputUsdPerMillion": "1.00", "outputUsdPerMillion": "1.00", "flexPercent": 50, "priorityPercent": 200}]}
            """;
    }
}
