using Microsoft.AspNetCore.Http.Features;

namespace AiGateway.Api.Http;

/// <summary>The id and the arrival time of a request.</summary>
/// <param name="Id">UUIDv7; also <c>x-request-id</c>, the trace identifier of log lines, and the key of the usage record.</param>
/// <param name="ReceivedAt">The arrival time, which selects prices and periods.</param>
internal sealed record RequestIdentity(Guid Id, DateTimeOffset ReceivedAt);

/// <summary>The identity of a request.</summary>
internal static class RequestIdentityOfContext
{
    /// <summary>The request's id and arrival time.</summary>
    public static RequestIdentity Identity(this HttpContext context) => context.Features.GetRequiredFeature<RequestIdentity>();
}
