using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>
/// Stands where the official client would reach the network, and notes what it would send there. Address, authentication and
/// headers of an endpoint are the client's affair but the same for every call: they are learnt from it once, so that a
/// request does not pay for its pipeline.
/// </summary>
internal sealed class ClientRecorder : HttpMessageHandler
{
    private readonly Lock _gate = new();
    private RecordedCall? _last;

    /// <summary>Has the client call into the void.</summary>
    /// <param name="call">Calls one of its protocol methods with what it is given.</param>
    public RecordedCall Record(Action<BinaryContent, RequestOptions> call)
    {
        using var nothing = BinaryContent.Create(BinaryData.FromString("{}"));
        lock (_gate)
        {
            call(nothing, new RequestOptions { ErrorOptions = ClientErrorBehaviors.NoThrow });
            return _last!;
        }
    }

    /// <summary>Lets a client send here, and only here.</summary>
    public T Configure<T>(T options)
        where T : ClientPipelineOptions
    {
        options.Transport = new HttpClientPipelineTransport(new HttpClient(this, disposeHandler: false));
        options.RetryPolicy = new ClientRetryPolicy(maxRetries: 0);
        options.ClientLoggingOptions = new ClientLoggingOptions { EnableLogging = false };
        options.EnableDistributedTracing = false;
        return options;
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _last = RecordedCall.Of(request);
        return new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request };
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(Send(request, cancellationToken));
}
