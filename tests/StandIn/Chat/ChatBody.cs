using System.Text.Json.Nodes;

namespace AiGateway.StandIn.Chat;

/// <summary>A chat completion as one JSON document.</summary>
internal static class ChatBody
{
    public static JsonObject Of(ChatAnswer answer)
    {
        var choices = Enumerable.Range(0, answer.Request.Choices).Select(index => (JsonNode)Choice(answer, index)).ToArray();
        var body = new JsonObject
        {
            ["id"] = answer.Id,
            ["object"] = "chat.completion",
            ["created"] = answer.CreatedAt,
            ["model"] = answer.Request.Model,
            ["choices"] = new JsonArray(choices),
        };
        if (!answer.Plan.NoUsage) body["usage"] = answer.Usage();
        body["service_tier"] = "default";
        body["system_fingerprint"] = "fp_stand_in";
        return body;
    }

    private static JsonObject Choice(ChatAnswer answer, int index)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = answer.ToolCalls.Count > 0 ? null : answer.Text };
        if (answer.ToolCalls.Count > 0) message["tool_calls"] = new JsonArray([.. answer.ToolCalls.Select(ToolCallNode)]);
        message["refusal"] = null;
        message["annotations"] = new JsonArray();
        return new JsonObject
        {
            ["index"] = index,
            ["message"] = message,
            ["logprobs"] = answer.Request.Logprobs ? Logprobs.Of(answer.Pieces, answer.Request.TopLogprobs) : null,
            ["finish_reason"] = answer.FinishReason,
        };
    }

    private static JsonNode ToolCallNode(ToolCall call) => new JsonObject
    {
        ["id"] = call.Id,
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = call.Arguments },
    };
}
