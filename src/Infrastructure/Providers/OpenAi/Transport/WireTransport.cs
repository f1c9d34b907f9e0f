using System.ClientModel.Primitives;

namespace AiGateway.Infrastructure.Providers.OpenAi.Transport;

/// <summary>
/// Carries the official client's messages over HTTP. The client's own transport copies every header and wraps every call
/// once more than needed; this one does what the adapter relies on and nothing else.
/// </summary>
internal sealed class WireTransport(HttpMessageInvoker http) : PipelineTransport(enableLogging: false, loggerFactory: null)
{
    protected override PipelineMessage CreateMessageCore() => new WireMessage(new WireTransportRequest());

    protected override void ProcessCore(PipelineMessage message) =>
        throw new NotSupportedException("The adapter never blocks a thread on a provider.");

    protected override async ValueTask ProcessCoreAsync(PipelineMessage message)
    {
        var call = (WireMessage)message;
        var response = await http.SendAsync(call.Wire.Http, message.CancellationToken);
        try
        {
            // It waits for nothing: what has not come yet is read from the stream.
            call.Answer(new WireTransportResponse(response, response.Content.ReadAsStream(message.CancellationToken)));
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
