using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>
/// Replaces the network of the official client and records what the client would send. Address, authentication and headers
/// of an endpoint are the same for every call. They are recorded once, so requests avoid the cost of the client's pipeline.
/// </summary>
internal sealed class ClientRecorder : HttpMessageHandler
{
    private readonly Lock _gate = new();
    private RecordedCall? _last;

    /// <summary>Makes the client call without sending anything.</summary>
    /// <param name="call">Calls one of its protocol methods with the given arguments.</param>
    public RecordedCall Record(Action<BinaryContent, RequestOptions> call)
    {
        using var nothing = BinaryContent.Create(BinaryData.FromString("{}"));
        lock (_gate)
        {
            call(nothing, new RequestOptions { ErrorOptions = ClientErrorBehaviors.NoThrow });
            return _last!;
        }
    }

    /// <summary>Makes a client send here, and only here.</summary>
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
