using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.Tokenizers;

namespace AiGateway.Api.Tests.Bounds;

/// <summary>
/// The bill of a provider that counts each kind of content at its maximum, up to the context window. It follows the documentation of the
/// kinds and shares no code with the gateway.
/// </summary>
internal static class GenerousBill
{
    private const long StoredTokens = 7_000;
    private const long BuiltInTool = 1_000;
    private const long AudioCharactersPerToken = 42;
    private static readonly TiktokenTokenizer Tokenizer = TiktokenTokenizer.CreateForEncoding("o200k_base");
    private static readonly TiktokenTokenizer EmbeddingTokenizer = TiktokenTokenizer.CreateForEncoding("cl100k_base");

    /// <summary>The input tokens of a request.</summary>
    public static long Of(JsonObject body)
    {
        if (body["messages"] is null && body["input"] is { } input && body["model"]!.GetValue<string>().Contains("embedding", StringComparison.Ordinal))
            return OfEmbeddings(input);
        var sum = 3 + OfTools(body["tools"]) + OfText(body["documents"]) + OfText(body["extension"]) + OfText(body["response_format"]);
        if (body["instructions"] is { } instructions) sum += 4 + OfText(instructions);
        if (body["previous_response_id"] is not null) sum += StoredTokens;
        foreach (var message in (body["messages"] ?? body["input"])!.AsArray()) sum += OfItem(message!.AsObject());
        return Math.Min(sum, BoundGateway.Window);
    }

    private static long OfEmbeddings(JsonNode input) => input switch
    {
        JsonArray many => many.Sum(each => each is JsonArray tokens ? tokens.Count : each!.GetValueKind() == JsonValueKind.Number ? 1 : OfEmbeddings(each)),
        _ => EmbeddingTokenizer.CountTokens(input.GetValue<string>()),
    };

    private static long OfItem(JsonObject item)
    {
        var type = item["type"]?.GetValue<string>();
        switch (type)
        {
            case null or "message":
                return 4 + OfParts(item["content"]) + OfText(item["name"]) + OfText(item["tool_call_id"]) + OfText(item["tool_calls"])
                    + (item["audio"] is null ? 0 : BoundGateway.Window);
            case "item_reference":
            case "reasoning" when item["encrypted_content"] is null:
                return StoredTokens;
            case "never_heard_of":
                return BoundGateway.Window;
            default:
                var media = item["output"] switch
                {
                    JsonArray parts => parts.Select(part => part!.AsObject()).Where(part => !IsText(part)).ToArray(),
                    JsonObject part => [part],
                    _ => [],
                };

                // Every byte of the item counts, except for the media, which are billed by their own measure.
                return Bytes(item) - media.Sum(Bytes) + media.Sum(OfPart) + BuiltInTools(item["tools"]);
        }
    }

    private static long OfParts(JsonNode? content) =>
        content is JsonArray parts ? parts.Sum(part => OfPart(part!.AsObject())) : OfText(content);

    private static long OfPart(JsonObject part)
    {
        var type = part["type"]?.GetValue<string>();
        if (IsText(part)) return part.Count == 2 ? OfText(part["text"]) : BoundGateway.Window;
        if (type == "input_audio") return (Bytes(part["input_audio"]!) / AudioCharactersPerToken) + 1;
        var isImage = type is "image_url" or "input_image" or "computer_screenshot" && part["image_url"] is not null;
        return isImage ? BoundGateway.Image : BoundGateway.Window;
    }

    private static bool IsText(JsonObject part) => part["type"]?.GetValue<string>() is "text" or "input_text" or "output_text" or null;

    private static long OfTools(JsonNode? tools) => tools is null ? 0 : OfText(tools) + BuiltInTools(tools);

    private static long BuiltInTools(JsonNode? tools) => tools is not JsonArray list ? 0 : list.Sum(tool => tool!["type"]!.GetValue<string>() switch
    {
        "local_shell" or "apply_patch" or "computer" => BuiltInTool,
        "namespace" => BuiltInTools(tool["tools"]),
        _ => 0,
    });

    // A string counts as its text, any other value as its JSON.
    private static long OfText(JsonNode? value) => value switch
    {
        null => 0,
        JsonValue text when text.TryGetValue<string>(out var plain) => Tokenizer.CountTokens(plain),
        _ => Tokenizer.CountTokens(value.ToJsonString()),
    };

    private static long Bytes(JsonNode value) => Encoding.UTF8.GetByteCount(value.ToJsonString());
}
