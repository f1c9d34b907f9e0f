using AiGateway.Domain;

namespace AiGateway.Application.Administration;

/// <summary>
/// The author of an administrative change. Every port method that makes one takes the actor, and writes a row of the audit
/// log in the transaction of the change.
/// </summary>
/// <param name="UserId">The administrator; null: the system, that is a sub-command or the start.</param>
/// <param name="Via">How the actor reached the gateway.</param>
/// <param name="ApiKeyId">The key in use, or that signed in to the console; null: there is none.</param>
/// <param name="Scopes">Rights of the actor, which are also the rights it may give.</param>
/// <param name="RequestId">The HTTP request; null for the system.</param>
public sealed record Actor(Guid? UserId, ActorVia Via, Guid? ApiKeyId, IReadOnlyList<string> Scopes, Guid? RequestId)
{
    /// <summary>The operator who runs a sub-command. Access to the database implies every right.</summary>
    public static readonly Actor Operator = new(null, ActorVia.Cli, null, Domain.Scopes.All, null);

    /// <summary>The gateway itself, when it starts on an empty database.</summary>
    public static readonly Actor Start = new(null, ActorVia.Start, null, Domain.Scopes.All, null);

    /// <summary>The team of the path of the key or token; null: none.</summary>
    public Guid? TeamId { get; init; }

    /// <summary>What the actor may see and change.</summary>
    public AdminReach Reach => AdminReach.Of(Scopes, TeamId);
}
