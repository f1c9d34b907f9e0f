using System.Text;
using AiGateway.Application.Generation;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>Changes single members of a client's JSON and leaves every other byte as it is.</summary>
internal sealed class WirePatch(WireRequest wire)
{
    private readonly List<(int Start, int Length, string Text)> _replaced = [];
    private readonly StringBuilder _added = new();

    /// <summary>Gives a member a value, which is written as it is; a member that is not there is put first.</summary>
    public void Set(string name, string json)
    {
        foreach (var member in wire.Members)
        {
            if (member.Name != name) continue;
            _replaced.Add((member.ValueStart, member.ValueLength, json));
            return;
        }

        _added.Append('"').Append(name).Append("\":").Append(json).Append(',');
    }

    /// <summary>The member's own JSON; null when it is not there.</summary>
    public string? Find(string name)
    {
        foreach (var member in wire.Members)
        {
            if (member.Name == name) return Encoding.UTF8.GetString(wire.Body.Span.Slice(member.ValueStart, member.ValueLength));
        }

        return null;
    }

    public ReadOnlyMemory<byte> Apply()
    {
        if (_replaced.Count == 0 && _added.Length == 0) return wire.Body;
        var source = wire.Body.Span;
        var target = new List<byte>(source.Length + _added.Length + 64);
        var at = source.IndexOf((byte)'{') + 1;
        target.AddRange(source[..at]);
        target.AddRange(Encoding.UTF8.GetBytes(_added.ToString()));
        foreach (var (start, length, text) in _replaced.OrderBy(each => each.Start))
        {
            target.AddRange(source[at..start]);
            target.AddRange(Encoding.UTF8.GetBytes(text));
            at = start + length;
        }

        target.AddRange(source[at..]);
        return target.ToArray();
    }
}
