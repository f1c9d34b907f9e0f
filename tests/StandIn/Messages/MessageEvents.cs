using System.Text.Json.Nodes;
using AiGateway.StandIn.Replies;

namespace AiGateway.StandIn.Messages;

/// <summary>A message as Anthropic streams it: its start, each block with its pieces, the reason for the end with the usage, its stop.</summary>
internal static class MessageEvents
{
    public static IEnumerable<StreamEvent> Of(MessageAnswer answer)
    {
        yield return Event("message_start", new JsonObject { ["message"] = answer.ToMessage(isWhole: false) });
        var index = 0;
        if (answer.Request.Thinks)
        {
            yield return Start(index, new JsonObject { ["type"] = "thinking", ["thinking"] = "", ["signature"] = "" });
            yield return Delta(index, new JsonObject { ["type"] = "thinking_delta", ["thinking"] = MessageAnswer.Thought });
            yield return Delta(index, new JsonObject { ["type"] = "signature_delta", ["signature"] = MessageAnswer.Signature });
            yield return Stop(index++);
        }

        yield return Event("ping", []);
        if (answer.Calls.Count == 0)
        {
            yield return Start(index, new JsonObject { ["type"] = "text", ["text"] = "" });
            foreach (var piece in answer.Pieces) yield return Delta(index, new JsonObject { ["type"] = "text_delta", ["text"] = piece });
            yield return Stop(index);
        }

        foreach (var call in answer.Calls)
        {
            var empty = call.DeepClone().AsObject();
            empty["input"] = new JsonObject();
            yield return Start(index, empty);
            yield return Delta(index, new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = "" });
            foreach (var piece in Tokens.Split(answer.Request.Model, Exchange.ToText(call["input"]!)))
                yield return Delta(index, new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = piece });
            yield return Stop(index++);
        }

        yield return Event("message_delta", new JsonObject
        {
            ["delta"] = new JsonObject { ["stop_reason"] = answer.StopReason, ["stop_sequence"] = null },
            ["usage"] = answer.Plan.NoUsage ? new JsonObject() : answer.Usage(answer.Output),
        });
        yield return Event("message_stop", []) with { IsEnd = true };
    }

    public static StreamEvent Error(JsonObject failure) =>
        Event("error", new JsonObject { ["error"] = new JsonObject { ["type"] = "api_error", ["message"] = failure["message"]!.DeepClone() } });

    private static StreamEvent Start(int index, JsonObject block) =>
        Event("content_block_start", new JsonObject { ["index"] = index, ["content_block"] = block });

    private static StreamEvent Delta(int index, JsonObject delta) => Event("content_block_delta", new JsonObject { ["index"] = index, ["delta"] = delta });

    private static StreamEvent Stop(int index) => Event("content_block_stop", new JsonObject { ["index"] = index });

    private static StreamEvent Event(string type, JsonObject rest)
    {
        var json = new JsonObject { ["type"] = type };
        foreach (var (name, value) in rest) json[name] = value?.DeepClone();
        return StreamEvent.Of(json, type);
    }
}
