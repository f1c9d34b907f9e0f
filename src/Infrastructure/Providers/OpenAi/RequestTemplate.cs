using AiGateway.Application.Providers;
using AiGateway.Infrastructure.Providers.Http;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>The address and headers of a call by the official client.</summary>
/// <param name="Address">The address, API version included.</param>
/// <param name="Headers">The headers of the request, without the key and without the body's headers.</param>
internal sealed record RequestTemplate(Uri Address, KeyValuePair<string, string>[] Headers)
{
    // The key, which each call adds, and Azure's id of a single call.
    private static readonly string[] OfOneCall = ["authorization", "api-key", "x-ms-client-request-id"];

    public static RequestTemplate Of(HttpRequestMessage request) => new(
        request.RequestUri!,
        [.. request.Headers.NonValidated
            .Where(header => !OfOneCall.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
            .Select(header => KeyValuePair.Create(header.Key, header.Value.ToString()))]);

    public HttpRequestMessage ToRequest(HttpMethod method, ReadOnlyMemory<byte>? body = null, RequestAttempts? attempts = null)
    {
        var request = new HttpRequestMessage(method, Address);
        foreach (var (name, value) in Headers) request.Headers.TryAddWithoutValidation(name, value);
        if (body is { } json) request.Content = new RequestBody(json, attempts);
        return request;
    }
}
