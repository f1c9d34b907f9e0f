using System.Text.Json;
using AiGateway.Domain;

namespace AiGateway.Application.OpenAiWire;

/// <summary>Reads the provider's usage. One reading fits every server that is known.</summary>
public static class OpenAiUsage
{
    private const decimal NanoUsdPerUsd = 1_000_000_000m;

    /// <summary>The usage; null when it is missing, not in whole numbers, or contradictory.</summary>
    /// <param name="usage">The usage object.</param>
    /// <param name="hasOutput">False for embeddings, which report no output tokens.</param>
    public static TokenUsage? From(JsonElement usage, bool hasOutput = true)
    {
        // The Responses API uses the first names.
        var isResponse = usage.Find("input_tokens"u8) is not null;
        var input = Whole(usage, isResponse ? "input_tokens"u8 : "prompt_tokens"u8);
        var output = hasOutput ? Whole(usage, isResponse ? "output_tokens"u8 : "completion_tokens"u8) : 0;
        if (input is not { } prompt || output is not { } completion) return null;
        var promptParts = Details(usage, isResponse ? "input_tokens_details"u8 : "prompt_tokens_details"u8, "prompt_token_details"u8);
        var completionParts = Details(usage, isResponse ? "output_tokens_details"u8 : "completion_tokens_details"u8, "completion_token_details"u8);
        if (CachedIn(usage, promptParts) is not { } cached
            || Part(promptParts, "cache_write_tokens"u8) is not { } written
            || Part(completionParts, "reasoning_tokens"u8) is not { } reasoning)
        {
            return null;
        }

        // Some providers leave hidden reasoning out of the output, but not out of the total.
        if (hasOutput && prompt >= 0 && Whole(usage, "total_tokens"u8) is { } total && total - prompt > completion) completion = total - prompt;
        var told = new TokenUsage(prompt, completion, cached, written, reasoning);
        return told.IsPlausible ? told : null;
    }

    /// <summary>The cost that OpenRouter reports, in nano-dollars, rounded up; null when there is none.</summary>
    public static long? CostIn(JsonElement usage)
    {
        if (usage.Find("cost"u8) is not { ValueKind: JsonValueKind.Number } number || !number.TryGetDecimal(out var usd)) return null;
        return usd is >= 0 and < 1_000_000 ? (long)decimal.Ceiling(usd * NanoUsdPerUsd) : null;
    }

    private static JsonElement Details(JsonElement usage, ReadOnlySpan<byte> name, ReadOnlySpan<byte> otherName) =>
        usage.Find(name) is { ValueKind: JsonValueKind.Object } details ? details : usage.Find(otherName) ?? default;

    // DeepSeek, Mistral and Moonshot name the part of the prompt that came from a cache beside the prompt.
    private static long? CachedIn(JsonElement usage, JsonElement promptParts)
    {
        if (promptParts.Find("cached_tokens"u8) is { ValueKind: not JsonValueKind.Null }) return Part(promptParts, "cached_tokens"u8);
        if (usage.Find("prompt_cache_hit_tokens"u8) is not null) return Part(usage, "prompt_cache_hit_tokens"u8);
        return Part(usage, usage.Find("num_cached_tokens"u8) is not null ? "num_cached_tokens"u8 : "cached_tokens"u8);
    }

    private static long? Whole(JsonElement usage, ReadOnlySpan<byte> name) =>
        usage.Find(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var tokens) ? tokens : null;

    // A part that is missing or null is zero; a part that is not a whole number invalidates the whole usage.
    private static long? Part(JsonElement details, ReadOnlySpan<byte> name) =>
        details.Find(name) is null or { ValueKind: JsonValueKind.Null } ? 0 : Whole(details, name);
}
