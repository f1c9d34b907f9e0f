using AiGateway.Application.Generation;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>The address and headers of a call by the official client.</summary>
/// <param name="Address">The address, API version included.</param>
/// <param name="Headers">The headers of the request, the key among them; not the body's headers.</param>
internal sealed record RecordedCall(Uri Address, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    // Azure's id of a single call, different for every call.
    private const string NameOfOneCall = "x-ms-client-request-id";

    public static RecordedCall Of(HttpRequestMessage request) => new(
        request.RequestUri!,
        [.. request.Headers.NonValidated
            .Where(header => !header.Key.Equals(NameOfOneCall, StringComparison.OrdinalIgnoreCase))
            .Select(header => KeyValuePair.Create(header.Key, header.Value.ToString()))]);

    public HttpRequestMessage ToRequest(HttpMethod method, ReadOnlyMemory<byte>? body = null, RequestAttempts? attempts = null)
    {
        var request = new HttpRequestMessage(method, Address);
        foreach (var (name, value) in Headers) request.Headers.TryAddWithoutValidation(name, value);
        if (body is { } json) request.Content = new RequestBody(json, attempts);
        return request;
    }
}
