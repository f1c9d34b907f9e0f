using System.ClientModel;
using System.ClientModel.Primitives;
using System.Collections.Concurrent;
using AiGateway.Application.Generation;
using AiGateway.Domain;
using AiGateway.Infrastructure.Providers.OpenAi.Transport;
using Azure.AI.OpenAI;
using OpenAI;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>
/// The official client's pipeline, with its authentication, reduced to sending JSON and handing back whatever answer comes,
/// unread. The client's methods for single endpoints are left out: they make the same address anew for each call.
/// </summary>
internal sealed class OpenAiConnection : IDisposable
{
    // The client's newest stable version of Azure's API, named in every address.
    private const AzureOpenAIClientOptions.ServiceVersion AzureVersion = AzureOpenAIClientOptions.ServiceVersion.V2024_10_21;
    private const string AzureVersionName = "2024-10-21";

    private readonly HttpMessageInvoker _http = ProviderHttp.Create();
    private readonly ClientPipeline _pipeline;
    private readonly Uri _root;
    private readonly AzureOpenAiSettings? _azure;
    private readonly ConcurrentDictionary<(ModelOperation Operation, string Model), Uri> _addresses = new();

    private OpenAiConnection(string apiKey, string root, AzureOpenAiSettings? azure, Func<PipelineTransport, OpenAIClient> connect)
    {
        ApiKey = apiKey;
        _azure = azure;
        _root = new Uri(root);
        _pipeline = connect(new WireTransport(_http)).Pipeline;
    }

    /// <summary>Needed only to recognise it in a provider's message.</summary>
    public string ApiKey { get; }

    public static OpenAiConnection To(OpenAiSettings settings) => new(
        settings.ApiKey,
        $"{settings.BaseUrl.AbsoluteUri.TrimEnd('/')}/",
        azure: null,
        transport => new OpenAIClient(new ApiKeyCredential(settings.ApiKey), Configure(new OpenAIClientOptions(), transport)));

    public static OpenAiConnection To(AzureOpenAiSettings settings) => new(
        settings.ApiKey,
        $"{settings.Endpoint.AbsoluteUri.TrimEnd('/')}/openai/",
        settings,
        transport => new AzureOpenAIClient(
            settings.Endpoint, new ApiKeyCredential(settings.ApiKey), Configure(new AzureOpenAIClientOptions(AzureVersion), transport)));

    /// <summary>Azure has neither the path nor the API version of the Responses API that the pinned client knows.</summary>
    public bool Takes(ModelOperation operation) => operation != ModelOperation.Responses || _azure is null;

    /// <summary>Sends a call. The answer is returned as soon as its headers are there, whatever its status.</summary>
    public Task<WireTransportResponse> PostAsync(
        ModelOperation operation, string model, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, AddressOf(operation, model), body, cancellationToken);

    /// <summary>Asks for a stored response. Its id was checked to be a plain name.</summary>
    public Task<WireTransportResponse> AskResponseAsync(AskStoredResponse request, CancellationToken cancellationToken)
    {
        var path = $"responses/{request.Id}";
        var (method, address) = request.Action switch
        {
            StoredResponseAction.Delete => (HttpMethod.Delete, path),
            StoredResponseAction.Cancel => (HttpMethod.Post, $"{path}/cancel"),
            StoredResponseAction.InputItems => (HttpMethod.Get, $"{path}/input_items"),
            _ => (HttpMethod.Get, path),
        };
        return SendAsync(method, new Uri(_root, address + request.Query), body: null, cancellationToken);
    }

    /// <summary>Asks for the list of models, which costs nothing.</summary>
    public async Task<int> GetModelsStatusAsync(CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, Address("models"), body: null, cancellationToken);
        return response.Status;
    }

    public void Dispose() => _http.Dispose();

    private async Task<WireTransportResponse> SendAsync(
        HttpMethod method, Uri address, ReadOnlyMemory<byte>? body, CancellationToken cancellationToken)
    {
        using var message = (WireMessage)_pipeline.CreateMessage();
        message.Ask(method, address, body, cancellationToken);
        await _pipeline.SendAsync(message);
        return message.TakeAnswer();
    }

    // OpenAI reads the model from the body alone; Azure has an address for each deployment.
    private Uri AddressOf(ModelOperation operation, string model) => _addresses.GetOrAdd(
        (operation, _azure is null ? "" : _azure.Deployment ?? model),
        static (call, connection) => connection.Address(call.Model.Length == 0
            ? PathOf(call.Operation)
            : $"deployments/{Uri.EscapeDataString(call.Model)}/{PathOf(call.Operation)}"),
        this);

    private Uri Address(string path) => new(_root, _azure is null ? path : $"{path}?api-version={AzureVersionName}");

    private static string PathOf(ModelOperation operation) => operation switch
    {
        ModelOperation.Embeddings => "embeddings",
        ModelOperation.Responses => "responses",
        _ => "chat/completions",
    };

    private static T Configure<T>(T options, PipelineTransport transport)
        where T : ClientPipelineOptions
    {
        options.Transport = transport;
        options.RetryPolicy = new OneTry();
        options.NetworkTimeout = Timeout.InfiniteTimeSpan;
        options.ClientLoggingOptions = new ClientLoggingOptions { EnableLogging = false };
        options.EnableDistributedTracing = false;
        return options;
    }
}
