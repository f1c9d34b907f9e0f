namespace AiGateway.Api.Door;

/// <summary>What every request gets at the door: its id and the instant of its arrival.</summary>
/// <param name="Id">UUIDv7; also <c>x-request-id</c>, the trace identifier of log lines, and the key in the books.</param>
/// <param name="ReceivedAt">The instant whose prices and periods the request follows.</param>
internal sealed record RequestTicket(Guid Id, DateTimeOffset ReceivedAt);
