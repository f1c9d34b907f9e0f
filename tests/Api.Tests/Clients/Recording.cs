using System.Text;
using System.Text.Json;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Clients;

/// <summary>A request as a client program sent it, with the expected outcome.</summary>
internal sealed record Recording(string Name, JsonElement Json)
{
    private static readonly string[] Credentials = ["authorization", "api-key", "x-api-key", "x-goog-api-key"];

    public string Path => Json.GetProperty("path").GetString()!;

    public JsonElement? Body => Json.TryGetProperty("body", out var body) ? body : null;

    /// <summary>Whether it is a request of Anthropic's wire.</summary>
    public bool IsMessage => Path.StartsWith("/v1/messages", StringComparison.Ordinal);

    public int Status => Json.GetProperty("expected").GetProperty("status").GetInt32();

    /// <summary>The tools that are removed under <c>drop</c>; null if none is.</summary>
    public string? Dropped => Expected("dropped");

    public static IEnumerable<Recording> All() => Directory
        .EnumerateFiles(System.IO.Path.Combine(Repository.Root, "tests/Api.Tests/Fixtures/Clients"), "*.json")
        .Order(StringComparer.Ordinal)
        .Select(file => new Recording(System.IO.Path.GetFileNameWithoutExtension(file), JsonElement.Parse(File.ReadAllText(file))));

    /// <summary>A member of the expected outcome, such as <c>code</c> or <c>param</c>; null if it is not stated.</summary>
    public string? Expected(string name) => Json.GetProperty("expected").TryGetProperty(name, out var value) ? value.GetString() : null;

    /// <summary>The request with the caller's key in the header that the client used.</summary>
    public HttpRequestMessage ToRequest(GatewayClient caller, string? body)
    {
        var request = new HttpRequestMessage(new HttpMethod(Json.GetProperty("method").GetString()!), new Uri(caller.Address, Path));
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var header in Json.GetProperty("headers").EnumerateObject().Where(header => header.Name != "content-type"))
        {
            var key = header.Name == "authorization" ? $"Bearer {caller.Credentials}" : caller.Credentials;
            request.Headers.TryAddWithoutValidation(header.Name, Credentials.Contains(header.Name) ? key : header.Value.GetString());
        }

        return request;
    }

    public override string ToString() => Name;
}
