using System.Text.Json;

namespace AiGateway.Api.OpenAi.Reading;

/// <summary>
/// The one rule for tools. Tools that the client runs pass. Tools that the provider runs are refused, because the provider
/// bills them by other units than tokens.
/// </summary>
internal sealed class ToolReader(WireReader reader, PromptTally prompt)
{
    private const int MaxNameShown = 64;

    /// <summary>A list of tools offered to the model.</summary>
    public void ReadTools(JsonElement tools, string field)
    {
        if (tools.ValueKind != JsonValueKind.Array)
        {
            reader.Blame(field, "must be an array of tools");
            return;
        }

        var at = 0;
        foreach (var tool in tools.EnumerateArray()) ReadTool(tool, $"{field}[{at++}]");
    }

    /// <summary>One tool of a list.</summary>
    public void ReadTool(JsonElement tool, string field)
    {
        if (tool.ValueKind != JsonValueKind.Object)
        {
            reader.Blame(field, "must be an object");
            return;
        }

        switch (Json.TypeOf(tool))
        {
            case "function" or "custom":
            case null when IsPlainFunction(tool):
                break;
            case "namespace":
                if (tool.Find("tools"u8) is { } inner) ReadTools(inner, $"{field}.tools");
                break;
            case "local_shell" or "apply_patch" or "computer" or "computer_use_preview":
                prompt.AddBuiltInTool();
                break;
            case "tool_search" when tool.Find("execution"u8) is { ValueKind: JsonValueKind.String } where && where.ValueEquals("client"u8):
                prompt.AddBuiltInTool();
                break;
            case "tool_search":
                reader.Blame($"{field}.type", "tool_search runs at the provider unless it says \"execution\": \"client\". Add that, or remove the tool");
                break;
            case "shell" when tool.Find("environment"u8) is { ValueKind: JsonValueKind.Object } place && Json.TypeOf(place) == "local":
                prompt.AddBuiltInTool();
                break;
            case "shell":
                reader.Blame($"{field}.type", "shell runs at the provider unless it says \"environment\": {\"type\": \"local\"}. Add that, or remove the tool");
                break;
            case var type:
                reader.Blame($"{field}.type", Refusal(type));
                break;
        }
    }

    // Some servers accept a function without its type.
    private static bool IsPlainFunction(JsonElement tool)
    {
        if (tool.Find("function"u8) is not { ValueKind: JsonValueKind.Object }) return false;
        foreach (var member in tool.EnumerateObject())
        {
            if (!member.NameEquals("function"u8) && !member.NameEquals("type"u8)) return false;
        }

        return true;
    }

    private static string Refusal(string? type)
    {
        const string Offered = "Supported tools, which the client runs: function, custom, namespace, tool_search, local_shell, shell, apply_patch, computer";
        if (type is null) return $"is required. {Offered}";
        var shown = type.Length <= MaxNameShown ? type : type[..MaxNameShown];
        return $"the tool {shown} runs at the provider, which bills it by the call, and the price book has no price for it. Remove it. {Offered}";
    }
}
