using System.ClientModel.Primitives;
using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;

namespace AiGateway.Infrastructure.Providers.OpenAi.Transport;

/// <summary>An answer whose headers are there and whose body is read as it comes, never kept.</summary>
internal sealed class WireTransportResponse(HttpResponseMessage http, Stream body) : PipelineResponse
{
    private Stream? _body = body;

    public override int Status => (int)http.StatusCode;

    public override string ReasonPhrase => http.ReasonPhrase ?? "";

    /// <summary>The headers but those that describe the body.</summary>
    public HttpResponseHeaders Fields => http.Headers;

    /// <summary>The body's length as the answer states it, if it does.</summary>
    public long? StatedLength => http.Content.Headers.ContentLength;

    public override Stream? ContentStream
    {
        get => _body;
        set => _body = value;
    }

    public override BinaryData Content => throw NotKept();

    protected override PipelineResponseHeaders HeadersCore => new Received(http);

    public override BinaryData BufferContent(CancellationToken cancellationToken = default) => throw NotKept();

    public override ValueTask<BinaryData> BufferContentAsync(CancellationToken cancellationToken = default) => throw NotKept();

    public override void Dispose() => http.Dispose();

    private static NotSupportedException NotKept() => new("A reply is read as a stream, within bounds.");

    private sealed class Received(HttpResponseMessage http) : PipelineResponseHeaders
    {
        public override bool TryGetValue(string name, [NotNullWhen(true)] out string? value)
        {
            value = TryFind(name, out var values) ? values.ToString() : null;
            return value is not null;
        }

        public override bool TryGetValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
        {
            values = TryFind(name, out var found) ? [.. found] : null;
            return values is not null;
        }

        public override IEnumerator<KeyValuePair<string, string>> GetEnumerator() => http.Headers.NonValidated
            .Concat(http.Content.Headers.NonValidated)
            .Select(header => KeyValuePair.Create(header.Key, header.Value.ToString()))
            .GetEnumerator();

        private bool TryFind(string name, out HeaderStringValues values) =>
            http.Headers.NonValidated.TryGetValues(name, out values) || http.Content.Headers.NonValidated.TryGetValues(name, out values);
    }
}
