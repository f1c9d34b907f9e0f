using System.Text;
using System.Text.Json;
using AiGateway.Application.OpenAiWire;

namespace AiGateway.Application.Translation.Replies;

/// <summary>
/// Finds the tool call that a part of a chunk continues. Servers leave out the index, repeat it for every call, or leave out
/// the id.
/// </summary>
internal sealed class ToolCallDeltas
{
    private const int LegacyFunction = -1;
    private readonly List<ToolCallDelta> _calls = [];

    /// <summary>How many calls there are.</summary>
    public int Count => _calls.Count;

    /// <summary>The call that a part of <c>tool_calls</c> belongs to.</summary>
    public ToolCallDelta Of(JsonElement part)
    {
        var id = CompletionToMessage.IdOf(part);
        var index = part.Find("index"u8) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var given) ? given : (int?)null;
        var known = index is null
            ? Unnumbered(id, hasName: part.Find("function"u8)?.FindText("name"u8) is { Length: > 0 })
            : _calls.FindLast(call => call.Index == index);

        // Another id at the same index is another call.
        if (known is null || (id is not null && known.Id is not null && known.Id != id)) return New(index, id);
        known.Id ??= id;
        return known;
    }

    /// <summary>The one call of the older member <c>function_call</c>.</summary>
    public ToolCallDelta OfFunction() => _calls.Find(static call => call.Index == LegacyFunction) ?? New(LegacyFunction, id: null);

    /// <summary>The place of a call among all calls, from 0.</summary>
    public int PlaceOf(ToolCallDelta call) => _calls.IndexOf(call);

    /// <summary>Whether every earlier call was delivered.</summary>
    public bool IsNext(ToolCallDelta call) => _calls.TrueForAll(each => each.IsDelivered || _calls.IndexOf(each) >= _calls.IndexOf(call));

    /// <summary>The calls that were not delivered yet.</summary>
    public ToolCallDelta[] Waiting() => [.. _calls.Where(static call => !call.IsDelivered)];

    // Without index and id, a name begins a call.
    private ToolCallDelta? Unnumbered(string? id, bool hasName)
    {
        if (id is not null) return _calls.FindLast(call => call.Id == id);
        return hasName && _calls is [.., { Name: not null }] ? null : _calls.LastOrDefault();
    }

    private ToolCallDelta New(int? index, string? id)
    {
        var call = new ToolCallDelta { Index = index, Id = id };
        _calls.Add(call);
        return call;
    }
}

/// <summary>One tool call of a stream.</summary>
internal sealed class ToolCallDelta
{
    /// <summary>Its index at the provider; null: not told.</summary>
    public int? Index { get; init; }

    /// <summary>Its id; null: not told.</summary>
    public string? Id { get; set; }

    /// <summary>The name of the tool; null: not told yet.</summary>
    public string? Name { get; set; }

    /// <summary>The arguments that wait for their block.</summary>
    public StringBuilder Arguments { get; } = new();

    /// <summary>Whether its block has ended.</summary>
    public bool IsDelivered { get; set; }
}
