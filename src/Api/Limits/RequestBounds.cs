namespace AiGateway.Api.Limits;

/// <summary>Bounds of what requests use of this process.</summary>
/// <param name="MaxBodyBytes">Largest body, after decompression; bytes.</param>
/// <param name="BodyTimeout">Time in which a whole body must arrive.</param>
/// <param name="BodyBytesInFlight">Most bytes of all bodies in progress.</param>
/// <param name="BodyBytesOfAUser">Most bytes of one user's bodies in progress.</param>
/// <param name="Concurrent">Most requests of one user at once.</param>
internal sealed record RequestBounds(long MaxBodyBytes, TimeSpan BodyTimeout, long BodyBytesInFlight, long BodyBytesOfAUser, int Concurrent);
