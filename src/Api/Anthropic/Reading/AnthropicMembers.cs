using System.Collections.Frozen;
using AiGateway.Api.Wires;

namespace AiGateway.Api.Anthropic.Reading;

/// <summary>The top-level members of a message request that the gateway knows. Names are found without regard to case.</summary>
internal static class AnthropicMembers
{
    public static readonly FrozenDictionary<string, (string Name, MemberRule Rule)> All = MemberTable.Of(
        [
            "model", "messages", "system", "max_tokens", "stream", "temperature", "top_p", "top_k", "stop_sequences", "metadata", "service_tier",
            "thinking", "cache_control", "speed", "inference_geo", "diagnostics", "thread",
        ],
        ["tools", "tool_choice", "output_config", "output_format"],
        [],
        []);
}
