using System.ClientModel;
using System.ClientModel.Primitives;
using System.Collections.Concurrent;
using System.Globalization;
using AiGateway.Application.Generation;
using AiGateway.Domain;
using AiGateway.Infrastructure.Providers.OpenAi.Transport;
using Azure.AI.OpenAI;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>The official client, reduced to sending JSON and handing back whatever answer comes, unread.</summary>
internal sealed class OpenAiConnection : IDisposable
{
    // The client's newest stable version of Azure's API; the list of models needs it in its address.
    private const AzureOpenAIClientOptions.ServiceVersion AzureVersion = AzureOpenAIClientOptions.ServiceVersion.V2024_10_21;
    private const string AzureVersionName = "2024-10-21";
    private const string AnyModel = "any";

    private readonly HttpMessageInvoker _http;
    private readonly Uri _root;
    private readonly string _query;
    private readonly bool _isAzure;
    private readonly Func<string, Clients> _clientsFor;

    private OpenAiConnection(string apiKey, Uri root, string query, Func<PipelineTransport, Func<string, Clients>> connect)
    {
        ApiKey = apiKey;
        (_root, _query, _isAzure) = (root, query, query.Length > 0);
        _http = ProviderHttp.Create();
        _clientsFor = connect(new WireTransport(_http));
    }

    /// <summary>Needed only to recognise it in a provider's message.</summary>
    public string ApiKey { get; }

    public static OpenAiConnection To(OpenAiSettings settings) => new(
        settings.ApiKey,
        new Uri($"{settings.BaseUrl.AbsoluteUri.TrimEnd('/')}/"),
        query: "",
        transport =>
        {
            var options = Configure(new OpenAIClientOptions { Endpoint = settings.BaseUrl }, transport);

            // The model is read from the body alone, so that one pair of clients serves all.
            var key = new ApiKeyCredential(settings.ApiKey);
            var clients = new Clients(new ChatClient(AnyModel, key, options), new EmbeddingClient(AnyModel, key, options));
            return _ => clients;
        });

    public static OpenAiConnection To(AzureOpenAiSettings settings) => new(
        settings.ApiKey,
        new Uri($"{settings.Endpoint.AbsoluteUri.TrimEnd('/')}/openai/"),
        query: $"?api-version={AzureVersionName}",
        transport =>
        {
            var options = Configure(new AzureOpenAIClientOptions(AzureVersion), transport);
            var client = new AzureOpenAIClient(settings.Endpoint, new ApiKeyCredential(settings.ApiKey), options);
            var byDeployment = new ConcurrentDictionary<string, Clients>(StringComparer.Ordinal);
            return model => byDeployment.GetOrAdd(
                settings.Deployment ?? model, name => new Clients(client.GetChatClient(name), client.GetEmbeddingClient(name)));
        });

    /// <summary>Azure has neither the path nor the API version of the Responses API that the pinned client knows.</summary>
    public bool Takes(ModelOperation operation) => operation != ModelOperation.Responses || !_isAzure;

    /// <summary>Sends a call. The answer is returned as soon as its headers are there, whatever its status.</summary>
    public async Task<PipelineResponse> PostAsync(
        ModelOperation operation, string model, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var content = BinaryContent.Create(BinaryData.FromBytes(body));
        if (operation == ModelOperation.Responses) return await SendAsync("POST", "responses", "", content, cancellationToken);
        var clients = _clientsFor(model);
        var result = operation == ModelOperation.Embeddings
            ? await clients.Embeddings.GenerateEmbeddingsAsync(content, Unread(cancellationToken))
            : await clients.Chat.CompleteChatAsync(content, Unread(cancellationToken));
        return result.GetRawResponse();
    }

    /// <summary>Asks for a stored response. Its id was checked to be a plain name.</summary>
    public Task<PipelineResponse> AskResponseAsync(AskStoredResponse request, CancellationToken cancellationToken)
    {
        var path = $"responses/{request.Id}";
        return request.Action switch
        {
            StoredResponseAction.Delete => SendAsync("DELETE", path, request.Query, null, cancellationToken),
            StoredResponseAction.Cancel => SendAsync("POST", $"{path}/cancel", request.Query, null, cancellationToken),
            StoredResponseAction.InputItems => SendAsync("GET", $"{path}/input_items", request.Query, null, cancellationToken),
            _ => SendAsync("GET", path, request.Query, null, cancellationToken),
        };
    }

    /// <summary>Asks for the list of models, which costs nothing.</summary>
    public async Task<int> GetModelsStatusAsync(CancellationToken cancellationToken)
    {
        using var response = await SendAsync("GET", "models", _query, null, cancellationToken);
        return response.Status;
    }

    // For paths that the pinned client has no method for: its pipeline all the same, with its key and its transport.
    private async Task<PipelineResponse> SendAsync(
        string method, string path, string query, BinaryContent? content, CancellationToken cancellationToken)
    {
        var pipeline = _clientsFor(AnyModel).Chat.Pipeline;
        using var message = pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri = new Uri(_root, path + query);
        message.Request.Content = content;
        if (content is not null) message.Request.Headers.Set("content-type", "application/json");
        message.Apply(Unread(cancellationToken));
        await pipeline.SendAsync(message);
        return message.ExtractResponse()!;
    }

    /// <summary>The length that the answer states, if it does.</summary>
    public static long? StatedLength(PipelineResponse response) =>
        response.Headers.TryGetValue("content-length", out var value)
        && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? length
            : null;

    public void Dispose() => _http.Dispose();

    private static RequestOptions Unread(CancellationToken cancellationToken) => new()
    {
        CancellationToken = cancellationToken,
        ErrorOptions = ClientErrorBehaviors.NoThrow,
        BufferResponse = false,
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

    /// <summary>The official client's two halves for one deployment.</summary>
    private sealed record Clients(ChatClient Chat, EmbeddingClient Embeddings);
}
