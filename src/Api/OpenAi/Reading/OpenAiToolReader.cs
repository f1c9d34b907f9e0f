using System.Globalization;
using System.Text.Json;
using AiGateway.Api.Wires;
using AiGateway.Application.Requests;

namespace AiGateway.Api.OpenAi.Reading;

/// <summary>The tools of OpenAI's wires.</summary>
/// <param name="reader">The body.</param>
/// <param name="prompt">What the model reads.</param>
/// <param name="rule">The operator's rule (<c>AI_GATEWAY_PROVIDER_TOOLS</c>).</param>
/// <param name="boundsCalls">Whether the API has a member that limits the calls of the provider's tools.</param>
internal sealed class OpenAiToolReader(WireReader reader, PromptCollector prompt, ProviderToolRule rule, bool boundsCalls) : ToolReader(reader, rule)
{
    private const string CallLimit = "max_tool_calls";

    public override bool ReadTool(JsonElement tool, string field)
    {
        if (tool.ValueKind != JsonValueKind.Object)
        {
            Reader.Blame(field, "must be an object");
            return true;
        }

        switch (Json.TypeOf(tool))
        {
            case "function" or "custom":
            case null when IsPlainFunction(tool):
                return true;
            case "namespace":
                if (tool.Find("tools"u8) is { } inner) ReadTools(inner, $"{field}.tools");
                return true;
            case "local_shell" or "apply_patch" or "computer" or "computer_use_preview":
            case "tool_search" when tool.Find("execution"u8) is { } where && where.ValueEqualsText("client"u8):
            case "shell" when tool.Find("environment"u8) is { ValueKind: JsonValueKind.Object } place && Json.TypeOf(place) == "local":
                prompt.AddBuiltInTool();
                return true;
            case var type:
                return ReadProviderTool(type, $"{field}.type", boundsCalls);
        }
    }

    protected override int LimitCalls()
    {
        prompt.AddUnbounded();
        if (Reader.FindCount(CallLimit, int.MaxValue) is { } given) return (int)given;
        Reader.Set(CallLimit, ModelRequest.DefaultToolCalls.ToString(CultureInfo.InvariantCulture));
        return ModelRequest.DefaultToolCalls;
    }

    // Without tools, the members about tools are refused by some providers.
    protected override void RemoveReferences()
    {
        if (IsNothingOffered)
        {
            Reader.Remove("tools");
            Reader.Remove("parallel_tool_calls");
        }

        if (Reader.Root.Find("tool_choice"u8) is not { } choice) return;
        if (choice.ValueKind != JsonValueKind.Object)
        {
            if (IsNothingOffered) Reader.Remove("tool_choice");
            return;
        }

        // Chat puts the list of allowed tools into a member of its own.
        var holder = choice.Find("allowed_tools"u8) is { ValueKind: JsonValueKind.Object } inner ? inner : choice;
        if (holder.Find("tools"u8) is { ValueKind: JsonValueKind.Array } allowed) RemoveFrom(allowed);
        else if (IsDropped(choice)) Reader.Remove("tool_choice");
    }

    protected override string Refusal(string? type)
    {
        const string Offered = "Supported tools, which the client runs: function, custom, namespace, tool_search, local_shell, shell, apply_patch, computer";
        switch (type)
        {
            case null:
                return $"is required. {Offered}";
            case "tool_search":
                return "tool_search runs at the provider unless it says \"execution\": \"client\". Add that, or remove the tool";
            case "shell":
                return "shell runs at the provider unless it says \"environment\": {\"type\": \"local\"}. Add that, or remove the tool";
            default:
                var shown = type.Length <= MaxNameShown ? type : type[..MaxNameShown];
                return $"the tool {shown} runs at the provider, which bills it by the call, and the price book has no price for it. Remove it. {Offered}";
        }
    }

    private void RemoveFrom(JsonElement allowed)
    {
        var removed = allowed.EnumerateArray().Index().Where(tool => IsDropped(tool.Item)).Select(tool => tool.Index).ToHashSet();
        if (removed.Count > 0 && removed.Count == allowed.GetArrayLength()) Reader.Remove("tool_choice");
        else Reader.RemoveElements(allowed, removed);
    }

    private bool IsDropped(JsonElement named) => named.ValueKind == JsonValueKind.Object && Json.TypeOf(named) is { } type && Dropped.Contains(type);

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
}
