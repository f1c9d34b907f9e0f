using System.Text.Json;
using System.Text.Json.Nodes;
using AiGateway.StandIn.Replies;

namespace AiGateway.StandIn.Messages;

/// <summary>What the stand-in answers to a message.</summary>
internal sealed record MessageAnswer(MessageRequest Request, ReplyPlan Plan, string Id, IReadOnlyList<string> Pieces, IReadOnlyList<JsonObject> Calls, string StopReason)
{
    public const string Thought = "Let me think.";
    public const string Signature = "c2lnbmF0dXJl";

    public static MessageAnswer To(MessageRequest request, ReplyPlan plan, Func<string, string> newId)
    {
        var calls = new List<JsonObject>();
        foreach (var (name, schema) in request.ToolsToCall.Take(request.ToolTurns < plan.ToolTurns ? Math.Max(1, plan.ToolCalls) : 0))
        {
            calls.Add(new JsonObject { ["type"] = "tool_use", ["id"] = newId($"toolu_{calls.Count}"), ["name"] = name, ["input"] = InputOf(schema) });
        }

        if (calls.Count > 0) return new(request, plan, newId("msg_"), [], calls, "tool_use");
        List<string> pieces = request.Schema is { } format
            ? Tokens.Split(request.Model, Exchange.ToText(SchemaSample.Of(format)!))
            : AnswerText.Of(request.Model, plan, request.LastText);
        return pieces.Count > request.MaxTokens
            ? new(request, plan, newId("msg_"), [.. pieces.Take((int)request.MaxTokens)], [], "max_tokens")
            : new(request, plan, newId("msg_"), pieces, [], "end_turn");
    }

    public string Text => string.Concat(Pieces);

    /// <summary>The message with its content; without, as a stream begins.</summary>
    public JsonObject ToMessage(bool isWhole)
    {
        var content = new JsonArray();
        if (isWhole && Request.Thinks) content.Add(new JsonObject { ["type"] = "thinking", ["thinking"] = Thought, ["signature"] = Signature });
        if (isWhole && Calls.Count == 0) content.Add(new JsonObject { ["type"] = "text", ["text"] = Text });
        if (isWhole) foreach (var call in Calls) content.Add(call.DeepClone());
        return new JsonObject
        {
            ["id"] = Id,
            ["type"] = "message",
            ["role"] = "assistant",
            ["model"] = Request.Model,
            ["content"] = content,
            ["stop_reason"] = isWhole ? StopReason : null,
            ["stop_sequence"] = null,
            ["usage"] = Usage(isWhole ? Output : 1),
        };
    }

    /// <summary>Output tokens of the whole message.</summary>
    public long Output => Plan.CompletionTokens
        ?? (Calls.Count > 0 ? Calls.Sum(call => Tokens.Count(Request.Model, Exchange.ToText(call["input"]!))) : Pieces.Count) + (Request.Thinks ? Plan.ReasoningTokens : 0);

    /// <summary>The input in its three disjoint parts, and the output.</summary>
    public JsonObject Usage(long output)
    {
        var input = Plan.PromptTokens ?? Request.InputTokens;
        var cached = Math.Min(Plan.CachedTokens, input);
        var written = Request.Cache == CacheUse.None ? 0 : input - cached;
        return new JsonObject
        {
            ["input_tokens"] = input - cached - written,
            ["cache_creation_input_tokens"] = written,
            ["cache_read_input_tokens"] = cached,
            ["cache_creation"] = new JsonObject
            {
                ["ephemeral_5m_input_tokens"] = Request.Cache == CacheUse.FiveMinutes ? written : 0,
                ["ephemeral_1h_input_tokens"] = Request.Cache == CacheUse.OneHour ? written : 0,
            },
            ["output_tokens"] = output,
            ["service_tier"] = "standard",
        };
    }

    private static JsonNode InputOf(JsonElement schema) => SchemaSample.Of(schema) ?? new JsonObject();
}
