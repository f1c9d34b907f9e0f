using System.Net;
using System.Net.Http.Headers;
using AiGateway.Application.Generation;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>
/// The JSON body of a call. It notes when the connection takes it: before that the provider cannot bill the call, afterwards
/// it may.
/// </summary>
internal sealed class RequestBody : HttpContent
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly ReadOnlyMemory<byte> _json;
    private readonly RequestAttempts? _attempts;

    public RequestBody(ReadOnlyMemory<byte> json, RequestAttempts? attempts)
    {
        (_json, _attempts) = (json, attempts);
        Headers.ContentType = Json;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _attempts?.MarkSent();
        return stream.WriteAsync(_json, cancellationToken).AsTask();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _json.Length;
        return true;
    }
}
