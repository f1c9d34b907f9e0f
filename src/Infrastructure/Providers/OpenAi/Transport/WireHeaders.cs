using System.ClientModel.Primitives;
using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;

namespace AiGateway.Infrastructure.Providers.OpenAi.Transport;

/// <summary>The headers of one request, for the official client's policies.</summary>
internal sealed class WireHeaders(HttpRequestHeaders headers) : PipelineRequestHeaders
{
    public override void Add(string name, string value) => headers.TryAddWithoutValidation(name, value);

    public override void Set(string name, string value)
    {
        Remove(name);
        Add(name, value);
    }

    public override bool Remove(string name) => headers.Remove(name);

    public override bool TryGetValue(string name, [NotNullWhen(true)] out string? value)
    {
        value = headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
        return value is not null;
    }

    public override bool TryGetValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = headers.NonValidated.TryGetValues(name, out var found) ? [.. found] : null;
        return values is not null;
    }

    public override IEnumerator<KeyValuePair<string, string>> GetEnumerator() =>
        headers.NonValidated.Select(header => KeyValuePair.Create(header.Key, header.Value.ToString())).GetEnumerator();
}
