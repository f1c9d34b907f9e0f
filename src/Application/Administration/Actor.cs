namespace AiGateway.Application.Administration;

/// <summary>The author of an administrative change.</summary>
/// <param name="UserId">The administrator; null: the operator on the machine of the gateway.</param>
/// <param name="ApiKeyId">The key in use; null for a JWT and for the operator.</param>
/// <param name="Scopes">Rights of the actor, which are also the rights it may give.</param>
/// <param name="RequestId">The HTTP request; null for the operator.</param>
public sealed record Actor(Guid? UserId, Guid? ApiKeyId, IReadOnlyList<string> Scopes, Guid? RequestId)
{
    /// <summary>The operator who runs a sub-command. Access to the database implies every right.</summary>
    public static readonly Actor Operator = new(null, null, Domain.Scopes.All, null);
}
