using System.Text;
using System.Text.Json;
using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.SignIn;

/// <summary>A browser at the console: it keeps the cookies, and sends what the console's own script sends.</summary>
/// <param name="gateway">A client of the gateway without a key.</param>
internal sealed class ConsoleBrowser(GatewayClient gateway)
{
    public const string Session = "/console/session";

    private readonly Dictionary<string, string> _cookies = [];

    public IReadOnlyDictionary<string, string> Cookies => _cookies;

    /// <summary>The host in the address bar; null: the gateway's.</summary>
    public string? Host { get; init; }

    /// <summary>Signs in, and expects success.</summary>
    public async Task<Reply> SignInAsync(string key) => (await SendAsync(HttpMethod.Post, Session, new { key })).Expect(204);

    public Task<Reply> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public async Task<JsonElement> SessionAsync() => (await GetAsync(Session)).Expect(200).Json;

    /// <summary>The session in another browser, such as one that is sent to another gateway.</summary>
    public ConsoleBrowser At(GatewayClient other)
    {
        var browser = new ConsoleBrowser(other) { Host = Host };
        foreach (var (name, value) in _cookies) browser._cookies[name] = value;
        return browser;
    }

    /// <param name="method">The method.</param>
    /// <param name="path">The path.</param>
    /// <param name="body">The body; null: none.</param>
    /// <param name="headers">Headers that differ from those of the console; an empty value leaves one out.</param>
    public async Task<Reply> SendAsync(HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        var request = gateway.Request(method, path);
        if (body is not null) request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        if (Host is not null) request.Headers.Host = Host;
        if (_cookies.Count > 0) request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(each => $"{each.Key}={each.Value}")));
        foreach (var (name, value) in headers.Append(("x-requested-with", "aigateway-console")).DistinctBy(each => each.Item1))
        {
            if (value.Length > 0) request.Headers.TryAddWithoutValidation(name, value);
        }

        var reply = await gateway.SendAsync(request);
        Keep(reply.Header("set-cookie"));
        return reply;
    }

    // The dates of cookies contain commas, but no equals sign follows them.
    private void Keep(string? cookies)
    {
        foreach (var cookie in cookies?.Split(',').Where(part => part.Contains('=') && !part.StartsWith(' ')) ?? [])
        {
            var (name, value) = (cookie[..cookie.IndexOf('=')], cookie[(cookie.IndexOf('=') + 1)..].Split(';')[0]);
            if (value.Length == 0) _cookies.Remove(name);
            else _cookies[name] = value;
        }
    }
}
