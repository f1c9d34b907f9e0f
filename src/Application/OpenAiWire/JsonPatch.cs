using System.Buffers;
using System.Globalization;
using System.Text;
using AiGateway.Application.Requests;

namespace AiGateway.Application.OpenAiWire;

/// <summary>Changes single members of a client's JSON and keeps every other byte.</summary>
public sealed class JsonPatch(WireRequest wire)
{
    private readonly List<(int Start, int Length, string Text)> _replaced = [];
    private string _added = "";

    /// <summary>Whether JSON is this number, also in another form, such as <c>1e2</c>.</summary>
    /// <param name="json">The JSON; null when it is missing.</param>
    /// <param name="number">The number, in digits.</param>
    public static bool AreSame(string? json, string number) =>
        json == number || (decimal.TryParse(json, NumberStyles.Float, CultureInfo.InvariantCulture, out var given)
            && given == decimal.Parse(number, CultureInfo.InvariantCulture));

    /// <summary>Sets a member to a value, which is written unchanged; a missing member is put first.</summary>
    public void Set(string name, string json)
    {
        if (Place(name) is { } member) _replaced.Add((member.ValueStart, member.ValueLength, json));
        else _added += $"\"{name}\":{json},";
    }

    /// <summary>Replaces the name and the value of an existing member.</summary>
    public void Rename(string name, string newName, string json)
    {
        if (Place(name) is not { } member) return;
        var start = StartOfName(member);
        _replaced.Add((start, member.ValueStart + member.ValueLength - start, $"\"{newName}\":{json}"));
    }

    /// <summary>Removes a member, with the comma after it or, for the last member, the comma before it.</summary>
    public void Remove(string name)
    {
        if (Place(name) is not { } member) return;
        var body = wire.Body.Span;
        var (start, end) = (StartOfName(member), member.ValueStart + member.ValueLength);
        var next = end;
        while (IsBlank(body[next])) next++;
        if (body[next] == ',')
        {
            end = next + 1;
        }
        else
        {
            var before = start - 1;
            while (IsBlank(body[before])) before--;
            if (body[before] == ',') start = before;
        }

        _replaced.Add((start, end - start, ""));
    }

    /// <summary>The member's JSON; null when it is missing.</summary>
    public string? Find(string name) =>
        Place(name) is { } member ? Encoding.UTF8.GetString(wire.Body.Span.Slice(member.ValueStart, member.ValueLength)) : null;

    /// <summary>The JSON with the changes; the client's own bytes when there is none.</summary>
    public ReadOnlyMemory<byte> Apply()
    {
        if (_replaced.Count == 0 && _added.Length == 0) return wire.Body;
        _replaced.Sort(static (one, other) => one.Start.CompareTo(other.Start));
        var source = wire.Body.Span;
        var target = new ArrayBufferWriter<byte>(source.Length + Encoding.UTF8.GetMaxByteCount(_added.Length + _replaced.Sum(each => each.Text.Length)));
        var at = source.IndexOf((byte)'{') + 1;
        target.Write(source[..at]);
        Encoding.UTF8.GetBytes(_added, target);
        foreach (var (start, length, text) in _replaced)
        {
            target.Write(source[at..start]);
            Encoding.UTF8.GetBytes(text, target);
            at = start + length;
        }

        target.Write(source[at..]);
        return target.WrittenMemory;
    }

    private WireMember? Place(string name)
    {
        foreach (var member in wire.Members)
        {
            if (member.Name == name) return member;
        }

        return null;
    }

    // Goes back over the colon to the opening quote. Inside a name every quote is escaped, which an odd number of
    // backslashes shows.
    private int StartOfName(WireMember member)
    {
        var body = wire.Body.Span;
        var at = body[..member.ValueStart].LastIndexOf((byte)'"') - 1;
        while (body[at] != '"' || IsEscaped(body, at)) at--;
        return at;
    }

    private static bool IsEscaped(ReadOnlySpan<byte> body, int at)
    {
        var backslashes = 0;
        while (body[at - 1 - backslashes] == '\\') backslashes++;
        return backslashes % 2 == 1;
    }

    private static bool IsBlank(byte character) => character is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
}
