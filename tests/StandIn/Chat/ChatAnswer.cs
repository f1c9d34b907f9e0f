using System.Text.Json.Nodes;
using AiGateway.StandIn.Replies;

namespace AiGateway.StandIn.Chat;

/// <summary>The stand-in's reply to a chat completion.</summary>
internal sealed record ChatAnswer(
    ChatRequest Request, ReplyPlan Plan, string Id, long CreatedAt, IReadOnlyList<string> Pieces, string FinishReason)
{
    public IReadOnlyList<ToolCall> ToolCalls => Request.ToolsToCall;

    public static ChatAnswer To(ChatRequest request, ReplyPlan plan, string id, long createdAt)
    {
        if (request.ToolsToCall.Count > 0) return new ChatAnswer(request, plan, id, createdAt, [], "tool_calls");
        IReadOnlyList<string> pieces = request.Schema is { } schema
            ? Tokens.Split(request.Model, Exchange.ToText(SchemaSample.Of(schema)!))
            : AnswerText.Of(request.Model, plan, request.LastText);
        var stopped = StopAt(pieces, request.Stops);
        var capacity = request.MaxTokens is { } limit ? Math.Max(0, limit - plan.ReasoningTokens) : long.MaxValue;
        return stopped.Count > capacity
            ? new ChatAnswer(request, plan, id, createdAt, [.. stopped.Take((int)capacity)], "length")
            : new ChatAnswer(request, plan, id, createdAt, stopped, "stop");
    }

    /// <summary>The text of one choice. All choices have the same text.</summary>
    public string Text => string.Concat(Pieces);

    public JsonObject Usage()
    {
        var prompt = Plan.PromptTokens ?? Request.PromptTokens;
        var each = ToolCalls.Count > 0 ? ToolCalls.Sum(call => Tokens.Count(Request.Model, call.Name + call.Arguments)) : Pieces.Count;
        var completion = Plan.CompletionTokens ?? ((each + Plan.ReasoningTokens) * Request.Choices);
        return new JsonObject
        {
            ["prompt_tokens"] = prompt,
            ["completion_tokens"] = completion,
            ["total_tokens"] = prompt + completion,
            ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = Plan.CachedTokens, ["audio_tokens"] = 0 },
            ["completion_tokens_details"] = new JsonObject
            {
                ["reasoning_tokens"] = Plan.ReasoningTokens * Request.Choices,
                ["audio_tokens"] = 0,
                ["accepted_prediction_tokens"] = 0,
                ["rejected_prediction_tokens"] = 0,
            },
        };
    }

    private static IReadOnlyList<string> StopAt(IReadOnlyList<string> pieces, IReadOnlyList<string> stops)
    {
        if (stops.Count == 0) return pieces;
        var text = string.Concat(pieces);
        var end = stops.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(-1).Min();
        if (end < 0) return pieces;
        var kept = new List<string>();
        foreach (var piece in pieces)
        {
            if (end <= 0) break;
            kept.Add(piece.Length <= end ? piece : piece[..end]);
            end -= piece.Length;
        }

        return kept;
    }
}
