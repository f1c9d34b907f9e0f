using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using AiGateway.Application.Requests;
using AiGateway.Domain;

namespace AiGateway.Api.Wires;

/// <summary>
/// Reads the members that the gateway uses from a client's JSON, collects their faults and the changes of the body, and leaves
/// the rest unchanged.
/// </summary>
internal sealed class WireReader(ReadOnlyMemory<byte> body, JsonElement root)
{
    private readonly List<Fault> _faults = [];
    private readonly List<WireMember> _members = [];

    // Few bodies are changed.
    private HashSet<string>? _removed;
    private List<WireMember>? _added;
    private string _addedText = "";
    private BodyEdits? _edits;

    // Where a new member is put: the object has at least one other member, whose name follows the comma.
    private int First => body.Span.IndexOf((byte)'{') + 1;

    private BodyEdits Edits => _edits ??= new BodyEdits(body);

    /// <summary>The top-level object.</summary>
    public JsonElement Root => root;

    /// <summary>The request to send on. Every member read through this reader can be changed in it.</summary>
    public WireRequest ToRequest(WireKind kind)
    {
        if (_faults.Count > 0) throw new InvalidRequestException(_faults);
        if (_removed is not null) RemoveMembers(_removed);
        if (_added is not null) Edits.Replace(new Extent(First, First), _addedText);
        return _edits is null
            ? new WireRequest(kind, body, _members)
            : new WireRequest(kind, _edits.Apply(), [.. _members.Where(IsKept).Select(Moved), .. _added ?? []]);
    }

    /// <summary>Sets a top-level member to a value; a missing member is put first.</summary>
    public void Set(string name, string json)
    {
        if (root.TryGetProperty(name, out var value))
        {
            Edits.Replace(ExtentOf(value), json);
            return;
        }

        _addedText += $"\"{name}\":";
        (_added ??= []).Add(new WireMember(name, First + Encoding.UTF8.GetByteCount(_addedText), Encoding.UTF8.GetByteCount(json)));
        _addedText += json + ",";
    }

    /// <summary>Sets a member of an object anywhere in the body to a value; a missing member is put first.</summary>
    /// <param name="holder">The object. It has at least one member.</param>
    /// <param name="name">The member.</param>
    /// <param name="json">The value.</param>
    public void SetIn(JsonElement holder, string name, string json)
    {
        if (holder.TryGetProperty(name, out var value))
        {
            Edits.Replace(ExtentOf(value), json);
            return;
        }

        var first = ExtentOf(holder).Start + 1;
        Edits.Replace(new Extent(first, first), $"\"{name}\":{json},");
    }

    /// <summary>Removes a top-level member; a missing one is ignored.</summary>
    public void Remove(string name) => (_removed ??= new(StringComparer.Ordinal)).Add(name);

    /// <summary>Removes elements of an array anywhere in the body.</summary>
    public void RemoveElements(JsonElement array, IReadOnlyCollection<int> indexes)
    {
        if (indexes.Count > 0) Edits.Remove([.. array.EnumerateArray().Select(ExtentOf)], indexes.Contains);
    }

    /// <summary>Notes a fault.</summary>
    /// <exception cref="InvalidRequestException">It is the last reported fault: reading stops here.</exception>
    public void Blame(string field, string message)
    {
        _faults.Add(new Fault(field, message));
        if (_faults.Count == InvalidRequestException.MaxFaults) throw new InvalidRequestException(_faults);
    }

    /// <summary>A member's value; null when it is left out or null.</summary>
    public JsonElement? Find(string name)
    {
        if (!root.TryGetProperty(name, out var value)) return null;
        var raw = JsonMarshal.GetRawUtf8Value(value);
        _members.Add(new WireMember(name, OffsetOf(raw), raw.Length));
        return value.ValueKind == JsonValueKind.Null ? null : value;
    }

    public string? FindText(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.String) return TextOf(value, name);
        Blame(name, "must be a string");
        return null;
    }

    public bool FindFlag(string name)
    {
        if (Find(name) is not { } value) return false;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        Blame(name, "must be true or false");
        return false;
    }

    public long? FindCount(string name, long most, long least = 1)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var count) && decimal.IsInteger(count) && count >= least && count <= most) return (long)count;
        Blame(name, $"must be a whole number between {least} and {most}");
        return null;
    }

    /// <summary>The text of a JSON string; empty, with a fault, when it contains NUL.</summary>
    public string TextOf(JsonElement value, string field)
    {
        var text = value.GetString()!;
        if (!text.Contains('\0', StringComparison.Ordinal)) return text;
        Blame(field, "must not hold NUL characters");
        return "";
    }

    /// <summary>The raw bytes of a value.</summary>
    public ReadOnlyMemory<byte> BytesOf(JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        return body.Slice(OffsetOf(raw), raw.Length);
    }

    /// <summary>The raw bytes of a member, from its name to the end of its value.</summary>
    public ReadOnlyMemory<byte> BytesOf(JsonProperty member)
    {
        var start = OffsetOf(JsonMarshal.GetRawUtf8PropertyName(member));
        var value = JsonMarshal.GetRawUtf8Value(member.Value);
        return body[start..(OffsetOf(value) + value.Length)];
    }

    /// <summary>The offset of a value within another that contains it.</summary>
    public int OffsetIn(JsonElement holder, JsonElement value) =>
        OffsetOf(JsonMarshal.GetRawUtf8Value(value)) - OffsetOf(JsonMarshal.GetRawUtf8Value(holder));

    private void RemoveMembers(HashSet<string> removed)
    {
        var all = root.EnumerateObject().ToArray();
        Edits.Remove(
            [.. all.Select(member => new Extent(OffsetOf(JsonMarshal.GetRawUtf8PropertyName(member)) - 1, ExtentOf(member.Value).End))],
            at => removed.Contains(all[at].Name));
    }

    private bool IsKept(WireMember member) => _removed?.Contains(member.Name) != true;

    private WireMember Moved(WireMember member)
    {
        var start = Edits.Map(member.ValueStart);
        return member with { ValueStart = start, ValueLength = Edits.Map(member.ValueStart + member.ValueLength) - start };
    }

    private Extent ExtentOf(JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        var start = OffsetOf(raw);
        return new Extent(start, start + raw.Length);
    }

    private int OffsetOf(ReadOnlySpan<byte> raw)
    {
        body.Span.Overlaps(raw, out var start);
        return start;
    }
}
