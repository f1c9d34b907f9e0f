using System.Text.Json;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>Reads the provider's usage.</summary>
internal static class OpenAiUsage
{
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
        var promptParts = usage.Find(isResponse ? "input_tokens_details"u8 : "prompt_tokens_details"u8) ?? default;
        var completionParts = usage.Find(isResponse ? "output_tokens_details"u8 : "completion_tokens_details"u8) ?? default;
        if (Part(promptParts, "cached_tokens"u8) is not { } cached
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

    private static long? Whole(JsonElement usage, ReadOnlySpan<byte> name) =>
        usage.Find(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var tokens) ? tokens : null;

    // A part that is missing or null is zero; a part that is not a whole number invalidates the whole usage.
    private static long? Part(JsonElement details, ReadOnlySpan<byte> name) =>
        details.Find(name) is null or { ValueKind: JsonValueKind.Null } ? 0 : Whole(details, name);
}
