using AiGateway.Domain;

namespace AiGateway.Application.Administration;

/// <summary>A request of an administrator.</summary>
internal interface IAdministration
{
    /// <summary>The administrator.</summary>
    Actor By { get; }
}

/// <summary>
/// A request that an administrator of a team may make as well. All other requests of the administration are refused to it.
/// A request that lists things has no targets; its store reads only what is within <see cref="Actor.Reach"/>.
/// </summary>
internal interface IWithinTeam : IAdministration
{
    /// <summary>What the request names. Each must belong to the team.</summary>
    IEnumerable<TeamTarget> Targets { get; }
}

/// <summary>What a request names.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Id">Its id.</param>
internal sealed record TeamTarget(ScopeKind Kind, Guid Id)
{
    /// <summary>The member of the body that names it; null: the path of the request does.</summary>
    public string? Field { get; init; }

    /// <summary>Whether the change could widen the limits of the target. A key must not do that for itself.</summary>
    public bool IsWidened { get; init; }

    /// <summary>Whether the reply has the secret of the target. Its holder can act as the user.</summary>
    public bool GivesSecret { get; init; }

    /// <summary>A target that the body names, when it does.</summary>
    public static IEnumerable<TeamTarget> Named(ScopeKind kind, Guid? id)
    {
        if (id is { } given) yield return new TeamTarget(kind, given) { Field = kind.ToField() };
    }

    /// <summary>The answer for a target that does not exist, in the words of the handlers and stores.</summary>
    public AiGatewayException Missing() =>
        Field is null ? MissingTarget.Of(Kind, Id) : new InvalidRequestException(Field, $"there is no {Kind.ToName()} {Id}");
}
