using System.Text.Json;

namespace AiGateway.Application.OpenAiWire;

/// <summary>Recognises the calls of tools that the provider ran, which it bills each.</summary>
public static class ProviderToolCall
{
    private const string Ending = "_call";

    // Calls that the client runs.
    private static readonly string[] OfTheClient =
        ["function_call", "custom_tool_call", "local_shell_call", "shell_call", "apply_patch_call", "computer_call", "tool_search_call"];

    /// <summary>The tool that an item of the output called, such as <c>web_search</c>; null when it is no such call.</summary>
    public static string? ToolOf(JsonElement item) =>
        item.FindText("type"u8) is { } type && type.EndsWith(Ending, StringComparison.Ordinal) && !OfTheClient.Contains(type, StringComparer.Ordinal)
            ? type[..^Ending.Length]
            : null;
}
