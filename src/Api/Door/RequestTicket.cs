namespace AiGateway.Api.Door;

/// <summary>The id and the arrival time of a request.</summary>
/// <param name="Id">UUIDv7; also <c>x-request-id</c>, the trace identifier of log lines, and the key of the usage record.</param>
/// <param name="ReceivedAt">The arrival time, which selects prices and periods.</param>
internal sealed record RequestTicket(Guid Id, DateTimeOffset ReceivedAt);
