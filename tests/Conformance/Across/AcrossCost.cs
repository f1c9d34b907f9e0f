using System.Text.Json;

namespace AiGateway.Conformance.Tests.Across;

/// <summary>The cost of the usage that a client sees, at the prices of this suite.</summary>
internal static class AcrossCost
{
    private const decimal Million = 1_000_000m;

    /// <summary>In dollars, of the Claude model, from OpenAI's usage. Cached tokens are part of the prompt.</summary>
    public static decimal OfCompletion(JsonElement usage)
    {
        var cached = usage.TryGetProperty("prompt_tokens_details", out var details) && details.TryGetProperty("cached_tokens", out var read) ? read.GetInt64() : 0;
        return (((usage.GetProperty("prompt_tokens").GetInt64() - cached) * 2m) + (cached * 0.2m) + (usage.GetProperty("completion_tokens").GetInt64() * 10m)) / Million;
    }

    /// <summary>In dollars, of the GPT model, from Anthropic's usage. Cached tokens are not part of the input.</summary>
    public static decimal OfMessage(JsonElement usage) =>
        ((usage.GetProperty("input_tokens").GetInt64() * 2m)
            + (usage.GetProperty("cache_read_input_tokens").GetInt64() * 0.5m)
            + (usage.GetProperty("output_tokens").GetInt64() * 8m)) / Million;
}
