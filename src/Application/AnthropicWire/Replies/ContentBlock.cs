using System.Text.Json;
using AiGateway.Application.OpenAiWire;

namespace AiGateway.Application.AnthropicWire;

/// <summary>What the gateway reads of a block of a message.</summary>
internal static class ContentBlock
{
    private const string ResultSuffix = "_tool_result";

    /// <summary>The text of the answer in a block; null when it is no text.</summary>
    public static string? ContentOf(JsonElement block) => block.FindText("type"u8) is "text" ? block.FindText("text"u8) : null;

    /// <summary>What the model wrote in a block, thinking and tool calls included; null when it is nothing.</summary>
    public static string? TextOf(JsonElement block) => block.FindText("type"u8) switch
    {
        "text" => block.FindText("text"u8),
        "thinking" => block.FindText("thinking"u8),
        "tool_use" or "server_tool_use" or "mcp_tool_use" => block.FindText("name"u8) + InputOf(block),
        _ => null,
    };

    /// <summary>
    /// The tool of the provider whose call ended with this block, such as <c>web_search</c>; null when it is no result, or
    /// that of a failed call, which is not billed.
    /// </summary>
    public static string? ToolOf(JsonElement block) =>
        block.FindText("type"u8) is { } type && type.EndsWith(ResultSuffix, StringComparison.Ordinal) && type is "web_search_tool_result" or "web_fetch_tool_result"
            && !(block.Find("content"u8)?.FindText("type"u8)?.EndsWith("_error", StringComparison.Ordinal) == true)
            ? type[..^ResultSuffix.Length]
            : null;

    // At the start of a streamed call the input is empty.
    private static string? InputOf(JsonElement block) =>
        block.Find("input"u8) is { ValueKind: JsonValueKind.Object } input && input.EnumerateObject().Any() ? input.GetRawText() : null;
}
