using System.ClientModel;
using System.Collections.Concurrent;
using AiGateway.Application.Providers;
using AiGateway.Application.StoredResponses;
using AiGateway.Domain;
using AiGateway.Infrastructure.Providers.Exchange;
using Azure.AI.OpenAI;
using OpenAI;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>Sends JSON as the official client would, and returns the answer unread.</summary>
internal sealed class OpenAiClientConnection : IProviderConnection
{
    // Any version of the client: the address gets the account's version.
    private const AzureOpenAIClientOptions.ServiceVersion AzureVersion = AzureOpenAIClientOptions.ServiceVersion.V2024_10_21;
    private const string AzureVersionName = "2024-10-21";
    private const string AnyModel = "any";

    // The client needs a key to write a request. Its header is replaced by the account's.
    private static readonly ApiKeyCredential NoKey = new("none");

    private readonly AccountHttp _http;
    private readonly SdkRequestCapture _recorder = new();
    private readonly OpenAIClient _client;
    private readonly ProviderAccount _account;
    private readonly Uri _root;
    private readonly ConcurrentDictionary<(ModelOperation Operation, string Model), RequestTemplate> _calls = new();

    public OpenAiClientConnection(ProviderAccount account)
    {
        _account = account;
        _http = new AccountHttp(account);
        var address = account.BaseUrl.AbsoluteUri.TrimEnd('/');
        _root = new Uri(IsDated ? $"{address}/openai/" : $"{address}/");
        _client = IsDated
            ? new AzureOpenAIClient(account.BaseUrl, NoKey, _recorder.Configure(new AzureOpenAIClientOptions(AzureVersion)))
            : new OpenAIClient(NoKey, _recorder.Configure(new OpenAIClientOptions
            {
                Endpoint = account.BaseUrl,
                OrganizationId = account.Organization,
                ProjectId = account.Project,
            }));
    }

    public ProviderAccount Account => _account;

    public string ApiKey => _http.ApiKey;

    private bool IsDated => _account.AzureApiVersion is not null;

    /// <summary>A request to generate, as the official client would make it.</summary>
    public HttpRequestMessage NewRequest(ModelCall call, ReadOnlyMemory<byte> body) =>
        CallOf(call.Request.Operation, call.SentModel).ToRequest(HttpMethod.Post, body, call.Attempts);

    /// <summary>A request for a stored response. Its id was checked to be a plain name.</summary>
    public HttpRequestMessage NewRequest(AskStoredResponse request)
    {
        var path = $"{Responses}/{request.Id}";
        var (method, address) = request.Action switch
        {
            StoredResponseAction.Delete => (HttpMethod.Delete, path),
            StoredResponseAction.Cancel => (HttpMethod.Post, $"{path}/cancel"),
            StoredResponseAction.InputItems => (HttpMethod.Get, $"{path}/input_items"),
            _ => (HttpMethod.Get, path),
        };
        return Unlisted(address + request.Query).ToRequest(method);
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _http.SendAsync(request, cancellationToken);

    public async Task<int> GetModelsStatusAsync(CancellationToken cancellationToken)
    {
        var call = Unlisted(IsDated ? $"models?api-version={_account.AzureApiVersion}" : "models");
        using var response = await SendAsync(call.ToRequest(HttpMethod.Get), cancellationToken);
        return (int)response.StatusCode;
    }

    public void Dispose()
    {
        _http.Dispose();
        _recorder.Dispose();
    }

    // Azure serves the Responses API at the addresses without a version.
    private string Responses => IsDated ? "v1/responses" : "responses";

    // OpenAI reads the model from the body alone; Azure's dated API has an address for each deployment.
    private RequestTemplate CallOf(ModelOperation operation, string model) => _calls.GetOrAdd(
        (operation, IsDated ? model : AnyModel),
        static (call, connection) => connection.Record(call.Operation, call.Model),
        this);

    private RequestTemplate Record(ModelOperation operation, string model) => operation switch
    {
        ModelOperation.Responses => Unlisted(Responses),
        ModelOperation.Embeddings => Dated(_recorder.Record((body, options) => _client.GetEmbeddingClient(model).GenerateEmbeddings(body, options))),
        _ => Dated(_recorder.Record((body, options) => _client.GetChatClient(model).CompleteChat(body, options))),
    };

    private RequestTemplate Dated(RequestTemplate call) => _account.AzureApiVersion is null or AzureVersionName
        ? call
        : call with { Address = new Uri(call.Address.AbsoluteUri.Replace(AzureVersionName, _account.AzureApiVersion, StringComparison.Ordinal)) };

    // Endpoints without a method in the pinned client use its headers too.
    private RequestTemplate Unlisted(string address) => CallOf(ModelOperation.Chat, AnyModel) with { Address = new Uri(_root, address) };
}
