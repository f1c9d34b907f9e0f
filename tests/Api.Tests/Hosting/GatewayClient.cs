using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace AiGateway.Api.Tests.Hosting;

/// <summary>One caller of a gateway, over real HTTP.</summary>
/// <param name="address">Where the gateway listens.</param>
/// <param name="credentials">Key or token; null for none.</param>
internal sealed class GatewayClient(Uri address, string? credentials)
{
    private static readonly HttpClient Shared = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(60),
    };

    private readonly HttpClient _http = Shared;

    public Uri Address => address;

    public string? Credentials => credentials;

    /// <summary>A client of the same gateway with other credentials.</summary>
    public GatewayClient As(string? otherCredentials) => new(address, otherCredentials);

    public Task<Reply> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Reply> PostAsync(string path, object body) => SendAsync(HttpMethod.Post, path, body);

    public Task<Reply> PutAsync(string path, object body) => SendAsync(HttpMethod.Put, path, body);

    public Task<Reply> PatchAsync(string path, object body) => SendAsync(HttpMethod.Patch, path, body);

    public Task<Reply> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    /// <summary>Sends JSON: a string as it stands, any other value serialized.</summary>
    public Task<Reply> SendAsync(HttpMethod method, string path, object? body = null)
    {
        var request = Request(method, path);
        if (body is not null)
            request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        return SendAsync(request);
    }

    public async Task<Reply> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken = default)
    {
        using (request) return await Reply.ReadAsync(await _http.SendAsync(request, cancellationToken));
    }

    /// <summary>A request with the caller's credentials.</summary>
    public HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(address, path));
        if (credentials is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credentials);
        return request;
    }
}
