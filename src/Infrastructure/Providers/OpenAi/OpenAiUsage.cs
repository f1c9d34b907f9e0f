using System.Text.Json;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>Reads what the provider says it will bill.</summary>
internal static class OpenAiUsage
{
    /// <summary>The usage; null when it is not told, not told in whole numbers, or cannot be true.</summary>
    /// <param name="usage">The object that tells it.</param>
    /// <param name="hasOutput">False for embeddings, which report no output tokens.</param>
    public static TokenUsage? From(JsonElement usage, bool hasOutput = true)
    {
        // The first names are those of the Responses API.
        var isResponse = usage.Find("input_tokens") is not null;
        var (input, output) = isResponse ? ("input_tokens", "output_tokens") : ("prompt_tokens", "completion_tokens");
        if (Whole(usage, input) is not { } prompt || (hasOutput ? Whole(usage, output) : 0) is not { } completion) return null;
        var promptParts = usage.Find($"{input}_details") ?? default;
        var completionParts = usage.Find($"{output}_details") ?? default;
        if (Part(promptParts, "cached_tokens") is not { } cached
            || Part(promptParts, "cache_write_tokens") is not { } written
            || Part(completionParts, "reasoning_tokens") is not { } reasoning)
        {
            return null;
        }

        var told = new TokenUsage(prompt, completion, cached, written, reasoning);
        return told.IsPlausible ? told : null;
    }

    public static ServiceTier TierFrom(JsonElement? tier)
    {
        if (tier is not { ValueKind: JsonValueKind.String } name) return ServiceTier.Standard;
        if (name.ValueEquals("flex"u8)) return ServiceTier.Flex;
        return name.ValueEquals("priority"u8) ? ServiceTier.Priority : ServiceTier.Standard;
    }

    private static long? Whole(JsonElement usage, string name) =>
        usage.Find(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var tokens) ? tokens : null;

    // A part that is left out or null is none; one that is no whole number makes the whole report unbelievable.
    private static long? Part(JsonElement details, string name) =>
        details.Find(name) is null or { ValueKind: JsonValueKind.Null } ? 0 : Whole(details, name);
}
