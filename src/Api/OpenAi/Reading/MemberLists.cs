using System.Collections.Frozen;
using AiGateway.Application.Generation;

namespace AiGateway.Api.OpenAi.Reading;

/// <summary>What the gateway does with a known top-level member.</summary>
internal enum MemberRule
{
    /// <summary>A reader has its own rule for it, or no model reads it and it costs nothing.</summary>
    Known,

    /// <summary>Models read it: it is counted as its JSON text.</summary>
    Text,

    /// <summary>It changes how the prompt is built: the context window is held.</summary>
    Unbounded,

    /// <summary>It refers to stored content at an endpoint that cannot know the owner: refused.</summary>
    Stored,

    /// <summary>One of <see cref="UnpricedMembers"/>.</summary>
    Unpriced,
}

/// <summary>The top-level members that the gateway knows, for each operation. Names are found without regard to case.</summary>
internal static class MemberLists
{
    private static readonly string[] Everywhere =
    [
        "model", "user", "safety_identifier", "metadata", "store", "stream", "stream_options", "service_tier", "prompt_cache_key",
        "prompt_cache_retention", "prompt_cache_options", "temperature", "top_p", "top_logprobs", "parallel_tool_calls", "moderation",
        "max_tokens", "max_completion_tokens", "max_output_tokens", "n",
    ];

    private static readonly string[] ReadEverywhere = ["tools", "tool_choice"];

    // Options of servers that run open models: a template may repeat the prompt, the others set how large media become.
    private static readonly string[] UnboundedEverywhere = ["chat_template", "mm_processor_kwargs", "media_io_kwargs", "prompt_embeds"];

    private static readonly string[] StoredElsewhere = ["previous_response_id", "conversation"];

    public static readonly FrozenDictionary<string, (string Name, MemberRule Rule)> Chat = Make(
        [
            "messages", "audio", "frequency_penalty", "presence_penalty", "repetition_penalty", "logit_bias", "logprobs", "prediction",
            "reasoning", "reasoning_effort", "seed", "stop", "verbosity", "top_k", "min_p", "enable_thinking", "include_reasoning",
        ],
        ["functions", "function_call", "response_format"],
        UnboundedEverywhere,
        StoredElsewhere);

    public static readonly FrozenDictionary<string, (string Name, MemberRule Rule)> Responses = Make(
        [
            "input", "instructions", "include", "reasoning", "truncation", "max_tool_calls", "background", "conversation", "prompt",
            "previous_response_id",
        ],
        ["text"],
        UnboundedEverywhere,
        []);

    public static readonly FrozenDictionary<string, (string Name, MemberRule Rule)> Embeddings = Make(
        ["input", "encoding_format", "dimensions"], [], [.. UnboundedEverywhere, "messages"], StoredElsewhere);

    private static FrozenDictionary<string, (string Name, MemberRule Rule)> Make(
        string[] known, string[] text, string[] unbounded, string[] stored)
    {
        var rules = new Dictionary<string, (string Name, MemberRule Rule)>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in (string[])[.. Everywhere, .. known]) rules.Add(name, (name, MemberRule.Known));
        foreach (var name in (string[])[.. ReadEverywhere, .. text]) rules.Add(name, (name, MemberRule.Text));
        foreach (var name in unbounded) rules.Add(name, (name, MemberRule.Unbounded));
        foreach (var name in stored) rules.Add(name, (name, MemberRule.Stored));
        foreach (var name in UnpricedMembers.Reasons.Keys) rules.Add(name, (name, MemberRule.Unpriced));
        return rules.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
