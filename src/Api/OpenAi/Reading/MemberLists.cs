using System.Collections.Frozen;
using AiGateway.Api.Wires;

namespace AiGateway.Api.OpenAi.Reading;

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
        string[] known, string[] text, string[] unbounded, string[] stored) =>
        MemberTable.Of([.. Everywhere, .. known], [.. ReadEverywhere, .. text], unbounded, stored);
}
