using System.Text.Json;

namespace AiGateway.Api.Tests.Hosting;

/// <summary>A reply of the gateway.</summary>
internal sealed class Reply(int status, IReadOnlyDictionary<string, string> headers, string text)
{
    private readonly Lazy<JsonElement> _json = new(() => JsonElement.Parse(text));

    public int Status => status;

    public string Text => text;

    public JsonElement Json => _json.Value;

    /// <summary>The native API's error code.</summary>
    public string? Code => Json.TryGetProperty("code", out var code) ? code.GetString() : null;

    public Guid RequestId => Guid.Parse(Header("x-request-id")!);

    /// <summary>All headers, with names in lower case.</summary>
    public IReadOnlyDictionary<string, string> Headers => headers;

    public string? Header(string name) => headers.GetValueOrDefault(name.ToLowerInvariant());

    /// <summary>Asserts the status, and returns this reply.</summary>
    public Reply Expect(int expected)
    {
        Assert.That(status, Is.EqualTo(expected), text);
        return this;
    }

    /// <summary>Asserts a failure of the native API, and returns this reply.</summary>
    public Reply Expect(int expected, string code)
    {
        Assert.That((status, Code), Is.EqualTo((expected, code)), text);
        return this;
    }

    public static async Task<Reply> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var headers = response.Headers.Concat(response.Content.Headers)
                .ToDictionary(header => header.Key.ToLowerInvariant(), header => string.Join(",", header.Value), StringComparer.Ordinal);
            return new Reply((int)response.StatusCode, headers, await response.Content.ReadAsStringAsync());
        }
    }
}
