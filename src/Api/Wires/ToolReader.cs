using System.Text.Json;
using AiGateway.Application.Requests;

namespace AiGateway.Api.Wires;

/// <summary>
/// The one rule for tools. Tools that the client runs pass. Tools that the provider runs are billed by other units than
/// tokens: the operator's rule decides about them. Each wire says which tools are which.
/// </summary>
/// <param name="reader">The body.</param>
/// <param name="rule">The operator's rule (<c>AI_GATEWAY_PROVIDER_TOOLS</c>).</param>
internal abstract class ToolReader(WireReader reader, ProviderToolRule rule)
{
    /// <summary>The header of a reply that lists the tools that were removed from its request.</summary>
    public const string DroppedHeader = "x-aigateway-dropped";

    /// <summary>Most characters of a tool's name in a refusal.</summary>
    protected const int MaxNameShown = 64;

    private readonly List<string> _dropped = [];
    private readonly List<string> _priced = [];

    /// <summary>The provider's tools that stay in the request, each once.</summary>
    public IReadOnlyList<string> Priced => _priced;

    /// <summary>Whether the provider's tools are removed.</summary>
    public bool Drops => rule == ProviderToolRule.Drop;

    /// <summary>What was removed.</summary>
    protected IReadOnlyList<string> Dropped => _dropped;

    /// <summary>Whether every tool of the top-level list was removed.</summary>
    protected bool IsNothingOffered { get; private set; }

    /// <summary>The body.</summary>
    protected WireReader Reader => reader;

    /// <summary>The top-level member <c>tools</c>.</summary>
    public void ReadOffered(JsonElement tools)
    {
        var removed = Walk(tools, "tools");
        IsNothingOffered = removed.Count > 0 && removed.Count == tools.GetArrayLength();
        if (!IsNothingOffered) reader.RemoveElements(tools, removed);
    }

    /// <summary>A list of tools elsewhere.</summary>
    public void ReadTools(JsonElement tools, string field) => reader.RemoveElements(tools, Walk(tools, field));

    /// <summary>One tool of a list.</summary>
    /// <returns>Whether it stays in the request.</returns>
    public abstract bool ReadTool(JsonElement tool, string field);

    /// <summary>Notes a name for the header of the reply.</summary>
    public void NoteDropped(string name)
    {
        if (!_dropped.Contains(name)) _dropped.Add(name);
    }

    /// <summary>After all tools: removes what refers to dropped tools, and limits the calls of the tools that stay.</summary>
    /// <returns>Most calls of the provider's tools; null when none stays.</returns>
    public int? Finish()
    {
        if (_dropped.Count > 0) RemoveReferences();
        return _priced.Count == 0 ? null : LimitCalls();
    }

    /// <summary>Tells the client what was removed.</summary>
    public void Announce(HttpResponse response)
    {
        if (_dropped.Count > 0) response.Headers[DroppedHeader] = string.Join(',', _dropped);
    }

    /// <summary>A tool that the provider runs.</summary>
    /// <param name="type">Its type; null when it has none.</param>
    /// <param name="field">The member with the type.</param>
    /// <param name="canBePriced">Whether the request limits its calls.</param>
    /// <returns>Whether it stays in the request.</returns>
    protected bool ReadProviderTool(string? type, string field, bool canBePriced)
    {
        if (Drops && type is not null && CanStandInAHeader(type))
        {
            NoteDropped(type);
            return false;
        }

        if (rule == ProviderToolRule.Price && canBePriced && type is not null)
        {
            if (!_priced.Contains(type)) _priced.Add(type);
            return true;
        }

        reader.Blame(field, Refusal(type));
        return true;
    }

    /// <summary>Removes what refers to dropped tools.</summary>
    protected abstract void RemoveReferences();

    /// <summary>Limits the calls of the provider's tools that stay, of which there is at least one.</summary>
    /// <returns>Most calls.</returns>
    protected abstract int LimitCalls();

    /// <summary>Why a tool is refused, and what to do.</summary>
    protected abstract string Refusal(string? type);

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

    private static bool CanStandInAHeader(string type) =>
        type.Length is > 0 and <= MaxNameShown && type.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.');
}
