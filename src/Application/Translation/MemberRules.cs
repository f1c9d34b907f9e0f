using System.Collections.Frozen;
using System.Text.Json;
using AiGateway.Domain;

namespace AiGateway.Application.Translation;

/// <summary>
/// The top-level members of a wire that have no equivalent in the other one. A member that could change the answer is
/// refused, except at the value that changes nothing. All other members are mapped, or left out: docs/translation.md has
/// the table.
/// </summary>
internal sealed class MemberRules
{
    /// <summary>Members of a chat completion that Anthropic's wire cannot express.</summary>
    public static readonly MemberRules OfChat = new(
        mapped:
        [
            "model", "messages", "max_tokens", "max_completion_tokens", "stop", "temperature", "top_p", "top_k", "user",
            "safety_identifier", "tools", "tool_choice", "parallel_tool_calls", "response_format", "reasoning_effort",
            "service_tier", "stream", "stream_options",
        ],
        ignored:
        [
            "seed", "store", "metadata", "prediction", "prompt_cache_key", "prompt_cache_retention", "prompt_cache_options",
            "include_reasoning",
        ],
        refused:
        [
            ("n", Number(1)),
            ("logprobs", False),
            ("top_logprobs", Number(0)),
            ("logit_bias", Empty),
            ("frequency_penalty", Number(0)),
            ("presence_penalty", Number(0)),
            ("repetition_penalty", Number(1)),
            ("min_p", Number(0)),
            ("verbosity", Text("medium")),
            ("modalities", OnlyText),
            ("audio", Never),
            ("web_search_options", Never),
            ("functions", Empty),
            ("function_call", Never),
            ("reasoning", Empty),
            ("enable_thinking", Never),
            ("chat_template", Never),
            ("chat_template_kwargs", Empty),
            ("moderation", Never),
        ]);

    /// <summary>Members of a message request that a chat completion cannot express.</summary>
    public static readonly MemberRules OfMessages = new(
        mapped:
        [
            "model", "messages", "system", "max_tokens", "stop_sequences", "temperature", "top_p", "tools", "tool_choice",
            "thinking", "output_config", "output_format", "service_tier", "stream",
        ],
        ignored: ["top_k", "metadata", "cache_control", "context_management", "diagnostics"],
        refused:
        [
            ("mcp_servers", Empty),
            ("container", Never),
            ("fallbacks", Empty),
            ("billing_policy", Never),
            ("inference_geo", Text("global")),
            ("speed", Text("standard")),
        ]);

    private readonly FrozenDictionary<string, Func<JsonElement, bool>> _changesNothing;

    private MemberRules(string[] mapped, string[] ignored, (string Name, Func<JsonElement, bool> ChangesNothing)[] refused)
    {
        (Mapped, Ignored) = (mapped, ignored);
        _changesNothing = refused.ToFrozenDictionary(each => each.Name, each => each.ChangesNothing, StringComparer.Ordinal);
    }

    /// <summary>Members with an equivalent.</summary>
    public IReadOnlyList<string> Mapped { get; }

    /// <summary>Members that are left out because they do not change the answer, as is every member that is not known.</summary>
    public IReadOnlyList<string> Ignored { get; }

    /// <summary>Members that are refused by name.</summary>
    public IEnumerable<string> Refused => _changesNothing.Keys;

    /// <exception cref="InvalidRequestException">A member would change the answer, and the other wire has no equivalent.</exception>
    public void Check(JsonElement root, PricedModel model)
    {
        foreach (var member in root.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null || !_changesNothing.TryGetValue(member.Name, out var isHarmless) || isHarmless(member.Value)) continue;
            throw new InvalidRequestException(member.Name, member.Name == "functions" || member.Name == "function_call"
                ? "is not supported for this model. Write tools and tool_choice instead"
                : $"has no equivalent at the provider of the model {model.Model}. Remove it, or use another model");
        }
    }

    private static bool Never(JsonElement value) => false;

    private static bool False(JsonElement value) => value.ValueKind == JsonValueKind.False;

    private static bool Empty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => value.GetPropertyCount() == 0,
        _ => false,
    };

    private static bool OnlyText(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(each => each.ValueKind == JsonValueKind.String && each.ValueEquals("text"u8));

    private static Func<JsonElement, bool> Number(decimal neutral) =>
        value => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && number == neutral;

    private static Func<JsonElement, bool> Text(string neutral) =>
        value => value.ValueKind == JsonValueKind.String && value.ValueEquals(neutral);
}
