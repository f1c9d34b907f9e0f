using System.Text.Json.Nodes;
using AiGateway.StandIn.Replies;

namespace AiGateway.StandIn.Chat;

/// <summary>
/// A chat completion as OpenAI streams it. Each choice has one chunk with the role, then its pieces, then one chunk with the finish reason.
/// A chunk without choices follows with the usage, if the client asked for it. The last event is <c>[DONE]</c>.
/// </summary>
internal static class ChatEvents
{
    public static IEnumerable<StreamEvent> Of(ChatAnswer answer)
    {
        var choices = answer.Request.Choices;
        for (var index = 0; index < choices; index++) yield return Chunk(answer, index, Opening(answer));
        foreach (var delta in Deltas(answer))
        {
            for (var index = 0; index < choices; index++) yield return Chunk(answer, index, delta.Delta(), delta.Piece);
        }

        for (var index = 0; index < choices; index++) yield return Chunk(answer, index, [], finishReason: answer.FinishReason);
        if (answer.Request.IncludeUsage && !answer.Plan.NoUsage)
        {
            var last = Frame(answer, []);
            last["usage"] = answer.Usage();
            yield return StreamEvent.Of(last);
        }

        yield return StreamEvent.Done with { IsEnd = true };
    }

    public static StreamEvent Error(JsonObject failure) => StreamEvent.Of(new JsonObject { ["error"] = failure });

    private static JsonObject Opening(ChatAnswer answer) => new()
    {
        ["role"] = "assistant",
        ["content"] = answer.ToolCalls.Count > 0 ? null : "",
        ["refusal"] = null,
    };

    private static IEnumerable<(Func<JsonObject> Delta, string? Piece)> Deltas(ChatAnswer answer)
    {
        for (var i = 0; i < answer.ToolCalls.Count; i++)
        {
            var (at, call) = (i, answer.ToolCalls[i]);
            yield return (() => ToolDelta(at, call, "", isFirst: true), null);
            foreach (var piece in Tokens.Split(answer.Request.Model, call.Arguments))
                yield return (() => ToolDelta(at, call, piece, isFirst: false), null);
        }

        foreach (var piece in answer.Pieces) yield return (() => new JsonObject { ["content"] = piece }, piece);
    }

    private static JsonObject ToolDelta(int index, ToolCall call, string arguments, bool isFirst)
    {
        var function = isFirst
            ? new JsonObject { ["name"] = call.Name, ["arguments"] = arguments }
            : new JsonObject { ["arguments"] = arguments };
        var delta = isFirst
            ? new JsonObject { ["index"] = index, ["id"] = call.Id, ["type"] = "function", ["function"] = function }
            : new JsonObject { ["index"] = index, ["function"] = function };
        return new JsonObject { ["tool_calls"] = new JsonArray(delta) };
    }

    private static StreamEvent Chunk(ChatAnswer answer, int index, JsonObject delta, string? piece = null, string? finishReason = null)
    {
        var logprobs = answer.Request.Logprobs && piece is not null ? Logprobs.Of([piece], answer.Request.TopLogprobs) : null;
        var choice = new JsonObject { ["index"] = index, ["delta"] = delta, ["logprobs"] = logprobs, ["finish_reason"] = finishReason };
        return StreamEvent.Of(Frame(answer, [choice]));
    }

    // If the client asked for usage, every other chunk has a null usage.
    private static JsonObject Frame(ChatAnswer answer, JsonArray choices)
    {
        var frame = new JsonObject
        {
            ["id"] = answer.Id,
            ["object"] = "chat.completion.chunk",
            ["created"] = answer.CreatedAt,
            ["model"] = answer.Request.Model,
            ["service_tier"] = "default",
            ["system_fingerprint"] = "fp_stand_in",
            ["choices"] = choices,
        };
        if (answer.Request.IncludeUsage) frame["usage"] = null;
        return frame;
    }
}
