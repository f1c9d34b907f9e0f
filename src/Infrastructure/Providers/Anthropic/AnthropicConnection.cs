using AiGateway.Application.Providers;
using AiGateway.Infrastructure.Providers.Exchange;
using AiGateway.Infrastructure.Providers.Http;

namespace AiGateway.Infrastructure.Providers.Anthropic;

/// <summary>Sends JSON to a server with Anthropic's wire, and returns the answer unread.</summary>
internal sealed class AnthropicConnection(ProviderAccount account) : IProviderConnection
{
    private const string Version = "anthropic-version";

    // Older models may keep their sampling members with this version.
    private const string DefaultVersion = "2023-06-01";

    private readonly AccountHttp _http = new(account);
    private readonly string _root = account.BaseUrl.AbsoluteUri.TrimEnd('/');

    public ProviderAccount Account => account;

    public string ApiKey => _http.ApiKey;

    /// <summary>A request with a body.</summary>
    /// <param name="path">The address after the account's, such as <c>v1/messages</c>.</param>
    /// <param name="body">The JSON.</param>
    /// <param name="headers">The client's headers of the wire.</param>
    /// <param name="attempts">Where the sending is noted; null: nowhere.</param>
    public HttpRequestMessage NewRequest(
        string path, ReadOnlyMemory<byte> body, IReadOnlyList<KeyValuePair<string, string>> headers, RequestAttempts? attempts)
    {
        var request = NewRequest(HttpMethod.Post, path, headers);
        request.Content = new RequestBody(body, attempts);
        return request;
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _http.SendAsync(request, cancellationToken);

    public async Task<int> GetModelsStatusAsync(CancellationToken cancellationToken)
    {
        using var response = await SendAsync(NewRequest(HttpMethod.Get, "v1/models", []), cancellationToken);
        return (int)response.StatusCode;
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage NewRequest(HttpMethod method, string path, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        var request = new HttpRequestMessage(method, $"{_root}/{path}");
        var hasVersion = false;
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
            hasVersion |= name.Equals(Version, StringComparison.OrdinalIgnoreCase);
        }

        if (!hasVersion) request.Headers.TryAddWithoutValidation(Version, DefaultVersion);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        return request;
    }
}
