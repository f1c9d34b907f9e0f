using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net.Http.Headers;

namespace AiGateway.Infrastructure.Providers.OpenAi.Transport;

/// <summary>A request as the adapter begins it and the official client's policies complete it.</summary>
internal sealed class WireTransportRequest : PipelineRequest
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly WireHeaders _headers;

    public WireTransportRequest() => _headers = new WireHeaders(Http.Headers);

    public HttpRequestMessage Http { get; } = new();

    protected override string MethodCore
    {
        get => Http.Method.Method;
        set => Http.Method = HttpMethod.Parse(value);
    }

    protected override Uri? UriCore
    {
        get => Http.RequestUri;
        set => Http.RequestUri = value;
    }

    protected override PipelineRequestHeaders HeadersCore => _headers;

    protected override BinaryContent? ContentCore
    {
        get => null;
        set => throw new NotSupportedException("The body is the adapter's own.");
    }

    public void Ask(HttpMethod method, Uri address, ReadOnlyMemory<byte>? body)
    {
        Http.Method = method;
        Http.RequestUri = address;
        if (body is not { } json) return;
        Http.Content = new ReadOnlyMemoryContent(json);
        Http.Content.Headers.ContentType = Json;
    }

    public override void Dispose() => Http.Dispose();
}
