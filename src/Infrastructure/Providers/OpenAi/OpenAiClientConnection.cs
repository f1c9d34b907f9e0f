using System.ClientModel;
using System.Collections.Concurrent;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using AiGateway.Application.StoredResponses;
using AiGateway.Domain;
using AiGateway.Infrastructure.Providers.Http;
using Azure.AI.OpenAI;
using OpenAI;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>Sends JSON as the official client would, and returns the answer unread.</summary>
internal sealed class OpenAiClientConnection : IDisposable
{
    // The client's newest stable version of Azure's API; the list of models needs it in its address.
    private const AzureOpenAIClientOptions.ServiceVersion AzureVersion = AzureOpenAIClientOptions.ServiceVersion.V2024_10_21;
    private const string AzureVersionName = "2024-10-21";
    private const string AnyModel = "any";

    /// <summary>The domains of OpenAI's regions and Azure's resources.</summary>
    private static readonly string[] OpenAiHosts = ["api.openai.com", ".openai.azure.com"];

    private readonly HttpMessageInvoker _http = ProviderHttp.Create(EnvironmentProxy.From(Environment.GetEnvironmentVariable));
    private readonly SdkRequestCapture _recorder = new();
    private readonly OpenAIClient _client;
    private readonly Uri _root;
    private readonly AzureOpenAiSettings? _azure;
    private readonly ConcurrentDictionary<(ModelOperation Operation, string Model), RequestTemplate> _calls = new();

    private OpenAiClientConnection(string apiKey, string root, AzureOpenAiSettings? azure, Func<SdkRequestCapture, OpenAIClient> connect)
    {
        ApiKey = apiKey;
        (_root, _azure) = (new Uri(root), azure);
        var isOpenAi = azure is not null || OpenAiHosts.Any(host => _root.Host.EndsWith(host, StringComparison.OrdinalIgnoreCase));
        Profile = isOpenAi ? OpenAiProfile.OpenAi : OpenAiProfile.Compatible;
        _client = connect(_recorder);
    }

    /// <summary>Used only to remove it from a provider's message.</summary>
    public string ApiKey { get; }

    /// <summary>How the server departs from OpenAI's wire.</summary>
    public OpenAiProfile Profile { get; }

    public static OpenAiClientConnection To(OpenAiSettings settings) => new(
        settings.ApiKey,
        $"{settings.BaseUrl.AbsoluteUri.TrimEnd('/')}/",
        azure: null,
        recorder => new OpenAIClient(
            new ApiKeyCredential(settings.ApiKey), recorder.Configure(new OpenAIClientOptions { Endpoint = settings.BaseUrl })));

    public static OpenAiClientConnection To(AzureOpenAiSettings settings) => new(
        settings.ApiKey,
        $"{settings.Endpoint.AbsoluteUri.TrimEnd('/')}/openai/",
        settings,
        recorder => new AzureOpenAIClient(
            settings.Endpoint, new ApiKeyCredential(settings.ApiKey), recorder.Configure(new AzureOpenAIClientOptions(AzureVersion))));

    /// <summary>Azure differs from the pinned client in the path and the API version of the Responses API.</summary>
    public bool Supports(ModelOperation operation) => operation != ModelOperation.Responses || _azure is null;

    /// <summary>A request to generate, as the official client would make it.</summary>
    public HttpRequestMessage NewRequest(ModelCall call, ReadOnlyMemory<byte> body) =>
        CallOf(call.Request.Operation, call.Model.Model).ToRequest(HttpMethod.Post, body, call.Attempts);

    /// <summary>A request for a stored response. Its id was checked to be a plain name.</summary>
    public HttpRequestMessage NewRequest(AskStoredResponse request)
    {
        var path = $"responses/{request.Id}";
        var (method, address) = request.Action switch
        {
            StoredResponseAction.Delete => (HttpMethod.Delete, path),
            StoredResponseAction.Cancel => (HttpMethod.Post, $"{path}/cancel"),
            StoredResponseAction.InputItems => (HttpMethod.Get, $"{path}/input_items"),
            _ => (HttpMethod.Get, path),
        };
        return Unlisted(address + request.Query).ToRequest(method);
    }

    /// <summary>
    /// Sends a request. The answer is returned as soon as its headers are there, whatever its status. The request holds
    /// nothing but bytes, so there is nothing to dispose of.
    /// </summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _http.SendAsync(request, cancellationToken);

    /// <summary>Asks for the list of models, which costs nothing.</summary>
    public async Task<int> GetModelsStatusAsync(CancellationToken cancellationToken)
    {
        var call = Unlisted(_azure is null ? "models" : $"models?api-version={AzureVersionName}");
        using var response = await SendAsync(call.ToRequest(HttpMethod.Get), cancellationToken);
        return (int)response.StatusCode;
    }

    public void Dispose()
    {
        _http.Dispose();
        _recorder.Dispose();
    }

    // OpenAI reads the model from the body alone; Azure has an address for each deployment.
    private RequestTemplate CallOf(ModelOperation operation, string model) => _calls.GetOrAdd(
        (operation, _azure is null ? AnyModel : _azure.Deployment ?? model),
        static (call, connection) => connection.Record(call.Operation, call.Model),
        this);

    private RequestTemplate Record(ModelOperation operation, string model) => operation switch
    {
        ModelOperation.Responses => Unlisted("responses"),
        ModelOperation.Embeddings => _recorder.Record((body, options) => _client.GetEmbeddingClient(model).GenerateEmbeddings(body, options)),
        _ => _recorder.Record((body, options) => _client.GetChatClient(model).CompleteChat(body, options)),
    };

    // Endpoints without a method in the pinned client use its headers too.
    private RequestTemplate Unlisted(string address) => CallOf(ModelOperation.Chat, AnyModel) with { Address = new Uri(_root, address) };
}
