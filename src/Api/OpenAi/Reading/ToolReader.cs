using System.Globalization;
using System.Text.Json;
using AiGateway.Application.Requests;

namespace AiGateway.Api.OpenAi.Reading;

/// <summary>
/// The one rule for tools. Tools that the client runs pass. Tools that the provider runs are billed by other units than
/// tokens: the operator's rule decides about them.
/// </summary>
/// <param name="reader">The body.</param>
/// <param name="prompt">What the model reads.</param>
/// <param name="rule">The operator's rule (<c>AI_GATEWAY_PROVIDER_TOOLS</c>).</param>
/// <param name="boundsCalls">Whether the API has a member that limits the calls of such tools.</param>
internal sealed class ToolReader(WireReader reader, PromptCollector prompt, ProviderToolRule rule, bool boundsCalls)
{
    /// <summary>The header of a reply that lists the tools that were removed from its request.</summary>
    public const string DroppedHeader = "x-aigateway-dropped";

    private const string CallLimit = "max_tool_calls";
    private const int MaxNameShown = 64;
    private readonly List<string> _dropped = [];
    private readonly List<string> _priced = [];
    private bool _isNothingOffered;

    /// <summary>The provider's tools that stay in the request, each once.</summary>
    public IReadOnlyList<string> Priced => _priced;

    /// <summary>Whether the provider's tools are removed.</summary>
    public bool Drops => rule == ProviderToolRule.Drop;

    /// <summary>The top-level member <c>tools</c>.</summary>
    public void ReadOffered(JsonElement tools)
    {
        var removed = Walk(tools, "tools");
        _isNothingOffered = removed.Count > 0 && removed.Count == tools.GetArrayLength();
        if (!_isNothingOffered) reader.RemoveElements(tools, removed);
    }

    /// <summary>A list of tools elsewhere.</summary>
    public void ReadTools(JsonElement tools, string field) => reader.RemoveElements(tools, Walk(tools, field));

    /// <summary>One tool of a list.</summary>
    /// <returns>Whether it stays in the request.</returns>
    public bool ReadTool(JsonElement tool, string field)
    {
        if (tool.ValueKind != JsonValueKind.Object)
        {
            reader.Blame(field, "must be an object");
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
                return ReadProviderTool(type, $"{field}.type");
        }
    }

    /// <summary>Notes a name for the header of the reply.</summary>
    public void NoteDropped(string name)
    {
        if (!_dropped.Contains(name)) _dropped.Add(name);
    }

    /// <summary>
    /// After all tools: removes what refers to dropped tools, and limits the calls of the tools that stay.
    /// </summary>
    /// <returns>Most calls of the provider's tools; null when none stays.</returns>
    public int? Finish()
    {
        if (_dropped.Count > 0) RemoveReferences();
        if (_priced.Count == 0) return null;
        prompt.AddUnbounded();
        if (reader.FindCount(CallLimit, int.MaxValue) is { } given) return (int)given;
        reader.Set(CallLimit, ModelRequest.DefaultToolCalls.ToString(CultureInfo.InvariantCulture));
        return ModelRequest.DefaultToolCalls;
    }

    /// <summary>Tells the client what was removed.</summary>
    public void Announce(HttpResponse response)
    {
        if (_dropped.Count > 0) response.Headers[DroppedHeader] = string.Join(',', _dropped);
    }

    private HashSet<int> Walk(JsonElement tools, string field)
    {
        var removed = new HashSet<int>();
        if (tools.ValueKind != JsonValueKind.Array)
        {
            reader.Blame(field, "must be an array of tools");
            return removed;
        }

        var at = 0;
        foreach (var tool in tools.EnumerateArray())
        {
            if (!ReadTool(tool, $"{field}[{at}]")) removed.Add(at);
            at++;
        }

        return removed;
    }

    private bool ReadProviderTool(string? type, string field)
    {
        if (Drops && type is not null && CanStandInAHeader(type))
        {
            NoteDropped(type);
            return false;
        }

        if (rule == ProviderToolRule.Price && boundsCalls && type is not null)
        {
            if (!_priced.Contains(type)) _priced.Add(type);
            return true;
        }

        reader.Blame(field, Refusal(type));
        return true;
    }

    // Without tools, the members about tools are refused by some providers.
    private void RemoveReferences()
    {
        if (_isNothingOffered)
        {
            reader.Remove("tools");
            reader.Remove("parallel_tool_calls");
        }

        if (reader.Root.Find("tool_choice"u8) is not { } choice) return;
        if (choice.ValueKind != JsonValueKind.Object)
        {
            if (_isNothingOffered) reader.Remove("tool_choice");
            return;
        }

        // Chat puts the list of allowed tools into a member of its own.
        var holder = choice.Find("allowed_tools"u8) is { ValueKind: JsonValueKind.Object } inner ? inner : choice;
        if (holder.Find("tools"u8) is { ValueKind: JsonValueKind.Array } allowed) RemoveFrom(allowed);
        else if (IsDropped(choice)) reader.Remove("tool_choice");
    }

    private void RemoveFrom(JsonElement allowed)
    {
        var removed = allowed.EnumerateArray().Index().Where(tool => IsDropped(tool.Item)).Select(tool => tool.Index).ToHashSet();
        if (removed.Count > 0 && removed.Count == allowed.GetArrayLength()) reader.Remove("tool_choice");
        else reader.RemoveElements(allowed, removed);
    }

    private bool IsDropped(JsonElement named) => named.ValueKind == JsonValueKind.Object && Json.TypeOf(named) is { } type && _dropped.Contains(type);

    private static bool CanStandInAHeader(string type) =>
        type.Length is > 0 and <= MaxNameShown && type.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.');

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
}
