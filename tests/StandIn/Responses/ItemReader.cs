using System.Text.Json;
using System.Text.Json.Nodes;
using AiGateway.StandIn.Chat;
using AiGateway.StandIn.Requests;

namespace AiGateway.StandIn.Responses;

/// <summary>Reads the input of a response, which is a text or a list of items.</summary>
internal static class ItemReader
{
    public static List<JsonElement> ReadItems(Fields fields)
    {
        switch (fields.Find("input"))
        {
            case { ValueKind: JsonValueKind.String } text:
                var message = new JsonObject
                {
                    ["type"] = "message",
                    ["role"] = "user",
                    ["content"] = new JsonArray(new JsonObject { ["type"] = "input_text", ["text"] = text.GetString() }),
                };
                return [JsonElement.Parse(Exchange.ToText(message))];
            case { ValueKind: JsonValueKind.Array } items when items.GetArrayLength() > 0:
                return [.. items.EnumerateArray().Select(item => item.Clone())];
            case null:
                throw Refusal.Of("input", "'input' is required.", "missing_required_parameter");
            default:
                throw Refusal.WrongType("input", "a string or an array of items");
        }
    }

    public static Turn ToTurn(JsonElement element)
    {
        var item = Fields.Of(element, "input");
        switch (item.Text("type") ?? "message")
        {
            case "message":
                item.RequiredText("role");
                return new Turn(item.OneOf("role", "user", "assistant", "system", "developer")!, TextOf(item));
            case "function_call":
                return new Turn("assistant", item.RequiredText("name") + item.RequiredText("arguments"));
            case "function_call_output":
                item.RequiredText("call_id");
                return new Turn("tool", item.RequiredText("output"));
            case "reasoning":
                return new Turn("assistant", "");
            case "item_reference":
                item.RequiredText("id");
                return new Turn("assistant", "");
            default:
                throw Refusal.Of("input", $"There is no item of type {item.Text("type")}.", "invalid_value");
        }
    }

    private static string TextOf(Fields message)
    {
        if (message.Find("content") is { ValueKind: JsonValueKind.String } text) return text.GetString()!;
        var parts = message.List("content") ?? throw Refusal.Of("input.content", "'content' is required.", "missing_required_parameter");
        return string.Concat(parts.Select(part => ReadPart(Fields.Of(part, "input.content"))));
    }

    private static string ReadPart(Fields part) => part.OneOf("type", "input_text", "output_text", "input_image", "input_file", "refusal") switch
    {
        "input_text" or "output_text" => part.RequiredText("text"),
        null => throw Refusal.Of("input.content.type", "'type' is required.", "missing_required_parameter"),
        _ => "",
    };
}
