using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;

namespace AiGateway.Infrastructure.Providers.OpenAi.Transport;

/// <summary>A request as the official client fills it in.</summary>
internal sealed class WireTransportRequest : PipelineRequest
{
    private readonly WireHeaders _headers = new();
    private string _method = "GET";
    private Uri? _uri;
    private BinaryContent? _content;

    protected override string MethodCore
    {
        get => _method;
        set => _method = value;
    }

    protected override Uri? UriCore
    {
        get => _uri;
        set => _uri = value;
    }

    protected override PipelineRequestHeaders HeadersCore => _headers;

    protected override BinaryContent? ContentCore
    {
        get => _content;
        set => _content = value;
    }

    public HttpRequestMessage ToHttp()
    {
        var request = new HttpRequestMessage(MethodOf(_method), _uri);
        if (_content is not null) request.Content = new WireContent(_content);
        foreach (var (name, value) in _headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value)) request.Content?.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    public override void Dispose() => _content?.Dispose();

    private static HttpMethod MethodOf(string method) => method == "POST" ? HttpMethod.Post : HttpMethod.Parse(method);

    private sealed class WireContent(BinaryContent content) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            content.WriteToAsync(stream, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            content.WriteToAsync(stream, cancellationToken);

        protected override bool TryComputeLength(out long length) => content.TryComputeLength(out length);
    }
}
