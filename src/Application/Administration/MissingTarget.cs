using AiGateway.Domain;

namespace AiGateway.Application.Administration;

/// <summary>The failure of a request whose path names what does not exist.</summary>
internal static class MissingTarget
{
    /// <summary>The failure, which names the id.</summary>
    public static AiGatewayException Of(ScopeKind kind, Guid id) => new(ErrorCode.NotFound, $"There is no {kind.ToName()} {id}.");
}
