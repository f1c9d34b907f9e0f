namespace AiGateway.Infrastructure.Persistence;

/// <summary>The result of the first start on an empty database.</summary>
/// <param name="UserId">The administrator.</param>
/// <param name="UserName">Its name.</param>
/// <param name="KeyPrefix">The part of its key that may be shown.</param>
/// <param name="Secret">The key, to be shown this once; null when it was given by configuration.</param>
public sealed record FirstStartResult(Guid UserId, string UserName, string KeyPrefix, string? Secret);
