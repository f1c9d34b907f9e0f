using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiGateway.StandIn.Responses;

/// <summary>A response as one JSON document.</summary>
internal static class ResponseBody
{
    public static JsonObject Of(StoredResponse response)
    {
        var isMade = response.Status is StoredResponse.Completed or StoredResponse.Incomplete;
        var request = response.Request;
        return new JsonObject
        {
            ["id"] = response.Id,
            ["object"] = "response",
            ["created_at"] = response.CreatedAt,
            ["status"] = response.Status,
            ["background"] = request.Background,
            ["error"] = null,
            ["incomplete_details"] = response.Status == StoredResponse.Incomplete ? new JsonObject { ["reason"] = "max_output_tokens" } : null,
            ["instructions"] = request.Instructions,
            ["max_output_tokens"] = request.MaxOutputTokens,
            ["model"] = request.Model,
            ["output"] = isMade ? new JsonArray(OutputItem(response, response.Status)) : new JsonArray(),
            ["parallel_tool_calls"] = Told(request.Root, "parallel_tool_calls", "true"),
            ["previous_response_id"] = request.PreviousId,
            ["reasoning"] = Told(request.Root, "reasoning", """{"effort":null,"summary":null}"""),
            ["service_tier"] = "default",
            ["store"] = request.Store,
            ["temperature"] = Told(request.Root, "temperature", "1"),
            ["text"] = Told(request.Root, "text", """{"format":{"type":"text"}}"""),
            ["tool_choice"] = Told(request.Root, "tool_choice", "\"auto\""),
            ["tools"] = Told(request.Root, "tools", "[]"),
            ["top_p"] = Told(request.Root, "top_p", "1"),
            ["truncation"] = Told(request.Root, "truncation", "\"disabled\""),
            ["usage"] = isMade && !response.Plan.NoUsage ? response.Usage() : null,
            ["user"] = Told(request.Root, "user", "null"),
            ["metadata"] = Told(request.Root, "metadata", "{}"),
        };
    }

    /// <summary>The text or the tool call of the response, as an item.</summary>
    public static JsonObject OutputItem(StoredResponse response, string status)
    {
        var isBegun = status == StoredResponse.InProgress;
        if (response.Tool is { } tool)
        {
            return new JsonObject
            {
                ["id"] = ItemId(response),
                ["type"] = "function_call",
                ["status"] = status,
                ["arguments"] = isBegun ? "" : tool.Arguments,
                ["call_id"] = tool.Id,
                ["name"] = tool.Name,
            };
        }

        return new JsonObject
        {
            ["id"] = ItemId(response),
            ["type"] = "message",
            ["status"] = status,
            ["content"] = isBegun ? new JsonArray() : new JsonArray(TextPart(response.Text)),
            ["role"] = "assistant",
        };
    }

    public static JsonObject TextPart(string text) => new()
    {
        ["type"] = "output_text",
        ["annotations"] = new JsonArray(),
        ["logprobs"] = new JsonArray(),
        ["text"] = text,
    };

    public static string ItemId(StoredResponse response) => response.Id.Replace("resp_", "msg_", StringComparison.Ordinal);

    private static JsonNode? Told(JsonElement root, string name, string otherwise) =>
        JsonNode.Parse(root.TryGetProperty(name, out var value) ? value.GetRawText() : otherwise);
}
