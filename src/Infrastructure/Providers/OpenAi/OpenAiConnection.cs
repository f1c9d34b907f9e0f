using System.ClientModel;
using System.ClientModel.Primitives;
using System.Collections.Concurrent;
using System.Globalization;
using Azure.AI.OpenAI;
using OpenAI;
using OpenAI.Chat;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>The official client, reduced to sending JSON and handing back whatever answer comes, unread.</summary>
internal sealed class OpenAiConnection : IDisposable
{
    // The client's newest stable version of Azure's API; the list of models needs it in its address.
    private const AzureOpenAIClientOptions.ServiceVersion AzureVersion = AzureOpenAIClientOptions.ServiceVersion.V2024_10_21;
    private const string AzureVersionName = "2024-10-21";

    private readonly HttpClient _http;
    private readonly HttpClientPipelineTransport _transport;
    private readonly Func<string, ChatClient> _chatFor;
    private readonly Uri _modelsUri;

    private OpenAiConnection(string apiKey, Uri modelsUri, Func<HttpClientPipelineTransport, Func<string, ChatClient>> connect)
    {
        ApiKey = apiKey;
        _modelsUri = modelsUri;
        _http = ProviderTransport.Create();
        _transport = new HttpClientPipelineTransport(_http, enableLogging: false, loggerFactory: null);
        _chatFor = connect(_transport);
    }

    /// <summary>Needed only to recognise it in a provider's message.</summary>
    public string ApiKey { get; }

    public static OpenAiConnection To(OpenAiSettings settings) => new(
        settings.ApiKey,
        new Uri($"{settings.BaseUrl.AbsoluteUri.TrimEnd('/')}/models"),
        transport =>
        {
            var options = Configure(new OpenAIClientOptions { Endpoint = settings.BaseUrl }, transport);

            // The model is read from the body alone, so that one client serves all.
            var chat = new ChatClient("any", new ApiKeyCredential(settings.ApiKey), options);
            return _ => chat;
        });

    public static OpenAiConnection To(AzureOpenAiSettings settings) => new(
        settings.ApiKey,
        new Uri($"{settings.Endpoint.AbsoluteUri.TrimEnd('/')}/openai/models?api-version={AzureVersionName}"),
        transport =>
        {
            var options = Configure(new AzureOpenAIClientOptions(AzureVersion), transport);
            var client = new AzureOpenAIClient(settings.Endpoint, new ApiKeyCredential(settings.ApiKey), options);
            var byDeployment = new ConcurrentDictionary<string, ChatClient>(StringComparer.Ordinal);
            return model => byDeployment.GetOrAdd(settings.Deployment ?? model, client.GetChatClient);
        });

    /// <summary>Azure has neither the path nor the API version of the Responses API that the pinned client knows.</summary>
    public bool Takes(ModelOperation operation) => operation != ModelOperation.Responses || !_isAzure;

    /// <summary>Sends a chat completion. The answer is returned as soon as its headers are there, whatever its status.</summary>
    public async Task<PipelineResponse> PostChatAsync(string model, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var content = BinaryContent.Create(BinaryData.FromBytes(body));
        var result = await _chatFor(model).CompleteChatAsync(content, Unread(cancellationToken));
        return result.GetRawResponse();
    }

    /// <summary>Asks for the list of models, which costs nothing.</summary>
    public async Task<int> GetModelsStatusAsync(CancellationToken cancellationToken)
    {
        var pipeline = _chatFor("any").Pipeline;
        using var message = pipeline.CreateMessage();
        message.Request.Method = "GET";
        message.Request.Uri = _modelsUri;
        message.Apply(Unread(cancellationToken));
        await pipeline.SendAsync(message);
        return message.Response!.Status;
    }

    /// <summary>The length that the answer states, if it does.</summary>
    public static long? StatedLength(PipelineResponse response) =>
        response.Headers.TryGetValue("content-length", out var value)
        && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? length
            : null;

    public void Dispose()
    {
        _transport.Dispose();
        _http.Dispose();
    }

    private static RequestOptions Unread(CancellationToken cancellationToken) => new()
    {
        CancellationToken = cancellationToken,
        ErrorOptions = ClientErrorBehaviors.NoThrow,
        BufferResponse = false,
    };

    private static T Configure<T>(T options, HttpClientPipelineTransport transport)
        where T : ClientPipelineOptions
    {
        options.Transport = transport;
        options.RetryPolicy = new ClientRetryPolicy(0);
        options.NetworkTimeout = Timeout.InfiniteTimeSpan;
        options.ClientLoggingOptions = new ClientLoggingOptions { EnableLogging = false };
        options.EnableDistributedTracing = false;
        return options;
    }
}
