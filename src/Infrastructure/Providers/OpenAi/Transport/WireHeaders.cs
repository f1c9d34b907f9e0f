using System.ClientModel.Primitives;
using System.Diagnostics.CodeAnalysis;

namespace AiGateway.Infrastructure.Providers.OpenAi.Transport;

/// <summary>The handful of headers of one request; names are compared without regard to case.</summary>
internal sealed class WireHeaders : PipelineRequestHeaders
{
    private readonly List<KeyValuePair<string, string>> _headers = new(6);

    public override void Add(string name, string value) => _headers.Add(new(name, value));

    public override void Set(string name, string value)
    {
        Remove(name);
        Add(name, value);
    }

    public override bool Remove(string name)
    {
        var removed = false;
        for (var i = _headers.Count - 1; i >= 0; i--)
        {
            if (!IsNamed(_headers[i], name)) continue;
            _headers.RemoveAt(i);
            removed = true;
        }

        return removed;
    }

    public override bool TryGetValue(string name, [NotNullWhen(true)] out string? value)
    {
        value = TryGetValues(name, out var values) ? string.Join(',', values) : null;
        return value is not null;
    }

    public override bool TryGetValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        var found = _headers.FindAll(header => IsNamed(header, name));
        values = found.Count == 0 ? null : found.ConvertAll(header => header.Value);
        return values is not null;
    }

    public override IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _headers.GetEnumerator();

    private static bool IsNamed(KeyValuePair<string, string> header, string name) =>
        header.Key.Equals(name, StringComparison.OrdinalIgnoreCase);
}
