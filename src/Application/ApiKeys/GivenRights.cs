using AiGateway.Application.Administration;
using AiGateway.Domain;

namespace AiGateway.Application.ApiKeys;

/// <summary>Rights that come with the secret of a key.</summary>
internal static class GivenRights
{
    /// <summary>
    /// An actor cannot give scopes it lacks. Otherwise a key for administration alone could create one that spends.
    /// </summary>
    /// <exception cref="AiGatewayException"><see cref="ErrorCode.PermissionDenied"/>: it lacks one.</exception>
    public static void RequireRights(this Actor by, IEnumerable<string> scopes)
    {
        var missing = string.Join(", ", scopes.Where(scope => !Scopes.Give(by.Scopes, scope)).Distinct());
        if (missing.Length == 0) return;
        throw new AiGatewayException(
            ErrorCode.PermissionDenied,
            $"Your key or token lacks the scope {missing}, so it cannot make a key with it. Use a key that has {missing}, or leave it out of scopes.");
    }
}
