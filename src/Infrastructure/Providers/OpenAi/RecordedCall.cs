using AiGateway.Application.Generation;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>Where the official client would send a call, and with which headers.</summary>
/// <param name="Address">The address, API version included.</param>
/// <param name="Headers">Those of the request, the key among them; not those that describe the body.</param>
internal sealed record RecordedCall(Uri Address, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    // Azure's name for a single call, new each time.
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
