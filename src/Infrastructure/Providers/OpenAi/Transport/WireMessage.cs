using System.ClientModel.Primitives;

namespace AiGateway.Infrastructure.Providers.OpenAi.Transport;

/// <summary>One call on its way through the official client's pipeline.</summary>
internal sealed class WireMessage : PipelineMessage
{
    public WireMessage(WireTransportRequest request)
        : base(request)
    {
        Wire = request;
        BufferResponse = false;
    }

    public WireTransportRequest Wire { get; }

    public void Ask(HttpMethod method, Uri address, ReadOnlyMemory<byte>? body, CancellationToken cancellationToken)
    {
        Wire.Ask(method, address, body);
        CancellationToken = cancellationToken;
    }

    public void Answer(WireTransportResponse response) => Response = response;

    /// <summary>The answer, which is the taker's to dispose from here on.</summary>
    public WireTransportResponse TakeAnswer() => (WireTransportResponse)ExtractResponse()!;
}
