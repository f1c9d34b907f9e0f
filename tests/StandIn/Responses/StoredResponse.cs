using System.Text.Json.Nodes;
using AiGateway.StandIn.Chat;
using AiGateway.StandIn.Replies;

namespace AiGateway.StandIn.Responses;

/// <summary>A response, complete or in progress.</summary>
internal sealed record StoredResponse(string Id, long CreatedAt, ResponseRequest Request, ReplyPlan Plan, IReadOnlyList<string> Pieces)
{
    public const string Completed = "completed";
    public const string Incomplete = "incomplete";
    public const string InProgress = "in_progress";
    public const string Queued = "queued";
    public const string Cancelled = "cancelled";

    /// <summary>The status of the response.</summary>
    public required string Status { get; init; }

    public ToolCall? Tool => Request.ToolToCall;

    public string Text => string.Concat(Pieces);

    public bool IsOver => Status is Completed or Incomplete or Cancelled;

    public string EndStatus => Request.MaxOutputTokens <= Pieces.Count ? Incomplete : Completed;

    public static StoredResponse To(ResponseRequest request, ReplyPlan plan, string id, long createdAt)
    {
        var pieces = request.ToolToCall is not null ? []
            : request.Schema is { } schema ? Tokens.Split(request.Model, Exchange.ToText(SchemaSample.Of(schema)!))
            : AnswerText.Of(request.Model, plan, request.LastText);
        if (request.MaxOutputTokens < pieces.Count) pieces = [.. pieces.Take((int)request.MaxOutputTokens.Value)];
        return new StoredResponse(id, createdAt, request, plan, pieces) { Status = InProgress };
    }

    /// <summary>The turns that a following response continues.</summary>
    public IEnumerable<Turn> AllTurns => [.. Request.Turns, new Turn("assistant", Tool is null ? Text : Tool.Name + Tool.Arguments)];

    public JsonObject Usage()
    {
        var input = Plan.PromptTokens ?? Request.InputTokens;
        var said = Tool is null ? Pieces.Count : Tokens.Count(Request.Model, Tool.Name + Tool.Arguments);
        var output = Plan.CompletionTokens ?? (said + Plan.ReasoningTokens);
        return new JsonObject
        {
            ["input_tokens"] = input,
            ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = Plan.CachedTokens },
            ["output_tokens"] = output,
            ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = Plan.ReasoningTokens },
            ["total_tokens"] = input + output,
        };
    }
}
