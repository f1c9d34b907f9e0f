namespace AiGateway.Api.Limits;

/// <summary>What requests may take of this process.</summary>
/// <param name="MaxBodyBytes">Largest body, after decompression; bytes.</param>
/// <param name="BodyTimeout">Time in which a whole body must arrive.</param>
/// <param name="BodyBytesInFlight">Bytes of all bodies under way.</param>
/// <param name="BodyBytesOfAUser">Bytes of one user's bodies under way.</param>
/// <param name="Concurrent">Requests of one user that are served at once.</param>
internal sealed record RequestBounds(long MaxBodyBytes, TimeSpan BodyTimeout, long BodyBytesInFlight, long BodyBytesOfAUser, int Concurrent);
