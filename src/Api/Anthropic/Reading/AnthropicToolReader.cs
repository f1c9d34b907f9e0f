using System.Globalization;
using System.Text.Json;
using AiGateway.Api.Wires;
using AiGateway.Application.Requests;
using AiGateway.Domain;

namespace AiGateway.Api.Anthropic.Reading;

/// <summary>
/// The tools of Anthropic's wire. A tool without a type, or of the type <c>custom</c>, is the client's own. The other types
/// end in a date: some name tools that the client runs, all others run at the provider.
/// </summary>
internal sealed class AnthropicToolReader(WireReader reader, PromptCollector prompt, ProviderToolRule rule) : ToolReader(reader, rule)
{
    private const string CallLimit = "max_uses";

    // A toolset brings several tools by its name alone.
    private const int ToolsOfASet = 5;

    private readonly HashSet<string> _droppedNames = new(StringComparer.Ordinal);
    private long _calls;
    private long _largest;
    private long _references;

    public override bool ReadTool(JsonElement tool, string field)
    {
        if (tool.ValueKind != JsonValueKind.Object)
        {
            Reader.Blame(field, "must be an object");
            return true;
        }

        _largest = Math.Max(_largest, Reader.BytesOf(tool).Length);
        var type = Json.TypeOf(tool);
        switch (StemOf(type))
        {
            case "custom" or "function":
            case null when tool.HasText("name"u8):
                return true;
            case "bash" or "text_editor" or "memory" or "computer":
                prompt.AddBuiltInTool();
                return true;
            case "computer_toolset" or "browser_toolset":
                for (var i = 0; i < ToolsOfASet; i++) prompt.AddBuiltInTool();
                return true;
            case var stem:
                return ReadServerTool(tool, type, field, isLimited: stem is "web_search" or "web_fetch");
        }
    }

    /// <summary>Counts the names of tools in a block. The definition of each stands in the prompt once more.</summary>
    public void CountReferences(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                if (Json.TypeOf(value) == "tool_reference") _references++;
                foreach (var member in value.EnumerateObject()) CountReferences(member.Value);
                break;
            case JsonValueKind.Array:
                foreach (var element in value.EnumerateArray()) CountReferences(element);
                break;
        }
    }

    /// <summary>Holds the definitions that are named in the messages. Called after all tools and messages.</summary>
    public void HoldReferences() => prompt.AddTokens(_references * _largest);

    // Without tools, a member about tools is refused.
    protected override void RemoveReferences()
    {
        if (IsNothingOffered) Reader.Remove("tools");
        if (Reader.Root.Find("tool_choice"u8) is not { } choice) return;
        var isDropped = choice.ValueKind == JsonValueKind.Object
            && choice.Find("name"u8) is { ValueKind: JsonValueKind.String } name
            && _droppedNames.Contains(name.GetString()!);
        if (IsNothingOffered || isDropped) Reader.Remove("tool_choice");
    }

    protected override int LimitCalls()
    {
        // The provider reads the prompt again after each call.
        prompt.AddUnbounded();
        return (int)Math.Min(_calls, int.MaxValue);
    }

    protected override string Refusal(string? type)
    {
        const string Offered = "Supported are tools of your own, and bash, text_editor, memory, computer and browser_toolset, which the client runs";
        if (type is null) return $"is required for a tool without a name. {Offered}";
        var shown = type.Length <= MaxNameShown ? type : type[..MaxNameShown];
        return $"the tool {shown} runs at the provider, which bills it beyond the tokens of the request, and the gateway cannot price it. Remove it. {Offered}";
    }

    private static string? StemOf(string? type) => DateSuffix.TryCut(type, '_', out var stem, out _) ? stem.ToString() : type switch
    {
        null or "custom" or "function" => type,
        _ => "",
    };

    private bool ReadServerTool(JsonElement tool, string? type, string field, bool isLimited)
    {
        var stays = ReadProviderTool(type, $"{field}.type", isLimited);
        if (!stays && tool.Find("name"u8) is { ValueKind: JsonValueKind.String } name) _droppedNames.Add(name.GetString()!);
        if (stays && isLimited) _calls += LimitOf(tool, field);
        return stays;
    }

    // Without a limit the tool gets one.
    private long LimitOf(JsonElement tool, string field)
    {
        if (tool.Find("max_uses"u8) is not { } given)
        {
            Reader.SetIn(tool, CallLimit, ModelRequest.DefaultToolCalls.ToString(CultureInfo.InvariantCulture));
            return ModelRequest.DefaultToolCalls;
        }

        if (given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out var limit) && limit >= 1) return limit;
        Reader.Blame($"{field}.{CallLimit}", $"must be a whole number between 1 and {int.MaxValue}");
        return 0;
    }
}
