using System.Runtime.InteropServices;
using System.Text.Json;
using AiGateway.Application.Generation;
using AiGateway.Domain;

namespace AiGateway.Api.OpenAi.Reading;

/// <summary>
/// Reads the members that the gateway uses from a client's JSON, collects their faults, and leaves the rest unchanged.
/// </summary>
internal sealed class WireReader(ReadOnlyMemory<byte> body, JsonElement root)
{
    private readonly List<Fault> _faults = [];
    private readonly List<WireMember> _members = [];

    /// <summary>The top-level object.</summary>
    public JsonElement Root => root;

    /// <summary>The request to send on. Every member read through this reader can be changed in it.</summary>
    public WireRequest ToRequest()
    {
        if (_faults.Count > 0) throw new InvalidRequestException(_faults);
        return new WireRequest(body, _members);
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

    public long? FindCount(string name, long most)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) && count >= 1 && count <= most) return count;
        Blame(name, $"must be a whole number between 1 and {most}");
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

    private int OffsetOf(ReadOnlySpan<byte> raw)
    {
        body.Span.Overlaps(raw, out var start);
        return start;
    }
}
