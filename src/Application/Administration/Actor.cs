namespace AiGateway.Application.Administration;

/// <summary>Who makes an administrative change.</summary>
/// <param name="UserId">The administrator; null: the operator, at the gateway's own machine.</param>
/// <param name="ApiKeyId">The key in use; null for a JWT and for the operator.</param>
/// <param name="Scopes">What the actor may do, and so may allow others to do.</param>
/// <param name="RequestId">The HTTP request; null for the operator.</param>
public sealed record Actor(Guid? UserId, Guid? ApiKeyId, IReadOnlyList<string> Scopes, Guid? RequestId)
{
    /// <summary>Whoever runs a sub-command of the program: they have the database, and so every right.</summary>
    public static readonly Actor Operator = new(null, null, Domain.Scopes.All, null);
}
